import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportTargets, readDefinitions, writeServices } from '../../src/core/formats/index.ts';
import { type BurnRateTier, pyrraAbsentFor, pyrraTiers, type Service, type Slo } from '../../src/core/slo/index.ts';

// Whatever a definition says is written, so that the output changes by it, or told as lost. The compiler holds the lists of the parts.

const serviceParts: Readonly<Record<Exclude<keyof Service, 'slos'>, true>> = {
  name: true,
  title: true,
  description: true,
  owner: true,
  job: true,
  metrics: true,
  criticality: true,
  severityLabels: true,
  indicators: true,
  alerts: true,
  policies: true,
  thresholds: true,
  slas: true,
  exclusions: true,
  goals: true,
  notifications: true,
  panels: true,
  environments: true,
  contacts: true,
  reviews: true,
  changeProcess: true,
  proposals: true,
  actionItems: true,
  document: true,
  outOfScope: true,
  glossary: true,
  resources: true,
};

const sloParts: Readonly<Record<keyof Slo, true>> = {
  name: true,
  title: true,
  description: true,
  indicator: true,
  target: true,
  period: true,
  alerts: true,
  minimumBadEvents: true,
  noData: true,
  absentFor: true,
  runbook: true,
  labels: true,
  measure: true,
  furtherPeriods: true,
  groupBy: true,
  conditionAlerts: true,
  minimumEvents: true,
  quantiles: true,
  role: true,
  category: true,
  lifecycle: true,
  criticality: true,
  family: true,
  journey: true,
  customers: true,
  rationale: true,
  impact: true,
  costs: true,
  dependsOn: true,
  aspiration: true,
  evidence: true,
  targetHistory: true,
  dashboard: true,
};

const tierParts: Readonly<Record<keyof BurnRateTier, true>> = {
  severity: true,
  longWindow: true,
  shortWindow: true,
  burnRate: true,
  holdFor: true,
  keepFiringFor: true,
  name: true,
  profile: true,
  labels: true,
  annotations: true,
};

/** A service that says everything, and one that says nothing of it. */
const [full, usual] = ['everything.nines.yaml', 'nothing.nines.yaml'].map((name) => {
  const source = { name, text: readFileSync(join(import.meta.dirname, 'testdata/losses', name), 'utf8') };
  const outcome = readDefinitions(source);
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message, help }) => `${message}: ${help}`).join('\n'));
  return outcome.value[0]!;
}) as [Service, Service];

/** What is said of a service, written or told. */
function said({ text, diagnostics }: ReturnType<typeof writeServices>): string {
  return [text, ...diagnostics.map(({ severity, message }) => `${severity} ${message}`)].join('\n');
}

/** Pyrra has alerts of its own, so that others are told anyway. */
const pyrras: Service = {
  ...usual,
  slos: usual.slos.map((slo) => ({
    ...slo,
    alerts: pyrraTiers(slo.period.length),
    absentFor: pyrraAbsentFor(slo.period.length, slo.target.errorBudget),
  })),
};

describe.each(exportTargets)('%s', (target) => {
  const plain = target === 'pyrra' ? pyrras : usual;
  const slo = plain.slos[0]!;
  const bare = said(writeServices([plain], target));

  test.each(Object.keys(serviceParts) as (keyof typeof serviceParts)[])(
    'says `%s` of a service or tells that it is lost',
    (key) => {
      expect(full[key]).not.toEqual(plain[key]);
      expect(said(writeServices([{ ...plain, [key]: full[key] }], target))).not.toBe(bare);
    },
  );

  test.each(Object.keys(sloParts) as (keyof typeof sloParts)[])(
    'says `%s` of an objective or tells that it is lost',
    (key) => {
      const other = full.slos[0]!;
      expect(other[key]).not.toEqual(slo[key]);
      expect(said(writeServices([{ ...plain, slos: [{ ...slo, [key]: other[key] }] }], target))).not.toBe(bare);
    },
  );

  test.each(Object.keys(tierParts) as (keyof typeof tierParts)[])(
    'says `%s` of an alert or tells that it is lost',
    (key) => {
      const [first, ...others] = slo.alerts;
      const alerts = [{ ...first!, [key]: full.slos[0]!.alerts[0]![key] }, ...others];
      expect(alerts[0]).not.toEqual(first);
      expect(said(writeServices([{ ...plain, slos: [{ ...slo, alerts }] }], target))).not.toBe(bare);
    },
  );

  test('tells each kind of thing once', async () => {
    const many = { ...full, slos: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ ...full.slos[0]!, name })) };
    const told = writeServices([many], target).diagnostics.filter(({ severity }) => severity !== 'error');
    const kinds = told.map(({ message }) =>
      message
        .split(': ')
        .slice(1)
        .join(': ')
        .replace(/ of .*/, ' of objectives'),
    );
    expect(kinds.filter((kind, index) => kinds.indexOf(kind) < index && /place for/.test(kind))).toEqual([]);
    const golden = writeServices([full], target);
    const shown = golden.diagnostics.map(({ severity, code, message }) => `${severity} ${code} ${message}`).join('\n');
    await expect(`${shown}\n`).toMatchFileSnapshot(join(import.meta.dirname, 'testdata/losses', `${target}.txt`));
  });
});
