import { type Duration, duration, formatDuration, minute } from '../../base/index.ts';
import type { SlothNames, SlothQuery } from '../../formats/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { justUnder, mostSamples } from '../levels.ts';
import { badOnly, recorded, totalOnly, windowLabel } from '../names.ts';
import { record } from '../rules/record.ts';
import type { Events } from './event-groups.ts';
import { overWindow } from './sloth-query.ts';

const { call, compare, divide, range, selector, sum } = build;

const shortestStep = 5 * minute;

/**
 * How the events of a query are recorded that is no sum of counters: over steps that follow one another, and of these the sums over the
 * period. A query that gives a share without its events cannot be weighted: of it the mean over time remains, without what is no number.
 */
export function queryEvents({ service, slo, query }: SlothNames, period: Duration): Events {
  const step = duration(Math.ceil(period / mostSamples / shortestStep) * shortestStep);
  const own = { service, slo };
  const stepped = { ...own, [windowLabel]: formatDuration(step) };
  const periodSum = (kind: build.Conditions): Expr => sum(selector(recorded.periodEvents, { ...own, ...kind }));
  const group = { name: `nines-${service}-${slo}`, interval: step, labels: new Map<string, string>() };
  const over = (name: string, fold: string): Expr => call(fold, range(selector(name, stepped), justUnder(period)));
  const unknown = (): never => {
    throw new RangeError('the windows of a kept query are not recorded');
  };
  const rules = ruleOf(query, step, stepped, own, over);
  switch (query.kind) {
    case 'events':
      return {
        groups: [{ ...group, rules }],
        periodComment: 'Weighted by what the queries count, where Sloth has the mean of the ratios of five minutes.',
        badIn: unknown,
        errorRatioIn: () => divide(call('clamp_min', periodSum(badOnly), 0), compare('>', periodSum(totalOnly), 0)),
        fillOf: unknown,
      };
    case 'raw':
      return {
        groups: [{ ...group, rules }],
        periodComment:
          'The mean over time, without what is no number: the query does not say of how many events it is a share.',
        badIn: unknown,
        errorRatioIn: () => sum(selector(recorded.periodErrorRatio, own)),
        fillOf: unknown,
      };
  }
}

type OwnLabels = Readonly<Record<string, string>>;

function ruleOf(
  query: SlothQuery,
  step: Duration,
  stepped: OwnLabels,
  own: OwnLabels,
  over: (name: string, fold: string) => Expr,
): readonly RecordingRule[] {
  const each = formatDuration(step);
  switch (query.kind) {
    case 'events':
      return [
        record(
          recorded.windowEvents,
          sum(overWindow(query.total, step)),
          { ...stepped, ...totalOnly },
          `What the queries count in ${each}, once in ${each}.`,
        ),
        record(recorded.windowEvents, sum(overWindow(query.errors, step)), { ...stepped, ...badOnly }),
        record(recorded.periodEvents, over(recorded.windowEvents, 'sum_over_time'), own, 'The same over the period.'),
      ];
    case 'raw': {
      // A share of nothing is no number, which a comparison leaves out.
      const share = compare('>=', call('clamp_min', sum(overWindow(query.errorRatio, step)), 0), 0);
      return [
        record(recorded.errorRatio, share, stepped, `The share in ${each}, once in ${each}.`),
        record(recorded.periodErrorRatio, over(recorded.errorRatio, 'avg_over_time'), own, 'Its mean over the period.'),
      ];
    }
  }
}
