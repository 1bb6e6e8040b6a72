import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { parseExpr } from '../../promql/index.ts';
import { Labels } from '../../series/index.ts';
import {
  type Alert,
  type Alerts,
  type AlertTiming,
  type FoundAlert,
  nextAlerts,
  noAlerts,
  worstState,
} from './alert.ts';
import { alertSamples } from './alert-samples.ts';
import { restoreAlerts } from './restore.ts';
import { alertsToSend, generatorUrl } from './send.ts';

const at = (minutes: number): Timestamp => timestamp(minutes * minute);

function found(...names: readonly string[]): readonly FoundAlert[] {
  return names.map((name) => ({ labels: Labels.of({ alertname: 'A', name }), annotations: new Map(), value: 1 }));
}

function timing(hold: number, keep = 0, limit = 0): AlertTiming {
  return { holdFor: duration(hold * minute), keepFiringFor: duration(keep * minute), limit };
}

/** Runs the machine over ticks a minute apart; each letter is a tick: `x` the condition holds, `.` it does not. */
function run(ticks: string, rule: AlertTiming): string {
  let alerts: Alerts = noAlerts;
  return [...ticks]
    .map((tick, minutes) => {
      const next = nextAlerts(alerts, tick === 'x' ? found('a') : [], at(minutes), rule);
      alerts = next.alerts;
      const [alert] = alerts.values();
      return alert === undefined ? '-' : alert.state.charAt(0);
    })
    .join('');
}

describe('the life of an alert', () => {
  test.each([
    ['without for it fires at once', '.xx..', timing(0), '-ffii'],
    ['for is counted from the first tick', 'xxxxx.', timing(3), 'pppffi'],
    ['for shorter than the interval fires at the second tick', 'xx', timing(0.25), 'pf'],
    ['a gap while pending starts over', 'xx.xxxx', timing(3), 'pp-pppf'],
    ['keep_firing_for bridges a gap', 'x..x...', timing(0, 2), 'ffffffi'],
    ['a new life after the end', 'xx.xx', timing(1), 'pfipf'],
    ['the end is kept for fifteen minutes', `x${'.'.repeat(18)}`, timing(0), `f${'i'.repeat(16)}--`],
  ])('%s', (_, ticks, rule, states) => {
    expect(run(ticks, rule)).toBe(states);
  });

  test('times are noted', () => {
    const rule = timing(1, 2);
    let alerts: Alerts = noAlerts;
    for (const [minutes, holds] of [true, true, true, false, false, false].entries()) {
      alerts = nextAlerts(alerts, holds ? found('a') : [], at(minutes), rule).alerts;
    }
    expect([...alerts.values()]).toMatchObject([
      { state: 'inactive', activeAt: at(0), firedAt: at(1), keepFiringSince: at(3), resolvedAt: at(5) },
    ]);
  });

  test('a longer `for` sends a firing alert back to pending', () => {
    const { alerts } = nextAlerts(noAlerts, found('a'), at(0), timing(0));
    const later = nextAlerts(alerts, found('a'), at(1), timing(5)).alerts;
    expect(worstState(later)).toBe('pending');
    expect([...later.values()][0]).not.toHaveProperty('firedAt');
  });

  test('two alerts with equal labels fail the rule and change nothing', () => {
    const { alerts } = nextAlerts(noAlerts, found('a'), at(0), timing(0));
    expect(nextAlerts(alerts, found('b', 'b'), at(1), timing(0))).toEqual({
      ok: false,
      alerts,
      message: 'vector contains metrics with the same labelset after applying alert labels',
    });
  });

  test('more alerts than the limit fail the rule and drop them all', () => {
    const next = nextAlerts(noAlerts, found('a', 'b', 'c'), at(0), timing(5, 0, 2));
    expect(next).toEqual({ ok: false, alerts: new Map(), message: 'exceeded limit of 2 with 3 alerts' });
  });
});

test('the machine keeps its laws whatever holds when', () => {
  const ticks = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c')), { maxLength: 40 });
  fc.assert(
    fc.property(ticks, fc.nat(4), fc.nat(4), (present, hold, keep) => {
      const rule = timing(hold, keep);
      let alerts: Alerts = noAlerts;
      for (const [minutes, names] of present.entries()) {
        const before = alerts;
        alerts = nextAlerts(before, found(...names), at(minutes), rule).alerts;
        for (const [key, alert] of alerts) check(alert, before.get(key), minutes, hold, keep, names);
        const active = [...alerts.values()].filter(({ state }) => state !== 'inactive');
        expect(names.length).toBeLessThanOrEqual(active.length);
      }
    }),
  );
});

