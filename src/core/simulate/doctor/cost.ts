import { type Duration, hour } from '../../base/index.ts';
import { eventRecords, eventsLabel, recorded } from '../../generate/index.ts';
import { type Expr, type MatrixSelector, metricNameOf, type VectorSelector, walk } from '../../promql/index.ts';
import type { RuleFile } from '../../rules/index.ts';
import type { EventFacts } from './facts.ts';

/** Samples that one evaluation touches. */
export interface Cost {
  /** With every window read from the raw counters, as Sloth and Pyrra do. */
  readonly raw: number;
  /** With the generated rules, their slow groups spread over the evaluations between. */
  readonly generated: number;
}

/** What evaluating an objective costs on this server: the raw windows by its own statistics, the generated rules by what they select. */
export function costOf(facts: EventFacts, windows: readonly Duration[], rules: RuleFile, interval: Duration): Cost {
  const perHour = [...facts.total, ...facts.counted].reduce((all, { samplesPerHour }) => all + samplesPerHour, 0);
  const raw = windows.reduce((all, window) => all + (perHour * window) / hour, 0);
  const names = new Set(
    rules.groups.flatMap((group) => group.rules.flatMap((rule) => (rule.kind === 'recording' ? [rule.record] : []))),
  );
  const seriesOf = seriesCounter(facts, names);
  const everyOf = distancesIn(rules, interval);
  const generated = rules.groups.reduce((all, group) => {
    const once = group.rules.reduce((sum, rule) => sum + samplesOf(rule.expr, seriesOf, everyOf), 0);
    return all + once * (interval / (group.interval ?? interval));
  }, 0);
  return { raw: Math.round(raw), generated: Math.round(generated) };
}

/** A recorded series is one, or one an instance, and of events one for each kind; a raw selector has the series that were found for it. */
function seriesCounter(facts: EventFacts, names: ReadonlySet<string>): (selector: VectorSelector) => number {
  const known = new Map<string, number>();
  for (const { selector, series } of [...facts.total, ...facts.counted]) {
    const name = metricNameOf(selector) ?? '';
    known.set(name, Math.max(known.get(name) ?? 0, ...series));
  }
  return (selector) => {
    const name = metricNameOf(selector) ?? '';
    if (names.has(name)) return (name.startsWith('instance:') ? facts.instances : 1) * kindsIn(selector);
    return known.get(name) ?? facts.instances;
  };
}

function kindsIn({ name, matchers }: VectorSelector): number {
  const isOne = matchers.some((matcher) => matcher.name === eventsLabel);
  return isOne || !eventRecords.has(name.replace('slo:raw_', 'slo:')) ? 1 : 2;
}

/** How far apart the samples of a series are: recorded ones come with their group's evaluations, raw ones are taken to be scraped as often as rules are evaluated. */
function distancesIn(rules: RuleFile, interval: Duration): (name: string) => number {
  const known = new Map<string, number>();
  for (const group of rules.groups) {
    for (const rule of group.rules) {
      if (rule.kind !== 'recording') continue;
      const every = group.interval ?? interval;
      known.set(rule.record, Math.min(known.get(rule.record) ?? every, every));
    }
  }
  return (name) => known.get(name) ?? interval;
}

function samplesOf(
  expr: Expr,
  seriesOf: (selector: VectorSelector) => number,
  everyOf: (name: string) => number,
): number {
  let samples = 0;
  walk(expr, (node, parents) => {
    if (node.kind === 'matrix') samples += seriesOf(node.selector) * samplesIn(node, everyOf);
    else if (node.kind === 'selector' && parents.at(-1)?.kind !== 'matrix') samples += seriesOf(node);
  });
  return samples;
}

function samplesIn({ range, selector }: MatrixSelector, everyOf: (name: string) => number): number {
  if (range.kind !== 'literal') return 1;
  const name = metricNameOf(selector) ?? '';
  if (oncePerPeriod.has(name)) return 1;
  return Math.max(1, Math.ceil((range.seconds * 1000) / everyOf(name)));
}

/** What a calendar period came to has a few samples at its end, however far a range reaches. */
const oncePerPeriod: ReadonlySet<string> = new Set([recorded.closedEvents]);
