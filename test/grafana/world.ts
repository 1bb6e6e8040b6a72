import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, duration, hour, minute, timestamp } from '../../src/core/base/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import { build, type Expr, selectorsOf, type VectorSelector } from '../../src/core/promql/index.ts';
import { recordHistory } from '../../src/core/rules/index.ts';
import { anchorScenario, readScenario, scenarioSeries, trueEvents } from '../../src/core/scenario/index.ts';
import {
  labelsPredicate,
  memorySource,
  metricName,
  type Series,
  type SeriesSource,
} from '../../src/core/series/index.ts';
import {
  type CompositeIndicator,
  type Condition,
  exclusionsOf,
  type Service,
  type Slo,
} from '../../src/core/slo/index.ts';
import { readValue } from '../server/world.ts';
import { shop } from './boards.ts';

/** A service that has lived for a while: what its rules recorded, and what truly happened. */
export interface World {
  readonly service: Service;
  /** What truly happened to an objective on events, from an instant (excluded) to another. */
  readonly happened: (slo: Slo, window: { readonly from: number; readonly to: number }) => Events;
  readonly raw: readonly Series[];
  /** The raw and the recorded series. */
  readonly series: readonly Series[];
  readonly source: SeriesSource;
  /** The first evaluation. */
  readonly begin: number;
  readonly now: number;
}

/** Scrapes and evaluations are made at whole minutes, so that an evaluation sees the scrape of its own instant. */
export const interval: Duration = minute;
export const options = { ...defaultGenerateOptions, interval };

/** 2026-11-21 07:00 UTC. */
const now = timestamp(1_795_244_400_000);
/** Less than the longest period, so that there is an objective that has not seen all of its own. */
const lived = duration(40 * hour);

export async function liveThrough(): Promise<World> {
  const name = join('test', 'grafana', 'testdata', 'scenario.yaml');
  const scenario = anchorScenario(readValue(readScenario({ name, text: readFileSync(name, 'utf8') })), now);
  const begin = timestamp(now - lived);
  const raw = scenarioSeries(scenario, { from: begin, to: now, interval });
  const rules = generateRules(shop, options);
  const { series, failures } = await recordHistory(rules.file, memorySource(raw), { from: begin, to: now, interval });
  if (0 < failures.length) throw new Error(failures.map(({ message }) => message).join('\n'));
  const all = [...raw, ...series];
  const happened: World['happened'] = (slo, { from, to }) =>
    trueEvents(scenario, slo, { from: timestamp(from), to: timestamp(to), interval });
  return { service: shop, happened, raw, series: all, source: memorySource(all), begin, now };
}

export interface Events {
  readonly bad: number;
  readonly total: number;
}

/** What happened after `from` and up to `to`, but for what is excluded. */
export function eventsOf(world: World, slo: Slo, from: number, to: number): Events {
  const all = rawEventsOf(world, slo, from, to);
  return exclusionsOf(world.service, slo).reduce((rest, { when }) => {
    if (when.kind !== 'once') return never();
    const [begin, end] = [Math.max(from, Date.parse(when.from)), Math.min(to, Date.parse(when.to))];
    if (end <= begin) return rest;
    const excluded = rawEventsOf(world, slo, begin, end);
    return { bad: rest.bad - excluded.bad, total: rest.total - excluded.total };
  }, all);
}

/** What happened at all, straight from the scenario, or for conditions from what its gauges showed. */
export function rawEventsOf(world: World, slo: Slo, from: number, to: number): Events {
  const since = Math.max(from, world.begin);
  const { indicator } = slo;
  if (indicator.kind === 'condition') return slicesOf(world, indicator.condition, since, to);
  if (indicator.kind === 'composite') return jointly(world, indicator, since, to);
  return world.happened(slo, { from: since, to });
}

