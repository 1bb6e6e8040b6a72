import { parseDuration } from '../../base/index.ts';
import { parseExpr, type VectorSelector } from '../../promql/index.ts';
import { type Indicator, type Period, pyrraAbsentFor, pyrraTiers, type Service, type Slo } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { isAnnotationName } from '../definition/label-map.ts';
import { accept, type Reading, reportKey, writtenAt } from '../definition/reading.ts';
import { nameOf, readSelectors, sumOf } from '../definition/selectors.ts';
import { convertBound } from '../definition/units.ts';
import { distributionOf } from '../dialect-distribution.ts';
import type { Measured } from '../dialect-query.ts';
import {
  checkKeys,
  flagAt,
  headOf,
  isThere,
  itemsAt,
  reportMissing,
  requiredText,
  say,
  sayLost,
  sayMetadata,
  textAt,
  wordsAt,
} from '../dialect-reading.ts';
import {
  keepLabels,
  nameAt,
  named,
  periodAt,
  plainName,
  type SloDraft,
  sayLostAnnotation,
  serviceOf,
  targetAt,
  tiersThatFire,
} from '../dialect-service.ts';

/** Pyrra's alerts wait for more than half of their short windows, whatever the object says. */
const ownWindows: ReadonlySet<string> = new Set(['alert/window']);

/** Labels of an object with this prefix become labels of its rules, without it. */
export const ruleLabelPrefix = 'pyrra.dev/';

/** One objective, and the service that its labels name. */
interface Objective {
  readonly service: string;
  readonly owner: string;
  readonly slo: SloDraft;
}

/**
 * Reads Pyrra objectives. Each object is one objective; those whose label `pyrra.dev/service` is the same make a service, and one
 * without the label is a service by itself.
 */
export function readPyrra(readings: readonly Reading[]): readonly Service[] {
  const objectives = readings.flatMap((reading) => readObjective(reading) ?? []);
  const byService = groups(objectives);
  return [...byService].flatMap(([name, members]) => {
    const owner = members.find((member) => member.owner !== '')?.owner ?? '';
    return serviceOf({ name, owner, slos: members.map(({ slo }) => slo) }, ownWindows) ?? [];
  });
}

function groups(objectives: readonly Objective[]): ReadonlyMap<string, readonly Objective[]> {
  const found = new Map<string, Objective[]>();
  for (const objective of objectives) {
    const members = found.get(objective.service);
    if (members === undefined) found.set(objective.service, [objective]);
    else members.push(objective);
  }
  return found;
}

