import { type Diagnostic, type Duration, duration, hour, minute, type Timestamp, timestamp } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { about } from '../codes.ts';
import type { Levels } from '../levels.ts';
import {
  alertChecks,
  apart,
  type Frame,
  figureChecks,
  longest,
  type Played,
  played,
  stretch,
  testOf,
} from './cases.ts';
import { compositeAt, compositeSubject, testedComposite } from './composite-subject.ts';
import type { Moment } from './moments.ts';
import { objectiveSubject } from './objective-subject.ts';
import type { Course, Subject } from './subject.ts';
import { type TestedObjective, testedObjective } from './tested-objective.ts';

/** The tests of a moment, which need rules whose clock is put forward to a little before it. */
export interface MomentTests {
  readonly begins: Timestamp;
  readonly tests: readonly YamlValue[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything fails from so long before the moment on, and so long all has been well before. */
const before: Duration = duration(10 * minute);
const after: Duration = duration(10 * minute);
/** Not as long as the rest, so that what is forgotten and what is not give different shares. */
const recovery: Duration = duration(15 * minute);
const longestOutage: Duration = duration(hour);

/**
 * Tests of what a moment changes: everything fails across it. What an exclusion takes out counts no more, and what a calendar period has lost
 * before its turn is forgotten, from the very evaluation on that follows from it.
 */
export function momentTests(service: Service, moment: Moment, frame: Frame): MomentTests {
  const { interval } = frame;
  const diagnostics: Diagnostic[] = [];
  // What has no tests at all has been told of.
  const known = moment.slos.flatMap((slo) => movableOf(service, slo, interval) ?? []);
  const grid = known.map((each) => each.grid).reduce(leastCommonMultiple, Number(interval));
  const begins = timestamp(Math.floor((moment.at - 2 * before) / grid) * grid);
  if (longestGrid < grid) {
    for (const { slo } of known)
      diagnostics.push(
        about(service, slo, 'generate/untested', `it is not tested how ${moment.what}: its steps are long`),
      );
    return { begins, tests: [], diagnostics };
  }
  const subjects = known.map((each) => each.subjectAt(begins));
  const tests = apart(subjects).map((batch) => acrossMoment(batch, { ...moment, begins }, frame));
  return { begins, tests, diagnostics };
}

const longestGrid = 2 * hour;

/** An objective that can be tested at any time. */
interface Movable {
  readonly slo: Slo;
  /** What time is divided into for it: its tests must begin where all of it does, as those of 1970 do. */
  readonly grid: number;
  readonly subjectAt: (begins: Timestamp) => Subject;
}

/** Undefined if the objective has no tests. */
function movableOf(service: Service, slo: Slo, interval: Duration): Movable | undefined {
  if (slo.indicator.kind !== 'composite') {
    const tested = testedObjective(service, slo, interval);
    if (typeof tested === 'string') return undefined;
    return { slo, grid: gridOf(tested), subjectAt: (begins) => objectiveSubject({ ...tested, begins }, []) };
  }
  const composite = testedComposite(service, slo, slo.indicator, interval);
  if (typeof composite === 'string') return undefined;
  const grids = [composite, ...composite.members.map(({ tested }) => tested)].map(gridOf);
  return {
    slo,
    grid: grids.reduce(leastCommonMultiple, 1),
    subjectAt: (begins) => compositeSubject(compositeAt(composite, begins)),
  };
}

function gridOf({ slo, levels }: Pick<TestedObjective, 'slo' | 'levels'>): number {
  const { coarseStep, periods }: Levels = levels;
  const slice = slo.measure.kind === 'events' ? levels.interval : slo.measure.length;
  return [coarseStep, slice, ...periods.map(({ steps }) => steps.length)].reduce(leastCommonMultiple, 1);
}

function leastCommonMultiple(a: number, b: number): number {
  const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));
  return (a / divisor(a, b)) * b;
}

/** All is well, everything fails across the moment, all is well again. */
function acrossMoment(
  subjects: readonly Subject[],
  { what, at, raises, begins }: Moment & { readonly begins: Timestamp },
  frame: Frame,
): YamlValue {
  const { interval } = frame;
  // The evaluation at the moment, or the first behind it, counts what was before.
  const last = Math.ceil((at - begins) / interval);
  const outage = raises ? Math.min(longestOutage, longest(subjects.map(({ length }) => length))) : after;
  const failing = (before + outage) / interval;
  const modes = [
    ...stretch(last + 1 - before / interval, 0),
    ...stretch(failing, 1),
    ...stretch(recovery / interval, 0),
  ];
  const course: Course = { modes, answers: modes.length, count: modes.length };
  const parts = played(
    subjects.map((subject) => ({ subject, course })),
    frame,
  );
  const end = course.count - 1;
  const checksOf = (one: Played): readonly YamlValue[] => [
    ...one.alerts.flatMap((alert) => alertChecks(alert, [last, end], frame)),
    ...[last, last + 1, end].flatMap((evaluation) => figureChecks(one, evaluation, frame)),
  ];
  return testOf(`${what} while everything fails`, parts, parts.flatMap(checksOf), frame).test;
}
