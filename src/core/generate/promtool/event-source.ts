import { duration } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { countersOf } from '../counters.ts';
import type { Levels } from '../levels.ts';
import { type Counted, eventSlices } from './counted.ts';
import { badOf, eventSeries, madeEvents, type Naming } from './event-series.ts';
import { groupsOf } from './groups.ts';
import { type ObjectiveSource, type SourceGroup, sliceBudget, slicingOf } from './source.ts';
import { type Course, type Mode, placeOf } from './subject.ts';

/** Events that counters count, of which so many fail as a course says; a text says why there are none. */
export function eventSource(service: Service, slo: Slo, levels: Levels, naming: Naming): ObjectiveSource | string {
  const counters = countersOf(service, slo);
  if ('length' in counters) return 'it has no rules';
  if (slo.indicator.kind === 'distribution' && counters.counted.some(({ isFractional }) => isFractional))
    return 'promtool 2.42 has no notation for native histograms';
  const selectors = [...counters.total, ...counters.counted].map(({ selector }) => selector);
  const found = groupsOf(service, slo, selectors, (group) =>
    eventSeries(service, slo, counters, { ...placeOf(service.job), ...group }, naming),
  );
  if (found === undefined) return 'no labels were found that its selectors tell apart';
  const perEvaluation = eventsFor(slo);
  const { measure } = slo;
  const isGrouped = 0 < slo.groupBy.length;
  const groups = found.map(({ group, found: series }): SourceGroup => {
    const events = (course: Course): Counted => countedEvents(course, perEvaluation, isGrouped);
    return {
      labels: group,
      series: (course) => madeEvents(series, course, perEvaluation),
      counted: (course) =>
        measure.kind === 'events'
          ? events(course)
          : eventSlices(events(course), sliceBudget(measure, 0), slicingOf(service, slo, measure.length, levels, 0)),
      evidence:
        ({ modes }) =>
        (evaluation) =>
          evaluation < modes.length,
    };
  });
  const metrics = found.flatMap(({ found: series }) => series.map(({ name }) => name));
  return { groups, metrics: [...new Set(metrics)], reach: duration(0), hasTraffic: true };
}

/**
 * Every evaluation but the first knows what was counted since the one before. Events are known as long as targets answer and one evaluation
 * longer, those of a group as long as it has counters and one longer.
 */
function countedEvents({ modes, answers, count }: Course, perEvaluation: number, isGrouped: boolean): Counted {
  const known = (isGrouped ? modes.length : answers) + 1;
  const valuesOf = (of: (mode: Mode) => number): (number | undefined)[] =>
    Array.from({ length: count }, (_, evaluation) => {
      const mode = modes[evaluation];
      if (known <= evaluation) return undefined;
      return mode === undefined || evaluation === 0 ? 0 : of(mode);
    });
  return {
    total: valuesOf((mode) => (mode === 'silent' ? 0 : perEvaluation)),
    bad: valuesOf((mode) => badOf(mode, perEvaluation)),
  };
}

/** So many events in an evaluation that no minimum is in the way and that a slow burn has whole ones. */
function eventsFor({ target, minimumBadEvents, minimumEvents }: Slo): number {
  let events = 6000;
  const least = Math.max(60, 10 * minimumBadEvents);
  while (events * target.errorBudget < least / 10 || events < minimumEvents) events *= 10;
  return events;
}
