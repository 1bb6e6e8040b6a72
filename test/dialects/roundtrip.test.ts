import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, duration } from '../../src/core/base/index.ts';
import {
  type ExportTarget,
  printDefinition,
  readDefinitions,
  readServices,
  writeServices,
} from '../../src/core/formats/index.ts';
import { diffServices, pyrraAbsentFor, pyrraTiers, type Service, type Slo } from '../../src/core/slo/index.ts';

// Whatever both formats express is the same after a way there and back; what a format cannot express is told.

const word = fc.constantFrom('api', 'checkout', 'search-index', 'a', 'b2', 'media-platform', 'x-api');
const text = fc.constantFrom('One request in a thousand.', 'says "no" - # and: all', 'über\nzwei Zeilen', "it's 5m");
const job = fc.constantFrom('', 'job="web", ');
const pattern = fc.constantFrom('5..', '5..|429', '(4|5)[0-9]{2}', 'a\\\\.b', '.+"q"');
const percent = fc.constantFrom('99.9%', '99%', '95%', '50%', '99.995%', '99.97%', '80%');

const selector = fc.tuple(fc.constantFrom('http_requests_total', 'rpc:calls_total', 'jobs_total'), job);

const ratio = fc
  .tuple(fc.constantFrom('good', 'bad'), selector, pattern, fc.boolean())
  .map(([counts, [name, condition], code, twice]) => {
    const second = twice ? ` + more_${name.replace(':', '_')}{${condition}}` : '';
    const secondEvents = twice ? ` + more_${name.replace(':', '_')}{${condition}code=~"5.."}` : '';
    const quoted = code.replaceAll('"', '\\"');
    return {
      [counts]: `${name}{${condition}code=~"${quoted}"}${secondEvents}`,
      total: `${name}{${condition}}${second}`,
    };
  });
const distribution = fc
  .tuple(fc.constantFrom(0.25, 1, 20, 0.005, 2.5), job)
  .map(([below, condition]) => ({ histogram: `latency_seconds{${condition}size="s"}`, below }));

const alerts = fc.constantFrom<unknown>(
  undefined,
  'none',
  [{ severity: 'page', long: '2h', short: '10m', burn: 1.5, for: '2m' }],
  [
    { severity: 'page', long: '1h', burn: 1.2 },
    { severity: 'info', long: '3d', short: '6h', burn: 1 },
  ],
);

// Names that are no labels of any objective, and that nobody takes for the address of a runbook.
const words = fc.dictionary(fc.constantFrom('routing_key', 'pager', 'x'), fc.oneof(text, pattern), { maxKeys: 2 });
const wordsBySeverity = fc.record({ page: words, ticket: words }, { requiredKeys: [] });

const objective = fc
  .record({
    indicator: fc.oneof(ratio, distribution),
    target: percent,
    period: fc.constantFrom('7d', '28d', '30d', '90d', '14d'),
    description: fc.option(text, { nil: undefined }),
    title: fc.option(text, { nil: undefined }),
    runbook: fc.constantFrom(undefined, 'https://example.org/runbook#it'),
    alerts,
    alertLabels: wordsBySeverity,
    alertAnnotations: wordsBySeverity,
    noData: fc.constantFrom(undefined, 'bad', 'good'),
    minimumBadEvents: fc.constantFrom(undefined, 1, 10),
    absentFor: fc.constantFrom(undefined, '1h', '90s'),
    labels: fc.constantFrom(undefined, { tier: '1' }, { cluster: 'eu-1', version: '1.10' }),
  })
  .map(({ indicator, ...rest }) => ({ ...rest, ...indicator }));

