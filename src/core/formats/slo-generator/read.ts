import { build } from '../../promql/index.ts';
import type { ErrorBudgetPolicy, Service } from '../../slo/index.ts';
import { nodeAt, nodeToValue, type YamlNode, type YamlPath } from '../../yaml/index.ts';
import { accept, type Reading, reportValue } from '../definition/reading.ts';
import { readSelectors, sumOf } from '../definition/selectors.ts';
import { distributionOf } from '../dialect-distribution.ts';
import { type Measured, type QueryForm, readRatio, readShare } from '../dialect-query.ts';
import {
  checkKeys,
  headOf,
  isThere,
  reportMissing,
  requiredText,
  say,
  sayLost,
  textAt,
  wordsAt,
} from '../dialect-reading.ts';
import { plainName, type SloDraft, sayUnsupported, serviceOf, targetAt, tiersThatFire } from '../dialect-service.ts';
import { budgetPolicyOf, isConfiguration, policyAt, readStepPolicies, type StepPolicy } from './policies.ts';

const queries: QueryForm = {
  // The tool writes the length of the step where the word stands, with or without brackets around it.
  window: /(?<=\[)\s*\$?\{?window\}?\s*(?=\])/g,
  shown: 'window',
  windowRequired: false,
  plain: true,
};

/**
 * Reads slo-generator definitions, version 2. Those with one `service_name` become a service. Their periods and alerts stand in
 * configurations, among the readings or in the pool.
 */
export function readSloGenerator(readings: readonly Reading[], pool: readonly YamlNode[]): readonly Service[] {
  const isPolicy = (reading: Reading): boolean => isConfiguration(reading.root);
  const policies = readStepPolicies(readings.filter(isPolicy), pool);
  const services = new Map<string, Found[]>();
  for (const reading of readings) {
    if (isPolicy(reading)) continue;
    const found = readSlo(reading, policies);
    if (found !== undefined) services.set(found.service, [...(services.get(found.service) ?? []), found]);
  }
  return [...services].flatMap(([name, found]) => {
    const slos = found.map(({ slo }) => slo);
    return serviceOf({ name, policies: budgetPolicies(found), slos }) ?? [];
  });
}

interface Found {
  readonly service: string;
  readonly slo: SloDraft;
  readonly policy?: StepPolicy;
}

/** The policies that some objectives have, each with all of them. */
function budgetPolicies(found: readonly Found[]): readonly ErrorBudgetPolicy[] {
  const policies = new Set(found.flatMap(({ policy }) => policy ?? []));
  return [...policies].flatMap((policy) => {
    const slos = found.flatMap((each) => (each.policy === policy ? [each.slo.name] : []));
    return budgetPolicyOf(policy, slos) ?? [];
  });
}

function readSlo(reading: Reading, policies: ReadonlyMap<string, StepPolicy | undefined>): Found | undefined {
  const { apiVersion } = headOf(reading.root);
  if (apiVersion !== 'sre.google.com/v2') {
    const message = `\`${apiVersion}\` is no version of slo-generator that is read`;
    say(reading, ['apiVersion'], 'error', 'dialect/unknown', message, 'convert it with `slo-generator migrate`');
    return undefined;
  }
  checkKeys(reading, [], ['apiVersion', 'kind', 'metadata', 'spec']);
  const written = requiredText(reading, ['metadata', 'name']);
  const keys = [
    'description',
    'backend',
    'method',
    'exporters',
    'service_level_indicator',
    'goal',
    'error_budget_policy',
  ];
  if (!checkKeys(reading, ['spec'], keys)) {
    reportMissing(reading, ['spec']);
    return undefined;
  }
  const labels = wordsAt(reading, ['metadata', 'labels']);
  const target = targetAt(reading, ['spec', 'goal'], 'fraction');
  const description = textAt(reading, ['spec', 'description']);
  const measured = readIndicator(reading);
  if (isThere(reading, ['spec', 'exporters']))
    sayLost(reading, ['spec', 'exporters'], '`exporters` is not kept', 'results are recorded by the generated rules');
  for (const label of labels.keys())
    if (!['service_name', 'feature_name', 'slo_name'].includes(label))
      sayLost(
        reading,
        ['metadata', 'labels', label],
        `the label \`${label}\` is not kept`,
        'add it under `labels:` if alerts are routed by it',
      );
  const name = plainName(
    [labels.get('feature_name'), labels.get('slo_name')].filter((part) => part !== undefined).join('-') ||
      (written ?? ''),
  );
  const service = plainName(labels.get('service_name') ?? '') || name;
  const policy = policyAt(reading, policies);
  if (written === undefined || target === undefined || measured === undefined) return undefined;
  const slo: SloDraft = {
    reading,
    path: ['spec'],
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    ...measured,
    target,
    ...(policy === undefined
      ? {}
      : { period: policy.period, alerts: tiersThatFire(reading, ['spec', 'goal'], policy.alerts, target) }),
  };
  return { service, slo, ...(policy === undefined ? {} : { policy }) };
}

