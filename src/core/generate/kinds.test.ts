import { expect, test } from 'vitest';
import { day, duration, minute, ratio } from '../base/index.ts';
import { type Expr, parseExpr } from '../promql/index.ts';
import { printRuleFile } from '../rules/index.ts';
import {
  type Condition,
  type Indicator,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  workbookTiers,
} from '../slo/index.ts';
import { generateRules } from './index.ts';

/** One golden file for each kind of objective, to be read by people. */
const slices = { kind: 'slices', length: minute } as const;

test.each([
  ['comparison', { noData: 'bad', measure: slices, indicator: judged(atMost('queue_depth', 50)) }],
  [
    'compound',
    {
      measure: slices,
      indicator: judged({
        kind: 'all',
        of: [
          atMost('avg_over_time(queue_age_seconds[5m])', 30),
          { kind: 'progress', counter: expr('beats_total'), within: duration(5 * minute) },
          { kind: 'invariant', counter: expr('lost_total'), within: minute },
        ],
      }),
    },
  ],
  ['event-slices', { measure: { ...slices, sliceTarget: ratio(0.95) } }],
] satisfies readonly (readonly [string, Partial<Slo>])[])('%s', async (name, changes) => {
  const { file, diagnostics } = generateRules(serviceOf({ ...sloOf('99%'), name, title: name, ...changes }));
  expect(diagnostics).toEqual([]);
  await expect(printRuleFile(file)).toMatchFileSnapshot(`testdata/kinds/${name}.rules.yaml`);
});

function serviceOf(...slos: readonly Slo[]): Service {
  return { ...plainService, name: 'shop', title: 'Shop', owner: 'shop-team', job: 'shop', metrics: new Map(), slos };
}

/** An objective on events over six hours, so that a golden file holds no more than what its kind is about. */
function sloOf(text: string): Slo {
  const target = readTarget(text);
  if (!target.ok) throw new Error(text);
  const month = { kind: 'rolling', length: duration(30 * day) } as const;
  return {
    ...plainSlo,
    name: 'availability',
    title: 'Availability',
    indicator: { kind: 'ratio', counts: 'bad', events: expr('http_total{code=~"5.."}'), total: expr('http_total') },
    target: target.value,
    period: { kind: 'rolling', length: duration(day / 4) },
    alerts: workbookTiers(month, target.value)
      .slice(0, 1)
      .map((tier) => ({ ...tier, burnRate: 3 })),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
  };
}

function judged(condition: Condition): Indicator {
  return { kind: 'condition', condition };
}

function atMost(value: string, bound: number): Condition {
  return { kind: 'comparison', value: expr(value), operator: '<=', bound };
}

function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