/** All events of the members, and so many bad ones as make up the mean of their error ratios by weight. */
function jointly(world: World, { combine, members }: CompositeIndicator, from: number, to: number): Events {
  if (combine !== 'weighted') return never();
  const parts = members.map(({ slo: name, weight }) => {
    const member = world.service.slos.find((one) => one.name === name);
    return { weight, ...(member === undefined ? never() : eventsOf(world, member, from, to)) };
  });
  const total = sum(parts.map((part) => part.total));
  const weights = sum(parts.map(({ weight }) => weight));
  return { bad: (total * sum(parts.map((part) => (part.weight * part.bad) / part.total))) / weights, total };
}

/** The slice of an evaluation is closed by the next one. */
function slicesOf(world: World, condition: Condition, from: number, to: number): Events {
  let bad = 0;
  let total = 0;
  for (let time = Math.max(from, world.begin + minute); time <= to; time += minute) {
    const holds = time === from ? undefined : holdsAt(world, condition, time - minute);
    if (holds === undefined) continue;
    total += 1;
    if (!holds) bad += 1;
  }
  return { bad, total };
}

const held = new WeakMap<Condition, Map<number, boolean | undefined>>();

/** Whether a condition held at an evaluation; undefined where nobody could know. */
export function holdsAt(world: World, condition: Condition, time: number): boolean | undefined {
  const known = held.get(condition) ?? new Map<number, boolean | undefined>();
  held.set(condition, known);
  if (!known.has(time)) known.set(time, judge(world, condition, time));
  return known.get(time);
}

function judge(world: World, condition: Condition, time: number): boolean | undefined {
  switch (condition.kind) {
    case 'comparison': {
      const values = gaugesAt(world, condition.value, time).map(([, value]) => value);
      if (values.length === 0) return undefined;
      const { bound, operator } = condition;
      return values.every((value) => (operator === '<' ? value < bound : operator === '>=' ? bound <= value : never()));
    }
    case 'progress': {
      if (time - world.begin < condition.within) return undefined;
      const before = sum(gaugesAt(world, condition.counter, time - condition.within).map(([, value]) => value));
      return before < sum(gaugesAt(world, condition.counter, time).map(([, value]) => value));
    }
    case 'all': {
      const parts = condition.of.map((part) => holdsAt(world, part, time));
      if (parts.includes(false)) return false;
      return parts.includes(undefined) ? undefined : true;
    }
    default:
      return never();
  }
}

/** The series that a plain selector means, with the values that they showed, by the instance. */
export function gaugesAt(
  world: World,
  expr: Expr,
  time: number,
): readonly (readonly [instance: string, value: number])[] {
  const [selector] = selectorsOf(expr);
  if (selector === undefined || expr.kind !== 'selector') return never();
  return seriesOf(world, selector).flatMap((series) => {
    // Scrapes are a minute apart.
    const index = (time - (series.timestamps[0] ?? 0)) / minute;
    if (series.timestamps[index] !== time) return [];
    return [[series.labels.get('instance') ?? '', series.values[index] ?? Number.NaN] as const];
  });
}

const found = new WeakMap<VectorSelector, readonly Series[]>();

function seriesOf(world: World, selector: VectorSelector): readonly Series[] {
  const known = found.get(selector);
  if (known !== undefined) return known;
  const matches = labelsPredicate([{ name: metricName, operator: '=', value: selector.name }, ...selector.matchers]);
  const series = world.raw.filter(({ labels }) => matches(labels));
  found.set(selector, series);
  return series;
}

/** The same objective, but only of the series with a label. */
export function withLabel(slo: Slo, label: string, value: string): Slo {
  const { indicator } = slo;
  const add = (expr: Expr): Expr =>
    expr.kind === 'selector' ? build.withConditions(expr, { [label]: value }) : never();
  if (indicator.kind === 'ratio')
    return { ...slo, indicator: { ...indicator, events: add(indicator.events), total: add(indicator.total) } };
  return indicator.kind === 'distribution'
    ? { ...slo, indicator: { ...indicator, histogram: add(indicator.histogram) } }
    : never();
}

/** An objective on observations up to another bound. */
export function withBound(slo: Slo, below: number): Slo {
  return slo.indicator.kind === 'distribution' ? { ...slo, indicator: { ...slo.indicator, below } } : never();
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function never(): never {
  throw new Error('the test does not know the truth of that');
}
