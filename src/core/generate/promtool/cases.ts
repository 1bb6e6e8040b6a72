import { type Duration, duration, formatDuration, hour, minute } from '../../base/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { type Checks, emptyCheck, figureCheck, firingCheck } from './checks.ts';
import { views } from './made-series.ts';
import { valuesOf, written } from './notation.ts';
import { type Expected, expectedOf, spellsOf } from './spells.ts';
import {
  type Course,
  type Expectations,
  looksAtTarget,
  type Mode,
  type Subject,
  withTarget,
  worldOf,
} from './subject.ts';

/** What the cases of a service have in common. */
export interface Frame {
  readonly service: string;
  /** The scrape job of its targets. */
  readonly job: string;
  readonly interval: Duration;
  /** How long a metric may be missing before that is told: that of the most patient objective. */
  readonly absentFor: Duration;
}

/** Recovery is waited for so long: the short windows of most alerts are over by then. */
const longestRecovery: Duration = duration(7 * hour);
/** A slow burn is waited for so long: a window of days that fills more slowly would take promtool minutes. */
const longestBurn: Duration = duration(3 * hour);

/** Test cases, and which alerts none of them raises. */
export interface Cases {
  readonly tests: readonly YamlValue[];
  readonly notes: readonly string[];
}

/** A case and what it expects. */
export interface Case {
  readonly test: YamlValue;
  readonly parts: readonly Played[];
}

/** Test cases of subjects: those that have no metric in common share theirs, as promtool takes its time for each evaluation of all rules. */
export function casesOf(subjects: readonly Subject[], frame: Frame): Cases {
  const cases = apart(subjects).flatMap((batch) => {
    const burning = batch.filter(({ slowModes }) => slowModes !== undefined);
    const missing = batch.filter(({ canBeMissing }) => canBeMissing);
    const besideTarget = missing.filter((subject) => !looksAtTarget(subject, frame.job));
    const atTarget = missing.filter((subject) => looksAtTarget(subject, frame.job));
    return [
      incident(batch, frame),
      ...(0 < burning.length ? slowBurn(burning, frame) : []),
      ...(0 < besideTarget.length ? [missingData(besideTarget, frame)] : []),
      ...(0 < atTarget.length ? [missingTarget(atTarget, frame)] : []),
    ];
  });
  return { tests: cases.map(({ test }) => test), notes: unraised(cases.flatMap(({ parts }) => parts)) };
}

/** The alerts that are silent in all cases, or of which nothing can be said. */
function unraised(parts: readonly Played[]): readonly string[] {
  const names = new Map<string, boolean>();
  for (const { subject, alerts } of parts) {
    for (const { alert, expected = [] } of alerts) {
      if (alert.isBystander === true) continue;
      const { alertname = '', severity, window, reason } = alert.labels;
      const which = [severity, window === undefined ? undefined : `over ${window}`, reason].filter(Boolean).join(' ');
      const name = `${subject.name}: ${alertname} (${which})`;
      names.set(name, names.get(name) === true || expected.some(({ fires }) => fires));
    }
  }
  return [...names].flatMap(([name, isRaised]) => (isRaised ? [] : [name]));
}

/** Puts each subject into the first batch that reads none of its metrics. */
export function apart(subjects: readonly Subject[]): readonly (readonly Subject[])[] {
  const batches: { readonly subjects: Subject[]; readonly metrics: Set<string> }[] = [];
  for (const subject of subjects) {
    let batch = batches.find(({ metrics }) => subject.metrics.every((metric) => !metrics.has(metric)));
    if (batch === undefined) {
      batch = { subjects: [], metrics: new Set() };
      batches.push(batch);
    }
    batch.subjects.push(subject);
    for (const metric of subject.metrics) batch.metrics.add(metric);
  }
  return batches.map((batch) => batch.subjects);
}