/** A service that our own reader accepts. */
const service = fc
  .record({
    service: word,
    title: fc.option(text, { nil: undefined }),
    description: fc.option(text, { nil: undefined }),
    owner: fc.constantFrom(undefined, 'team-a', 'Data Team'),
    job: fc.constantFrom(undefined, 'scraped'),
    slos: fc.dictionary(word, objective, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
  })
  .map((input) => {
    const outcome = readDefinitions({ name: 'made', text: JSON.stringify({ apiVersion: 'nines/v1', ...input }) });
    return outcome.ok ? outcome.value[0] : undefined;
  })
  .filter((made) => made !== undefined);

/** What Sloth and Pyrra have a place for as well: our defaults for everything else. */
function withoutExtras({ description: _, ...given }: Service): Service {
  const plain: Service = {
    ...given,
    title: given.name,
    slos: given.slos.map(({ labels, name, indicator, target, description, runbook, alerts: said }) => ({
      ...objectiveAt(target.text),
      alerts: worded(objectiveAt(target.text).alerts, said),
      name,
      title: name,
      indicator,
      target,
      labels,
      ...(description === undefined ? {} : { description }),
      ...(runbook === undefined ? {} : { runbook }),
    })),
  };
  // Formats without a place for the scrape job take the one that all selectors name.
  return { ...plain, job: there([plain], 'sloth')[0]?.job ?? '' };
}

/** Alerts with the words that others say of their severities. */
function worded(tiers: Slo['alerts'], said: Slo['alerts']): Slo['alerts'] {
  return tiers.map((tier) => {
    const { labels, annotations } = said.find(({ severity }) => severity === tier.severity) ?? {};
    return { ...tier, ...(labels && { labels }), ...(annotations && { annotations }) };
  });
}

/** An objective with every default of ours. */
function objectiveAt(target: string): Slo {
  const slos = { a: { target, bad: 'x_total{a="b"}', total: 'x_total' } };
  const text = JSON.stringify({ apiVersion: 'nines/v1', service: 'a', slos });
  const outcome = readDefinitions({ name: 'default', text });
  const slo = outcome.ok ? outcome.value[0]?.slos[0] : undefined;
  if (slo === undefined) throw new Error('a definition of ours');
  return slo;
}

function there(services: readonly Service[], target: ExportTarget): readonly Service[] {
  const { text: written } = writeServices(services, target);
  const outcome = readServices({ name: target, text: written });
  if (!outcome.ok) throw new Error(`${outcome.diagnostics.map(({ message }) => message).join('\n')}\n${written}`);
  return outcome.value;
}

describe('there and back', () => {
  test('OpenSLO keeps everything but the catalogue', () => {
    fc.assert(
      fc.property(service, (given) => {
        expect(there([given], 'openslo')).toEqual([given]);
      }),
    );
  });

  test.each(['sloth', 'sloth-crd'] as const)('%s keeps what it has a place for', (target) => {
    fc.assert(
      fc.property(service, (any) => {
        const given = withoutExtras(any);
        expect(writeServices([given], target).diagnostics).toEqual([]);
        expect(there([given], target)).toEqual([given]);
      }),
    );
  });

  test('Pyrra keeps what it has a place for', () => {
    const periods = fc.constantFrom(7, 14, 28, 30);
    fc.assert(
      fc.property(service, periods, fc.boolean(), (any, days, alerted) => {
        const length = duration(days * day);
        const plain = withoutExtras(any);
        const slos = plain.slos.flatMap((slo): readonly Slo[] => {
          const { runbook: _, ...rest } = slo;
          const isSum = slo.indicator.kind === 'ratio' && slo.indicator.total.kind !== 'selector';
          if (isSum || (slo.indicator.kind === 'ratio' && slo.indicator.counts === 'good')) return [];
          const maximum = 1 / slo.target.errorBudget;
          const tiers = pyrraTiers(length).filter(({ burnRate }) => burnRate < maximum);
          const absentFor = pyrraAbsentFor(length, slo.target.errorBudget);
          // All alerts of an object are annotated alike.
          const { annotations } = slo.alerts[0] ?? {};
          const own = tiers.map((tier) => ({ ...tier, ...(annotations && { annotations }) }));
          return [{ ...rest, period: { kind: 'rolling', length }, absentFor, alerts: alerted ? own : [] }];
        });
        fc.pre(0 < slos.length);
        const job = there([{ ...plain, slos }], 'pyrra')[0]?.job ?? '';
        const given: Service = { ...plain, slos, job };
        expect(writeServices([given], 'pyrra').diagnostics).toEqual([]);
        const back = there([given], 'pyrra');
        expect(back).toEqual([given]);
      }),
    );
  });

  test.each(['sloth', 'sloth-crd', 'pyrra'] as const)(
    '%s keeps one name of all alerts, and says of several',
    (target) => {
      const definition = (names: string): readonly Service[] => {
        const own = target === 'pyrra' ? 'period: 28d, alerts: *four' : 'alerts: workbook';
        const tiers = pyrraTiers(duration(28 * day)).map(
          ({ severity, longWindow, shortWindow, burnRate, holdFor }) =>
            `{ severity: ${severity}, long: ${longWindow}ms, short: ${shortWindow}ms, burn: ${burnRate}, for: ${holdFor}ms }`,
        );
        const text = `apiVersion: nines/v1
service: shop
slos:
  web: { target: 95%, bad: 'requests_total{code="500"}', total: requests_total, runbook: 'https://example.org/it', alertNames: '${names}', ${own.replace('*four', `[${tiers.join(', ')}]`)} }
`;
        const outcome = readDefinitions({ name: 'made', text });
        if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
        return outcome.value;
      };
      const [given] = definition('ShopWebBurns');
      if (given === undefined) throw new Error('a definition of ours');
      expect(new Set(given.slos[0]?.alerts.map(({ name }) => name))).toEqual(new Set(['ShopWebBurns']));
      expect(there([given], target)[0]?.slos[0]?.alerts).toEqual(given.slos[0]?.alerts);
      const again = readDefinitions({ name: 'again', text: printDefinition(given) });
      expect(again.ok && again.value).toEqual([given]);
      const several = writeServices(definition('ShopBurns{One,Two,Three,Four}'), target);
      expect(several.diagnostics.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/one name for all alerts/),
      );
    },
  );

  test.each([
    ['sloth', 'alerts of one severity are one in the format, which has no place for `pager` and `who` of some'],
    ['pyrra', 'one set of annotations for all alerts of an objective, and no place for `who` of some'],
    ['pyrra', 'no place for `alertLabels`'],
  ] as const)('%s says of words of single alerts: %s', (target, told) => {
    const text = `apiVersion: nines/v1
service: shop
slos:
  web:
    target: 99.9%
    bad: 'requests_total{code="500"}'
    total: requests_total
    alerts:
      - { severity: page, long: 1h, burn: 14.4, labels: { pager: night, team: a }, annotations: { who: all } }
      - { severity: page, long: 6h, burn: 6, labels: { team: a } }
`;
    const outcome = readDefinitions({ name: 'made', text });
    if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
    const written = writeServices(outcome.value, target);
    expect(written.diagnostics.map(({ message }) => message).join('\n')).toContain(told);
    const [page] = there(outcome.value, target)[0]?.slos[0]?.alerts ?? [];
    expect(page?.labels?.get('team')).toBe(target === 'sloth' ? 'a' : undefined);
  });

  test('Pyrra keeps groups, gauges, native histograms and severities', () => {
    const kinds = [
      { bad: 'http_requests_total{code=~"5.."}', total: 'http_requests_total', groupBy: ['handler', 'method'] },
      { histogram: 'latency_seconds{size="s"}', below: 0.25, groupBy: ['handler'] },
      { histogram: 'native_latency_seconds{size="s"}', below: 0.3 },
      { condition: 'probe_success{job="blackbox"} == 1', groupBy: ['target'] },
      { condition: 'up == 1' },
    ] as const;
    const severities = fc.array(fc.constantFrom('page', 'ticket', 'info'), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...kinds), severities, percent, fc.boolean(), (kind, words, target, alerted) => {
        const isNative = 'histogram' in kind && kind.histogram.startsWith('native');
        const metrics = isNative ? { native_latency_seconds: { type: 'histogram', native: true } } : {};
        const share = 'condition' in kind ? `${target} of 1m slices` : target;
        const definition = {
          apiVersion: 'nines/v1',
          service: 'shop',
          ...(isNative && { metrics }),
          slos: { it: { ...kind, target: share, period: '28d', alerts: 'none', runbook: 'https://example.org/it' } },
        };
        const outcome = readDefinitions({ name: 'made', text: JSON.stringify(definition) });
        if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
        const given = outcome.value.map((each): Service => {
          const slos = each.slos.map((slo): Slo => {
            const fast = pyrraTiers(slo.period.length).map((tier, index) => ({
              ...tier,
              severity: words[index] ?? 'page',
            }));
            const tiers = fast.filter(({ burnRate }) => burnRate < 1 / slo.target.errorBudget);
            const absentFor = pyrraAbsentFor(slo.period.length, slo.target.errorBudget);
            return { ...slo, alerts: alerted ? tiers : [], absentFor };
          });
          return { ...each, slos, job: 'condition' in kind && kind.condition.includes('job=') ? 'blackbox' : each.job };
        });
        expect(writeServices(given, 'pyrra').diagnostics).toEqual([]);
        expect(there(given, 'pyrra')).toEqual(given);
      }),
    );
  });

  test.each(['sloth', 'sloth-crd'] as const)('%s keeps native histograms', (target) => {
    const text = `apiVersion: nines/v1
service: shop
metrics: { native_latency_seconds: { type: histogram, native: true } }
slos: { quick: { target: 99%, histogram: 'native_latency_seconds{size="s"}', below: 0.3 } }
`;
    const outcome = readDefinitions({ name: 'made', text });
    const given = outcome.ok ? outcome.value : [];
    expect(there(given, target)).toEqual(given);
    expect(given).toHaveLength(1);
  });

  test.each(['sloth', 'sloth-crd'] as const)('%s keeps queries that are no sums of counters', (target) => {
    const text = `apiVersion: nines/v1
service: wifi
severities: { page: pageteam, ticket: slack }
slos:
  share: { target: 99%, queries: { badRatio: '1 - avg(avg_over_time(satisfaction[{{.window}}]))' } }
  clients:
    target: 99%
    queries:
      bad: sum_over_time((count(satisfaction < 0.5))[{{.window}}:]) or on() vector(0)
      total: sum_over_time((count(satisfaction))[{{.window}}:])
`;
    const outcome = readDefinitions({ name: 'made', text });
    const given = outcome.ok ? outcome.value : [];
    expect(given[0]?.slos).toHaveLength(2);
    expect(writeServices(given, target).diagnostics).toEqual([]);
    expect(there(given, target)).toEqual(given);
  });

  test('Sloth asks for errors where a query counts what is good, and cannot say other slices', () => {
    const text = `apiVersion: nines/v1
service: wifi
slos:
  share: { target: 99%, queries: { goodRatio: 'avg(avg_over_time(satisfaction[{{.window}}]))' } }
  slow: { target: 99% of 10m ratios, queries: { badRatio: 'avg(avg_over_time(trouble[{{.window}}]))' } }
  metered: { target: 99%, external: { system: Datadog, measures: { query: x } } }
`;
    const outcome = readDefinitions({ name: 'made', text });
    const written = writeServices(outcome.ok ? outcome.value : [], 'sloth');
    expect(written.text).toContain('error_ratio_query: 1 - avg(avg_over_time(satisfaction[{{.window}}]))');
    expect(written.diagnostics.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      'error wifi/slow: the format counts events, and the target is one of 10m ratios; it is left out',
      'error wifi/metered: the format has no indicator of the kind `external`; it is left out',
    ]);
  });

  test('what comes from another format can be written as a definition of ours and read again', () => {
    fc.assert(
      fc.property(service, (given) => {
        const [back] = there([given], 'openslo');
        if (back === undefined) throw new Error('nothing came back');
        const again = readDefinitions({ name: 'again', text: printDefinition(back) });
        expect(again.ok && again.value).toEqual([back]);
        expect(diffServices([given], [back])).toEqual([]);
      }),
    );
  });

  test('nothing is lost in silence', () => {
    fc.assert(
      fc.property(service, fc.constantFrom<ExportTarget>('sloth', 'sloth-crd', 'pyrra'), (given, target) => {
        const written = writeServices([given], target);
        const outcome = readServices({ name: target, text: written.text });
        const back = outcome.ok ? outcome.value : [];
        if (0 < diffServices([given], back).length) expect(written.diagnostics).not.toEqual([]);
      }),
    );
  });
});
