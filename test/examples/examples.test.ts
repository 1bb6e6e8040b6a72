import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  day,
  duration,
  formatDiagnostic,
  formatDuration,
  hour,
  minute,
  type Outcome,
  type Source,
  timestamp,
} from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { lintService } from '../../src/core/lint/index.ts';
import { metricNameOf, printExpr, queryBackend, selectorsOf as selectorsIn } from '../../src/core/promql/index.ts';
import {
  readScenario,
  type Scenario,
  scenarioSeries,
  trueErrorRatio,
  trueEvents,
} from '../../src/core/scenario/index.ts';
import {
  formatBound,
  labelsPredicate,
  type Matcher,
  memorySource,
  metricName,
  type Series,
} from '../../src/core/series/index.ts';
import { expressionsOf, type RatioIndicator, type Service, type Slo } from '../../src/core/slo/index.ts';
import { exampleNames } from '../example-services.ts';

/** 2026-11-21 07:00 UTC; the examples are the same at any other time but for the hour of the day. */
const now = timestamp(1_795_244_400_000);
const month = { from: timestamp(now - 30 * day), to: now, interval: minute };

const names = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const histories = new Map<string, readonly Series[]>();

test('all five systems are there', () => {
  expect(names).toEqual(exampleNames);
});

describe.each(names)('%s', (name) => {
  test('reads and lints without a warning', () => {
    const source = fileOf(name, 'slo.yaml');
    const told = [
      ...service(name).diagnostics,
      ...lintService(service(name).value, source),
      ...scenario(name).diagnostics,
    ];
    for (const diagnostic of told) expect(diagnostic.severity, diagnostic.message).toBe('info');
  });

  test('says the same of service and job in both files', () => {
    const { service: serviceName, job } = scenario(name).value;
    expect([serviceName, job]).toEqual([name, name]);
    expect([service(name).value.name, service(name).value.job]).toEqual([name, name]);
  });

  test('imagines only what the catalogue lists', () => {
    const { metrics } = service(name).value;
    for (const family of scenario(name).value.families) {
      const metric = metrics.get(family.name);
      expect(metric?.type, family.name).toBe(family.kind);
      if (family.kind === 'histogram') expect(metric?.buckets, family.name).toEqual(family.buckets);
      if (family.help !== undefined) expect(metric?.help, family.name).toContain(family.help.replace(/\.$/, ''));
      const mixes = family.kind === 'gauge' ? [] : family.outcomes.flatMap(({ good, bad }) => [...good, ...bad]);
      for (const { labels } of [...family.labels, ...mixes])
        for (const [label, value] of labels) {
          const known = metric?.labels.get(label);
          expect(known, `${family.name}: ${label}`).toBeDefined();
          if (known?.length !== 0) expect(known, `${family.name}: ${label}`).toContain(value);
        }
    }
  });

  test('has series for every selector', () => {
    const series = history(name);
    for (const slo of countedSlos(name))
      for (const selector of selectorsOf(slo)) {
        const matches = labelsPredicate(selector);
        expect(
          series.filter(({ labels }) => matches(labels)),
          `${slo.name} ${JSON.stringify(selector)}`,
        ).not.toEqual([]);
      }
  });

  test('every objective has seen good and bad events', () => {
    const told = countedSlos(name).map((slo) => {
      const range = { ...month, from: timestamp(now - slo.period.length) };
      const ratio = trueErrorRatio(scenario(name).value, slo, range) ?? Number.NaN;
      expect(ratio, slo.name).toBeGreaterThan(0);
      expect(ratio, slo.name).toBeLessThan(1);
      const spent = ratio / slo.target.errorBudget;
      const hours = trueErrorRatio(scenario(name).value, slo, { ...month, from: timestamp(now - hour) }) ?? 0;
      const { total } = trueEvents(scenario(name).value, slo, range);
      return `${slo.name}: ${(spent * 100).toFixed(0)} % of the budget spent, burning at ${(hours / slo.target.errorBudget).toFixed(1)}, ${total} events`;
    });
    console.log(`${name}\n  ${told.join('\n  ')}`);
  });
});

/** The objectives on events of series that are there: conditions are judged by time, and pending ones have no data by intention. */
function countedSlos(name: string): readonly Slo[] {
  const { slos, metrics } = service(name).value;
  const isPending = (slo: Slo): boolean =>
    expressionsOf(slo.indicator)
      .flatMap(selectorsIn)
      .some((selector) => metrics.get(metricNameOf(selector) ?? '')?.pendingOn !== undefined);
  return slos.filter(
    (slo) => (slo.indicator.kind === 'ratio' || slo.indicator.kind === 'distribution') && !isPending(slo),
  );
}

/** Where the truth has events that no increase() of PromQL can see: first errors of series that are born with them. */
const newborn = ['koder-flow backup-success', 'task-mcp tool-error-rate'];

