import { describe, expect, test } from 'vitest';
import { commandLine, ours } from './command-line.ts';

const { nines, write } = commandLine();

describe('nines diff', () => {
  test('says nothing of definitions that mean the same, in whatever format', async () => {
    expect(await nines(['diff', 'slo.yaml', 'sloth.yml'])).toEqual({ code: 0, output: '', errors: '' });
  });

  test('says what changes in meaning', async () => {
    await write(
      'new.yaml',
      ours
        .replace(
          '99.9%',
          '99.5%\n    period: 28d\n    noData: bad\n    alerts: [{ severity: page, long: 1h, short: 5m, burn: 13.44, for: 2m }]',
        )
        .replace('5..', '5..|429'),
    );
    const { code, output } = await nines(['diff', 'slo.yaml', 'new.yaml']);
    expect(code).toBe(1);
    expect(output).toMatchInlineSnapshot(`
      "shop/availability: target 99.9% -> 99.5%
      shop/availability: period 30d -> 4w
      shop/availability: indicator bad http_requests_total{code=~"5.."} of http_requests_total -> bad http_requests_total{code=~"5..|429"} of http_requests_total
      shop/availability: page burn rate (1h and 5m) 14.4 -> 13.44
      shop/availability: page threshold (1h and 5m) 1.44 % -> 6.72 %
      shop/availability: page for (1h and 5m) 0s -> 2m
      shop/availability: page alert removed: above 0.6 % in 6h and 30m
      shop/availability: ticket alert removed: above 0.3 % in 1d and 2h
      shop/availability: ticket alert removed: above 0.1 % in 3d and 6h
      shop/availability: noData unknown -> bad
      "
    `);
    const json = await nines(['diff', 'slo.yaml', 'new.yaml', '--format', 'json']);
    expect(JSON.parse(json.output).differences[0]).toEqual({
      service: 'shop',
      slo: 'availability',
      aspect: 'target',
      before: '99.9%',
      after: '99.5%',
    });
  });

  test('names objectives that came, went or have another name', async () => {
    await write('new.yaml', ours.replace('  availability:', '  success:'));
    expect((await nines(['diff', 'slo.yaml', 'new.yaml'])).output).toBe(
      'shop/availability: name availability -> success\n',
    );
    await write('more.yaml', `${ours}  second:\n${ours.split('availability:\n')[1]?.replace('99.9%', '95%')}`);
    expect((await nines(['diff', 'slo.yaml', 'more.yaml'])).output).toBe('shop/second: slo added: 95% over 30d\n');
    expect((await nines(['diff', 'more.yaml', 'slo.yaml'])).output).toBe('shop/second: slo removed: 95% over 30d\n');
  });

  test('ends with 2 where it cannot tell: for a definition with errors, and for one that is not there', async () => {
    await write('wrong.yaml', ours.replace('    total:', '    totl:'));
    expect((await nines(['diff', 'slo.yaml', 'wrong.yaml'])).code).toBe(2);
    expect((await nines(['diff', 'slo.yaml', 'nowhere.yaml'])).code).toBe(2);
  });
});

describe('nines diff of files of different formats', () => {
  const openslo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: depth }
spec:
  service: shop
  indicator: { metadata: { name: depth }, spec: { thresholdMetric: { metricSource: { type: Prometheus, spec: { query: max(queue_depth) } } } } }
  timeWindow: [{ duration: 1M, isRolling: false, calendar: { startTime: 2024-01-01 00:00:00, timeZone: Europe/Berlin } }]
  budgetingMethod: Timeslices
  objectives: [{ op: lt, value: 50, target: 0.99, timeSliceTarget: 1, timeSliceWindow: 5m }]
`;
  const pyrra = `apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: { name: availability, labels: { pyrra.dev/service: shop } }
spec:
  target: '99.9'
  window: 30d
  indicator: { ratio: { errors: { metric: 'http_requests_total{code=~"5.."}' }, total: { metric: http_requests_total }, grouping: [handler] } }
`;

  test('says what changes in slices, conditions and calendars', async () => {
    await write('openslo.yaml', openslo);
    const mine = `apiVersion: nines/v1
service: shop
slos:
  depth: { target: 99.5% of 1m slices, condition: max(queue_depth) <= 60, period: calendar quarter, alerts: none, groupBy: [queue], role: secondary }
`;
    await write('mine.yaml', mine);
    const { code, output } = await nines(['diff', 'openslo.yaml', 'mine.yaml']);
    expect(code).toBe(1);
    expect(output).toMatchInlineSnapshot(`
      "shop/depth: target 99% of 5m slices -> 99.5% of 1m slices
      shop/depth: period calendar month in Europe/Berlin -> calendar quarter in UTC
      shop/depth: indicator max(queue_depth) < 50 -> max(queue_depth) <= 60
      shop/depth: groupBy added: queue
      shop/depth: role primary -> secondary
      "
    `);
  });

  test("says what changes in thresholds from Sloth's alerts to Pyrra's", async () => {
    await write('pyrra.yaml', pyrra);
    const { code, output } = await nines(['diff', 'sloth.yml', 'pyrra.yaml']);
    expect(code).toBe(1);
    expect(output).toMatchInlineSnapshot(`
      "shop/availability: page windows 1h and 5m -> 1h4m and 5m
      shop/availability: page burn rate (1h and 5m) 14.4 -> 14
      shop/availability: page threshold (1h and 5m) 1.44 % -> 1.4 %
      shop/availability: page for (1h and 5m) 0s -> 2m
      shop/availability: page windows 6h and 30m -> 6h26m and 32m
      shop/availability: page burn rate (6h and 30m) 6 -> 7
      shop/availability: page threshold (6h and 30m) 0.6 % -> 0.7 %
      shop/availability: page for (6h and 30m) 0s -> 16m
      shop/availability: ticket windows 1d and 2h -> 1d1h43m and 2h9m
      shop/availability: ticket burn rate (1d and 2h) 3 -> 2
      shop/availability: ticket threshold (1d and 2h) 0.3 % -> 0.2 %
      shop/availability: ticket for (1d and 2h) 0s -> 1h4m
      shop/availability: ticket windows 3d and 6h -> 4d6h51m and 6h26m
      shop/availability: ticket for (3d and 6h) 0s -> 3h13m
      shop/availability: groupBy added: handler
      shop/availability: absentFor 5m -> 3m
      "
    `);
  });
});