/** All is well, then everything fails for a while, then all is well again: every alert that this reaches fires and resolves. */
function incident(subjects: readonly Subject[], frame: Frame): Case {
  const { interval } = frame;
  const length = longest(subjects.map((subject) => subject.length));
  const before = quietBefore(subjects, frame);
  const during = length / interval;
  const play = (after: number): readonly Played[] => {
    const modes = [...stretch(before + 1, 0), ...stretch(during, 1), ...stretch(after, 0)];
    const course = { modes, answers: modes.length, count: modes.length };
    return played(
      subjects.map((subject) => ({ subject, course })),
      frame,
    );
  };
  const whole = play(longestRecovery / interval);
  const end = Math.max(before + during + 1, ...whole.flatMap(({ alerts }) => alerts.map(lastOf)));
  const final = play(end - before - during);
  const checks = final.flatMap((one) => [
    ...wellChecks(one, before, frame),
    ...one.alerts.flatMap((alert) => alertChecks(alert, [before + during, end], frame)),
    ...figureChecks(one, end, frame),
  ]);
  const what = `${whatFails(subjects)} for ${formatDuration(length)}, then all is well again`;
  return testOf(what, final, checks, frame);
}

function whatFails(subjects: readonly Subject[]): string {
  const [first = '', ...others] = new Set(subjects.map((subject) => subject.incident));
  return others.length === 0 ? first : 'each of them fails';
}

/** Errors just below what the fastest alert asks for: the slower ones fire one after the other, and it stays silent. */
function slowBurn(subjects: readonly Subject[], frame: Frame): readonly Case[] {
  const { interval } = frame;
  const before = quietBefore(subjects, frame);
  const play = (of: readonly Subject[], length: number): readonly Played[] =>
    played(
      of.map((subject) => {
        const modes = [...stretch(before + 1, 0), ...(subject.slowModes?.(length) ?? [])];
        return { subject, course: { modes, answers: modes.length, count: modes.length } };
      }),
      frame,
    );
  const whole = play(subjects, longestBurn / interval);
  const burning = whole.filter(({ alerts }) => alerts.some(({ expected }) => 0 < (expected?.length ?? 0)));
  if (burning.length === 0) return [];
  const begins = burning.flatMap(({ alerts }) => alerts.map(({ expected = [] }) => beginningOf(expected).at(-1)));
  const end = Math.max(...begins.map((each) => each?.evaluation ?? 0)) + 1;
  const final = play(
    burning.map(({ subject }) => subject),
    end - before,
  );
  const checks = final.flatMap(({ alerts }) =>
    alerts.flatMap((alert) =>
      alertChecks({ ...alert, ...(alert.expected && { expected: beginningOf(alert.expected) }) }, [end], frame),
    ),
  );
  const [first = '', ...others] = new Set(burning.map(({ subject }) => subject.slowBurn ?? ''));
  const what = others.length === 0 ? first : 'each burns more slowly than its fastest alert asks for';
  return [testOf(`${what}, and go on`, final, checks, frame)];
}

/** The moment at which an alert begins to fire, without its end. */
function beginningOf(expected: readonly Expected[]): readonly Expected[] {
  const first = expected.findIndex(({ fires }) => fires);
  return expected.slice(0, first + 1);
}

/** Nobody asks for anything: that is no outage. Then the metrics are gone, then their target: nobody knows, and alerts say so. */
function missingData(subjects: readonly Subject[], frame: Frame): Case {
  const hasTraffic = subjects.some((subject) => subject.hasTraffic);
  const modes = [
    ...stretch(quietBefore(subjects, frame) + 1, 0),
    ...(hasTraffic ? stretch((30 * minute) / frame.interval, 'silent') : []),
  ];
  const told = toldAfter(frame);
  const course = { modes, answers: modes.length + told, count: modes.length + 2 * told };
  const what = `${hasTraffic ? 'there is no traffic, then ' : ''}there are no series, then there is no target`;
  return goneCase(what, subjects, course, frame);
}

/** The series that are looked at are those of the target, so all is gone at once. */
function missingTarget(subjects: readonly Subject[], frame: Frame): Case {
  const modes = stretch(quietBefore(subjects, frame) + 1, 0);
  const course = { modes, answers: modes.length, count: modes.length + toldAfter(frame) };
  return goneCase('there is no target', subjects, course, frame);
}

function quietBefore(subjects: readonly Subject[], { interval }: Frame): number {
  return longest(subjects.map((subject) => subject.quiet)) / interval;
}

/** After so many evaluations it is told that something is missing. */
function toldAfter({ absentFor, interval }: Frame): number {
  return Math.ceil(absentFor / interval) + 3;
}

