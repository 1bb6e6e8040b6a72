import { type Duration, hour } from '../../base/index.ts';
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
  const recorded = new Set(
    rules.groups.flatMap((group) => group.rules.flatMap((rule) => (rule.kind === 'recording' ? [rule.record] : []))),
  );
  const seriesOf = seriesCounter(facts, recorded);
  // The slow group is evaluated once a coarse step.
  const coarseStep = Math.max(interval, ...rules.groups.map((group) => group.interval ?? interval));
  const generated = rules.groups.reduce((all, group) => {
    const once = group.rules.reduce((sum, rule) => sum + samplesOf(rule.expr, seriesOf, interval, coarseStep), 0);
    return all + once * (interval / (group.interval ?? interval));
  }, 0);
  return { raw: Math.round(raw), generated: Math.round(generated) };
}

/** A recorded series is one, or one an instance; a raw selector has the series that were found for it. */
function seriesCounter(facts: EventFacts, recorded: ReadonlySet<string>): (selector: VectorSelector) => number {
  const known = new Map<string, number>();
  for (const { selector, series } of [...facts.total, ...facts.counted]) {
    const name = metricNameOf(selector) ?? '';
    known.set(name, Math.max(known.get(name) ?? 0, ...series));
  }
  return (selector) => {
    const name = metricNameOf(selector) ?? '';
    if (recorded.has(name)) return name.startsWith('instance:') ? facts.instances : 1;
    return known.get(name) ?? facts.instances;
  };
}

function samplesOf(
  expr: Expr,
  seriesOf: (selector: VectorSelector) => number,
  interval: number,
  coarseStep: number,
): number {
  let samples = 0;
  walk(expr, (node, parents) => {
    if (node.kind === 'matrix') samples += seriesOf(node.selector) * stepsIn(node, interval, coarseStep);
    else if (node.kind === 'selector' && parents.at(-1)?.kind !== 'matrix') samples += seriesOf(node);
  });
  return samples;
}

/** How often a series is recorded within a range; coarse increases come at every coarse step only. */
function stepsIn({ range, selector }: MatrixSelector, interval: number, coarseStep: number): number {
  if (range.kind !== 'literal') return 1;
  const every = (metricNameOf(selector) ?? '').includes('coarse') ? coarseStep : interval;
  return Math.max(1, Math.ceil((range.seconds * 1000) / every));
}