function check(
  alert: Alert,
  before: Alert | undefined,
  minutes: number,
  hold: number,
  keep: number,
  names: readonly string[],
): void {
  const holds = names.includes(alert.labels.get('name'));
  const age = (at(minutes) - alert.activeAt) / minute;
  // A pending alert holds now and not yet long enough; a firing one has held long enough.
  if (alert.state === 'pending') expect(holds && age < hold).toBe(true);
  if (alert.state === 'firing') expect(hold <= age && alert.firedAt !== undefined).toBe(true);
  if (alert.state === 'firing' && !holds)
    expect((at(minutes) - (alert.keepFiringSince ?? Number.NaN)) / minute).toBeLessThan(keep);
  // Only what fired can end, and it ends at a tick at which it does not hold.
  if (alert.state === 'inactive' && before?.state !== 'inactive') {
    expect(before?.state === 'firing' && !holds && alert.resolvedAt === at(minutes)).toBe(true);
  }
}

test('what is written about alerts', () => {
  const { alerts } = nextAlerts(noAlerts, found('a'), timestamp(90_500), timing(5));
  const samples = alertSamples('A', Labels.of({ severity: 'page', gone: '{{ $labels.x }}' }), alerts);
  expect(samples.map(({ labels, value }) => `${labels} ${value}`)).toEqual([
    'ALERTS{alertname="A", alertstate="pending", gone="{{ $labels.x }}", name="a", severity="page"} 1',
    'ALERTS_FOR_STATE{alertname="A", gone="{{ $labels.x }}", name="a", severity="page"} 90',
  ]);
});

test('an alert is sent when it fires, after more than the resend delay, and when it has ended', () => {
  const options = { interval: minute, resendDelay: minute };
  let alerts: Alerts = noAlerts;
  const sent: string[] = [];
  for (const [minutes, tick] of [...'.xxxxx...'].entries()) {
    alerts = nextAlerts(alerts, tick === 'x' ? found('a') : [], at(minutes), timing(1)).alerts;
    const told = alertsToSend(alerts, at(minutes), options);
    alerts = told.alerts;
    for (const { startsAt, endsAt, resolved } of told.notices) {
      sent.push(`${minutes}: ${startsAt / minute}-${endsAt / minute}${resolved ? ' resolved' : ''}`);
    }
  }
  expect(sent).toEqual(['2: 2-6', '4: 2-8', '6: 2-6 resolved', '8: 2-6 resolved']);
});

test('the link back to the expression is escaped', () => {
  const expr = parseExpr('up{job="a b"} == 0');
  if (!expr.ok) throw new Error('it parses');
  expect(generatorUrl('http://localhost:9090', expr.value)).toBe(
    'http://localhost:9090/graph?g0.expr=up%7Bjob%3D%22a+b%22%7D+%3D%3D+0&g0.tab=1',
  );
});

describe('after a restart', () => {
  const rule = {
    kind: 'alerting',
    alert: 'A',
    expr: { kind: 'number', value: 1, asDuration: false, span: { start: 0, end: 0 } },
    holdFor: duration(30 * minute),
    keepFiringFor: duration(0),
    labels: new Map(),
    annotations: new Map(),
  } as const;

  test.each([
    ['downtime does not count as time held', 100, 110, 120, 110],
    ['what fired before fires again at the next tick', 60, 110, 120, 60],
    ['what would fire soon waits for the grace period', 85, 110, 120, 100],
    ['an outage longer than an hour forgets', 0, 40, 120, undefined],
  ])('%s', (_, activeMinutes, lastMinutes, nowMinutes, restoredMinutes) => {
    const { alerts } = nextAlerts(noAlerts, found('a'), at(nowMinutes), timing(30));
    const labels = Labels.of({ __name__: 'ALERTS_FOR_STATE', alertname: 'A', name: 'a' });
    const stored = {
      labels,
      timestamps: Float64Array.of(at(lastMinutes)),
      values: Float64Array.of((activeMinutes * minute) / 1000),
    };
    const options = { outageTolerance: duration(60 * minute), gracePeriod: duration(10 * minute) };
    const [restored] = restoreAlerts(alerts, [stored], rule, at(nowMinutes), options).values();
    expect(restored?.activeAt).toBe(restoredMinutes === undefined ? at(nowMinutes) : at(restoredMinutes));
  });
});