test.each(names)('increase() over the period tells the truth about %s', async (name) => {
  const interval = duration(2 * minute);
  const backend = queryBackend(
    memorySource(scenarioSeries(scenario(name).value, { ...month, from: timestamp(now - 31 * day), interval })),
  );
  for (const slo of countedSlos(name)) {
    const length = formatDuration(slo.period.length);
    const increase = async (selectors: readonly string[]): Promise<number> => {
      const sums = selectors.map((selector) => `sum(increase(${selector}[${length}]))`);
      const [sample] = await backend.query(sums.join(' + '), now);
      return sample?.value ?? Number.NaN;
    };
    const truth = trueEvents(scenario(name).value, slo, {
      from: timestamp(now - slo.period.length),
      to: now,
      interval,
    });
    const { bad, total } = await countEvents(slo, increase);
    const [allowed, allowedBad] = newborn.includes(`${name} ${slo.name}`) ? [0.05, 0.3] : [0.001, 0.02];
    expect(Math.abs(total / truth.total - 1), slo.name).toBeLessThan(allowed);
    expect(Math.abs(bad / truth.bad - 1), `${slo.name}: ${bad} of ${truth.bad}`).toBeLessThan(allowedBad);
  }
});

async function countEvents(
  { indicator }: Slo,
  increase: (selectors: readonly string[]) => Promise<number>,
): Promise<{ readonly bad: number; readonly total: number }> {
  if (indicator.kind === 'distribution') {
    const [matchers = []] = matchersOf(indicator.histogram);
    const name = matchers[0]?.value ?? '';
    const rest = matchers.slice(1).map(({ name: label, operator, value }) => `${label}${operator}"${value}"`);
    const bound = formatBound(indicator.below);
    const total = await increase([`${name}_count{${rest.join(',')}}`]);
    const good = await increase([`${name}_bucket{${[...rest, `le="${bound}"`].join(',')}}`]);
    return { bad: total - good, total };
  }
  if (indicator.kind !== 'ratio') throw new Error(`a ${indicator.kind} has no events`);
  const events = await increase(selectorTexts(indicator.events));
  const total = await increase(selectorTexts(indicator.total));
  return { bad: indicator.counts === 'bad' ? events : total - events, total };
}

function selectorTexts(expr: RatioIndicator['events']): readonly string[] {
  return expr.kind === 'binary' ? [...selectorTexts(expr.left), ...selectorTexts(expr.right)] : [printExpr(expr)];
}

test('a month of all five is small enough to hold and quick to make', () => {
  const start = performance.now();
  const all = names.flatMap((name) => scenarioSeries(scenario(name).value, month));
  const took = performance.now() - start;
  const samples = all.reduce((sum, { values }) => sum + values.length, 0);
  console.log(`${all.length} series, ${samples} samples of 30 days at 60 s in ${took.toFixed(0)} ms`);
  for (const name of names) console.log(`  ${name}: ${history(name).length} series`);
  expect(all.length).toBeLessThanOrEqual(300);
  expect(took).toBeLessThan(20_000);
});

function history(name: string): readonly Series[] {
  const known =
    histories.get(name) ?? scenarioSeries(scenario(name).value, { ...month, interval: duration(10 * minute) });
  histories.set(name, known);
  return known;
}

function service(name: string): Read<Service> {
  const source = fileOf(name, 'slo.yaml');
  const { value, diagnostics } = must(source, readDefinitions(source));
  expect(value).toHaveLength(1);
  return { value: value[0]!, diagnostics };
}

function scenario(name: string): Read<Scenario> {
  const source = fileOf(name, 'scenario.yaml');
  return must(source, readScenario(source));
}

interface Read<T> {
  readonly value: T;
  readonly diagnostics: Outcome<T>['diagnostics'];
}

function fileOf(name: string, file: string): Source {
  const path = join('examples', name, file);
  return { name: path, text: readFileSync(path, 'utf8') };
}

function must<T>(source: Source, outcome: Outcome<T>): Read<T> {
  if (!outcome.ok) throw new Error(outcome.diagnostics.map((one) => formatDiagnostic({ ...one, source })).join('\n'));
  return outcome;
}

function selectorsOf({ indicator }: Slo): readonly (readonly Matcher[])[] {
  if (indicator.kind === 'ratio') return [...matchersOf(indicator.events), ...matchersOf(indicator.total)];
  if (indicator.kind !== 'distribution') return [];
  return matchersOf(indicator.histogram).map((matchers) =>
    matchers.map((matcher) =>
      matcher.name === metricName ? { ...matcher, value: `${matcher.value}_count` } : matcher,
    ),
  );
}

function matchersOf(expr: RatioIndicator['events']): readonly (readonly Matcher[])[] {
  if (expr.kind === 'binary') return [...matchersOf(expr.left), ...matchersOf(expr.right)];
  if (expr.kind !== 'selector') throw new Error(`a ${expr.kind}`);
  return [[{ name: metricName, operator: '=', value: expr.name }, ...expr.matchers]];
}