function readIndicator(reading: Reading): Measured | undefined {
  const backend = requiredText(reading, ['spec', 'backend']);
  const method = requiredText(reading, ['spec', 'method']);
  const at: YamlPath = ['spec', 'service_level_indicator'];
  if (backend === undefined || method === undefined) return undefined;
  // A backend may have an alias behind a slash: `prometheus/eu`.
  if (backend.split('/')[0] !== 'prometheus') return readForeign(reading, backend, method, at);
  switch (method) {
    case 'good_bad_ratio':
      return readGoodBad(reading, at);
    case 'query_sli':
      checkKeys(reading, at, ['expression', 'operators']);
      return readRatio(reading, 'good', [...at, 'expression'], queries);
    case 'distribution_cut':
      return readCut(reading, at);
    default:
      return sayUnsupported(
        reading,
        ['spec', 'method'],
        `the method \`${method}\` is not known for Prometheus`,
        'write `good_bad_ratio`, `query_sli` or `distribution_cut`',
      );
  }
}

/** What another backend measures, as its method asks for it. */
function readForeign(reading: Reading, system: string, method: string, at: YamlPath): Measured | undefined {
  const node = nodeAt(reading.root, at);
  if (node?.kind !== 'map') {
    reportMissing(reading, at);
    return undefined;
  }
  const message = `${system} is not Prometheus: what it measures is kept as it is, and no rules can be made of it`;
  const help = 'measure with Prometheus to generate rules';
  say(reading, ['spec', 'backend'], 'warning', 'dialect/assumed', message, help);
  return { indicator: { kind: 'external', system, measures: { method, service_level_indicator: nodeToValue(node) } } };
}

function readGoodBad(reading: Reading, path: YamlPath): Measured | undefined {
  checkKeys(reading, path, ['filter_good', 'filter_bad', 'filter_valid', 'operators']);
  if (!isThere(reading, [...path, 'filter_valid'])) {
    if (!isThere(reading, [...path, 'filter_good']) || !isThere(reading, [...path, 'filter_bad'])) {
      reportMissing(reading, [...path, 'filter_valid']);
      return undefined;
    }
    const good = accept(
      reading,
      [...path, 'filter_good'],
      readSelectors(requiredText(reading, [...path, 'filter_good']) ?? ''),
    );
    const bad = accept(
      reading,
      [...path, 'filter_bad'],
      readSelectors(requiredText(reading, [...path, 'filter_bad']) ?? ''),
    );
    if (good === undefined || bad === undefined) return undefined;
    return { indicator: { kind: 'ratio', counts: 'bad', events: sumOf(bad), total: sumOf([...good, ...bad]) } };
  }
  const counts = isThere(reading, [...path, 'filter_good']) ? 'good' : 'bad';
  return readShare(reading, counts, [...path, `filter_${counts}`], [...path, 'filter_valid'], queries);
}

function readCut(reading: Reading, path: YamlPath): Measured | undefined {
  checkKeys(reading, path, ['expression', 'threshold_bucket']);
  const text = requiredText(reading, [...path, 'expression']);
  const bound = requiredText(reading, [...path, 'threshold_bucket']);
  if (text === undefined || bound === undefined) return undefined;
  const [bucket] = accept(reading, [...path, 'expression'], readSelectors(text)) ?? [];
  if (bucket === undefined) return undefined;
  const all = { ...bucket, name: bucket.name.replace(/_bucket$/, '_count') };
  const found = distributionOf([build.withConditions(bucket, { le: bound })], [all]);
  if (found === undefined)
    reportValue(reading, [...path, 'expression'], {
      severity: 'error',
      code: 'dialect/expression',
      message: 'this is no selector of the buckets of a histogram, or the threshold is no number',
      help: 'write for example `http_request_duration_seconds_bucket{handler="/"}` and `threshold_bucket: 0.25`',
    });
  return found === undefined ? undefined : { indicator: found };
}