function goneCase(what: string, subjects: readonly Subject[], course: Course, frame: Frame): Case {
  const final = played(
    subjects.map((subject) => ({ subject, course })),
    frame,
  );
  const silent = course.modes.length - 1;
  const checks = final.flatMap((one) => [
    ...one.alerts.flatMap((alert) => alertChecks(alert, [silent, course.count - 1], frame)),
    ...(one.subject.shareOfNothing ?? []).map(({ name, labels }) => emptyCheck(name, labels, silent, frame)),
  ]);
  return testOf(what, final, checks, frame);
}

/** A subject in a case. */
export interface Played {
  readonly subject: Subject;
  readonly course: Course;
  readonly alerts: readonly PlayedAlert[];
  readonly expectations: readonly Expectations[];
}

/** An alert in a case. */
export interface PlayedAlert {
  readonly alert: Expectations['alerts'][number];
  /** What can be said of it; nothing where views differ in more than moments. */
  readonly expected?: readonly Expected[];
}

/** What each subject expects of its course, in every view. */
export function played(
  parts: readonly { readonly subject: Subject; readonly course: Course }[],
  { interval, job }: Frame,
): readonly Played[] {
  return parts.map(({ subject, course }) => {
    const series = withTarget(subject.series(course), job, course);
    const expectations = views.map((view) => subject.expect(course, worldOf(series, interval, view)));
    const alerts = (expectations[0]?.alerts ?? []).map((alert, index): PlayedAlert => {
      const spells = expectations.map(({ alerts: seen }) => {
        const one = seen[index] ?? alert;
        return spellsOf(one.isActive, course.count, { ...one, interval });
      });
      const expected = expectedOf(spells, course.count);
      return { alert, ...(expected !== undefined && { expected }) };
    });
    return { subject, course, alerts, expectations };
  });
}

/** When something is last expected of an alert. */
function lastOf({ expected = [] }: PlayedAlert): number {
  return Math.max(0, ...expected.map(({ evaluation }) => evaluation));
}

/** Before anything goes wrong nothing fires, and there are no errors. */
function wellChecks(one: Played, evaluation: number, frame: Checks): readonly YamlValue[] {
  return [
    ...one.alerts.map(({ alert }) => firingCheck(alert, evaluation, false, frame)),
    ...figureChecks(one, evaluation, frame),
  ];
}

/** When an alert must fire and when it must not; one that never does is silent at some moments. */
export function alertChecks(
  { alert, expected }: PlayedAlert,
  silent: readonly number[],
  frame: Checks,
): readonly YamlValue[] {
  if (expected === undefined) return [];
  const moments = 0 < expected.length ? expected : silent.map((evaluation) => ({ evaluation, fires: false }));
  return moments.map(({ evaluation, fires }) => firingCheck(alert, evaluation, fires, frame));
}

/** The figures at an evaluation, where they are the same in every view. */
export function figureChecks({ expectations }: Played, evaluation: number, frame: Checks): readonly YamlValue[] {
  const [one, ...others] = expectations;
  return (one?.figures ?? []).flatMap((figure, index) => {
    const value = figure.value(evaluation);
    const isSame = others.every(({ figures }) => figures[index]?.value(evaluation) === value);
    return value === undefined || !isSame ? [] : [figureCheck(figure, value, evaluation, frame)];
  });
}

/** One test: the series of its subjects, and what must hold. */
export function testOf(
  what: string,
  parts: readonly Played[],
  checks: readonly YamlValue[],
  { service, job, interval }: Frame,
): Case {
  const [first] = parts;
  const last = Math.max(...parts.map(({ course }) => course.count)) - 1;
  const own = parts.flatMap(({ subject, course }) => subject.series(course));
  const series = first === undefined ? own : withTarget(own, job, first.course);
  const test = {
    name: `${service}/${parts.map(({ subject }) => subject.name).join(', ')}: ${what}`,
    interval: formatDuration(interval),
    input_series: series.map((each) => ({ series: written(each), values: valuesOf(each, last) })),
    promql_expr_test: checks,
  };
  return { test, parts };
}

/** So many evaluations at which the same goes on. */
export function stretch(count: number, mode: Mode): readonly Mode[] {
  return Array.from({ length: count }, () => mode);
}

/** The longest of some lengths. */
export function longest(lengths: readonly Duration[]): Duration {
  return duration(Math.max(0, ...lengths));
}