function readObjective(reading: Reading): Objective | undefined {
  const { apiVersion, kind } = headOf(reading.root);
  if (apiVersion !== 'pyrra.dev/v1alpha1' || kind !== 'ServiceLevelObjective') {
    const message = `\`${apiVersion}\` \`${kind}\` is no object of Pyrra that is known`;
    say(
      reading,
      ['apiVersion'],
      'error',
      'dialect/unknown',
      message,
      'write `pyrra.dev/v1alpha1` `ServiceLevelObjective`',
    );
    return undefined;
  }
  checkKeys(reading, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  const labels = readLabels(reading);
  const written = textAt(reading, ['metadata', 'name']) ?? '';
  const service = plainName(labels.service ?? '') || plainName(written);
  const name = nameAt(reading, ['metadata', 'name'], `${service}-`);
  const keys = [
    'target',
    'window',
    'description',
    'indicator',
    'alerting',
    'partial_response_strategy',
    'performanceOverAccuracy',
    'ruleOutput',
  ];
  if (!checkKeys(reading, ['spec'], keys)) {
    reportMissing(reading, ['spec']);
    return undefined;
  }
  const target = targetAt(reading, ['spec', 'target'], 'percent');
  const period = periodAt(reading, ['spec', 'window']);
  const description = textAt(reading, ['spec', 'description']);
  const measured = readIndicator(reading, ['spec', 'indicator']);
  for (const key of ['ruleOutput', 'partial_response_strategy', 'performanceOverAccuracy'])
    if (isThere(reading, ['spec', key]))
      sayLost(reading, ['spec', key], `\`${key}\` is not kept`, 'the generated rules are exact and cheap without it');
  const annotations = readAnnotations(reading);
  sayMetadata(reading, ruleLabelPrefix);
  if (name === undefined || target === undefined || period === undefined || measured === undefined) return undefined;
  const alerting = readAlerting(reading, ['spec', 'alerting'], { period, target, annotations: annotations.own });
  if (alerting.alerts.length === 0)
    for (const each of annotations.own.keys())
      sayLost(
        reading,
        ['metadata', 'annotations', `${ruleLabelPrefix}${each}`],
        `the annotation \`${each}\` is not kept: the objective has no alerts on its budget`,
        'nothing is to be done',
      );
  const slo: SloDraft = {
    reading,
    path: ['spec'],
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    ...measured,
    target,
    period,
    ...alerting,
    ...(annotations.runbook === undefined ? {} : { runbook: annotations.runbook }),
    labels: labels.labels,
  };
  return { service, owner: labels.owner ?? '', slo };
}

function readLabels(reading: Reading): {
  readonly service?: string | undefined;
  readonly owner?: string | undefined;
  readonly labels: ReadonlyMap<string, string>;
} {
  const given = wordsAt(reading, ['metadata', 'labels']);
  const places = new Map<string, { value: string; path: YamlPath }>();
  for (const [label, value] of given) {
    const own = label.startsWith(ruleLabelPrefix) ? label.slice(ruleLabelPrefix.length) : '';
    if (own !== '' && own !== 'service' && own !== 'owner')
      places.set(own, { value, path: ['metadata', 'labels', label] });
  }
  return {
    service: given.get(`${ruleLabelPrefix}service`),
    owner: given.get(`${ruleLabelPrefix}owner`),
    labels: keepLabels(reading, places),
  };
}

const kinds = ['ratio', 'latency', 'latencyNative', 'bool_gauge'] as const;

function readIndicator(
  reading: Reading,
  path: YamlPath,
): Pick<SloDraft, 'indicator' | 'native' | 'groupBy'> | undefined {
  if (!checkKeys(reading, path, kinds)) {
    reportMissing(reading, path);
    return undefined;
  }
  const [kind, second] = kinds.filter((key) => isThere(reading, [...path, key]));
  if (second !== undefined)
    say(
      reading,
      [...path, second],
      'error',
      'dialect/type',
      `\`${kind}\` and \`${second}\` are both given`,
      'keep one',
    );
  if (kind === undefined) {
    reportMissing(reading, [...path, 'ratio']);
    return undefined;
  }
  const at = [...path, kind];
  const measured = readKind(reading, at, kind);
  const groupBy = itemsAt(reading, [...at, 'grouping']).flatMap((item) => requiredText(reading, item) ?? []);
  return measured === undefined ? undefined : { ...measured, ...(groupBy.length === 0 ? {} : { groupBy }) };
}

function readKind(reading: Reading, at: YamlPath, kind: (typeof kinds)[number]): Measured | undefined {
  switch (kind) {
    case 'ratio': {
      checkKeys(reading, at, ['errors', 'total', 'grouping']);
      const events = readMetric(reading, [...at, 'errors']);
      const total = readMetric(reading, [...at, 'total']);
      if (events === undefined || total === undefined) return undefined;
      return { indicator: { kind: 'ratio', counts: 'bad', events: sumOf([events]), total: sumOf([total]) } };
    }
    case 'latency': {
      checkKeys(reading, at, ['success', 'total', 'grouping']);
      const good = readMetric(reading, [...at, 'success']);
      const total = readMetric(reading, [...at, 'total']);
      if (good === undefined || total === undefined) return undefined;
      const plain: Indicator = { kind: 'ratio', counts: 'good', events: sumOf([good]), total: sumOf([total]) };
      return { indicator: distributionOf([good], [total]) ?? plain };
    }
    case 'latencyNative':
      return readNative(reading, at);
    case 'bool_gauge':
      return readGauge(reading, at);
  }
}

/** Pyrra counts the samples that are 1 among all samples; here a minute is good if every sample of every series in it was. */
function readGauge(reading: Reading, at: YamlPath): Measured | undefined {
  checkKeys(reading, at, ['metric', 'grouping']);
  const gauge = readMetric(reading, at);
  if (gauge === undefined) return undefined;
  const several = isThere(reading, [...at, 'grouping']) ? '' : ', of all series together';
  reportKey(reading, at, {
    severity: 'info',
    code: 'dialect/assumed',
    message: `the gauge is judged by minutes, which are good if it was 1 throughout${several}, where Pyrra counts samples`,
    help: 'write `target: 99% of 30s slices` or whatever the scrape interval is to come nearer',
  });
  const condition = { kind: 'comparison', value: sumOf([gauge]), operator: '==', bound: 1 } as const;
  return { indicator: { kind: 'condition', condition } };
}

/** The annotations that Pyrra passes on to its alerts: the address of what to do, and those that its alerts on the budget get. */
function readAnnotations(reading: Reading): Pick<SloDraft, 'runbook'> & { readonly own: ReadonlyMap<string, string> } {
  const at = ['metadata', 'annotations'];
  const written = wordsAt(reading, at);
  const key = runbooks.find((each) => (written.get(each) ?? '') !== '');
  const runbook = key === undefined ? undefined : written.get(key);
  const own = new Map<string, string>();
  for (const [name, value] of written) {
    if (!name.startsWith(ruleLabelPrefix) || name === key) continue;
    const plain = name.slice(ruleLabelPrefix.length);
    if (isAnnotationName(plain)) own.set(plain, value);
    else sayLostAnnotation(reading, [...at, name], plain);
  }
  return { own, ...(runbook === undefined ? {} : { runbook }) };
}

const runbooks: readonly string[] = [`${ruleLabelPrefix}runbook_url`, `${ruleLabelPrefix}runbook`];

function readMetric(reading: Reading, path: YamlPath): VectorSelector | undefined {
  if (path.at(-1) !== 'bool_gauge') checkKeys(reading, path, ['metric']);
  const text = requiredText(reading, [...path, 'metric']);
  if (text === undefined) return undefined;
  const [selector, second] = accept(reading, [...path, 'metric'], readSelectors(text)) ?? [];
  if (second === undefined && (selector === undefined || parseExpr(text).ok)) return selector;
  say(reading, [...path, 'metric'], 'error', 'dialect/expression', 'this must be one selector', 'write one selector');
  return undefined;
}

function readNative(reading: Reading, path: YamlPath): Measured | undefined {
  checkKeys(reading, path, ['latency', 'total', 'grouping']);
  const total = readMetric(reading, [...path, 'total']);
  const text = requiredText(reading, [...path, 'latency']);
  if (total === undefined || text === undefined) return undefined;
  const bound = parseDuration(text) === undefined ? undefined : convertBound(text, 'seconds');
  if (bound?.kind !== 'value') {
    say(
      reading,
      [...path, 'latency'],
      'error',
      'dialect/type',
      `\`${text}\` is no length of time`,
      'write for example `500ms`',
    );
    return undefined;
  }
  return {
    indicator: { kind: 'distribution', histogram: sumOf([total]), below: bound.value },
    native: nameOf(total),
  };
}

function readAlerting(
  reading: Reading,
  path: YamlPath,
  {
    period,
    target,
    annotations,
  }: { readonly period: Period; readonly target: Slo['target']; readonly annotations: ReadonlyMap<string, string> },
): Pick<Slo, 'alerts' | 'absentFor'> {
  const absentFor = pyrraAbsentFor(period.length, target.errorBudget);
  checkKeys(reading, path, ['disabled', 'name', 'absent', 'absentName', 'burnrates', 'severities']);
  if (isThere(reading, [...path, 'absentName']))
    reportKey(reading, [...path, 'absentName'], {
      severity: 'info',
      code: 'dialect/lost',
      message: 'the name of the alert on missing data is not kept: it is called alike for all objectives',
      help: 'route by the labels `service`, `slo` and `severity`',
    });
  const off = flagAt(reading, [...path, 'disabled']) === true;
  if (off || flagAt(reading, [...path, 'absent']) === false)
    sayLost(
      reading,
      [...path, off ? 'disabled' : 'absent'],
      'the alert for missing series cannot be turned off',
      'silence it, or say by `absentFor:` how long they may be missing',
    );
  const none = off || flagAt(reading, [...path, 'burnrates']) === false;
  const severities = readSeverities(reading, [...path, 'severities']);
  const tiers = pyrraTiers(period.length)
    .filter(({ longWindow, shortWindow }) => 0 < shortWindow && 0 < longWindow)
    .map((tier, index) => ({
      ...tier,
      severity: severities[index] ?? tier.severity,
      ...(annotations.size === 0 ? {} : { annotations }),
    }));
  return {
    absentFor,
    alerts: none ? [] : named(reading, [...path, 'name'], tiersThatFire(reading, ['spec', 'target'], tiers, target)),
  };
}

/** Pyrra names severities freely; of ours, `critical` is a page and `warning` a ticket. */
function readSeverities(reading: Reading, path: YamlPath): readonly (Slo['alerts'][number]['severity'] | undefined)[] {
  const keys = ['fastBurn', 'mediumBurn', 'slowBurn', 'longTermBurn'];
  checkKeys(reading, path, [...keys, 'absent']);
  if (isThere(reading, [...path, 'absent']))
    sayLost(
      reading,
      [...path, 'absent'],
      'the severity of the alert for missing series is not kept',
      'nothing is to be done',
    );
  return keys.map((key) => {
    const word = writtenAt(reading, [...path, key]);
    switch (word) {
      case '':
        return undefined;
      case 'critical':
      case 'page':
        return 'page';
      case 'warning':
      case 'ticket':
        return 'ticket';
      case 'info':
        return 'info';
      default:
        sayLost(
          reading,
          [...path, key],
          `the severity \`${word}\` is not kept`,
          'severities are `page`, `ticket` and `info`',
        );
        return undefined;
    }
  });
}
