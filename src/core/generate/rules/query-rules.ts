import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { overWindow, type QueriesIndicator } from '../../slo/index.ts';
import { underEveryName } from '../former-names.ts';
import { identityLabels, recorded } from '../names.ts';
import { record } from './record.ts';
import { recordedSliceRules, type Slices, slicePositionRules } from './slice-rules.ts';

const { aggregate, by, call, compare, divide, multiply, or, subtract, sum } = build;

/**
 * The slices of an objective whose queries are its own. Nothing is known of how they count, so that each is asked for the share of a whole
 * slice, as it stands, and the shares are what is summed up.
 */
export function queryRules(slices: Slices, indicator: QueriesIndicator): readonly RecordingRule[] {
  const own = identityLabels(slices.service, slices.slo);
  const share = call('clamp', badShare(slices, indicator), 0, 1);
  const comment =
    indicator.total === undefined
      ? 'What the query gives for the last slice, as the share of bad events. Of several series the worst counts.'
      : 'What the queries give for the last slice: the bad events by all. Absent where there are none.';
  return [
    ...slicePositionRules(slices),
    // A share of nothing is no number, which a comparison leaves out.
    record(recorded.queryErrors, compare('>=', share, 0), own, comment),
    ...recordedSliceRules(slices),
  ];
}

function badShare({ service, length }: Slices, { counts, events, total }: QueriesIndicator): Expr {
  const asked = (query: Expr): Expr => underEveryName(service, overWindow(query, length));
  if (total === undefined) {
    const worst = aggregate(counts === 'bad' ? 'max' : 'min', by(), asked(events));
    return counts === 'bad' ? worst : subtract(1, worst);
  }
  const all = sum(asked(total));
  // Where there are events, those of a kind that gives no series are none.
  const counted = or(sum(asked(events)), multiply(0, all));
  const share = divide(counted, compare('>', all, 0));
  return counts === 'bad' ? share : subtract(1, share);
}
