import { type AlertWords, plainService, type Service, type Slo, type Target } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey, writtenAt } from '../definition/reading.ts';
import type { Measured, QueryForm } from '../dialect-query.ts';
import {
  checkKeys,
  flagAt,
  headOf,
  isThere,
  itemsAt,
  reportMissing,
  requiredText,
  say,
  sayMetadata,
  textAt,
  wordsAt,
} from '../dialect-reading.ts';
import {
  keepAnnotations,
  keepLabels,
  nameAt,
  named,
  type SloDraft,
  serviceOf,
  targetAt,
  tiersThatFire,
} from '../dialect-service.ts';
import { readRatioOrQuery, readShareOrQueries } from '../dialect-window-query.ts';
import { slothWindow } from './names.ts';
import { type SlothAlertWindows, slothDefaults } from './windows.ts';

const queries: QueryForm = {
  window: slothWindow,
  shown: '{{.window}}',
  windowRequired: true,
  plain: false,
};

/** The file format writes `page_alert`, the Kubernetes object `pageAlert`. */
type Spelling = (key: string) => string;

const snake: Spelling = (key) => key;
const camel: Spelling = (key) => key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const otherwise: Spelling = (key) =>
  key.includes('_') ? camel(key) : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What reading one document needs to know. */
interface Sloth {
  readonly reading: Reading;
  readonly spell: Spelling;
  readonly windows: SlothAlertWindows;
  /** What all alerts of a severity are labelled with, where they agree. */
  readonly severities: Severities;
}

type Severities = Partial<Readonly<Record<'page' | 'ticket', string>>>;

/** Reads a Sloth specification, `prometheus/v1` or its Kubernetes object `PrometheusServiceLevel`. */
export function readSloth(reading: Reading, windows: SlothAlertWindows = slothDefaults): readonly Service[] {
  const isObject = headOf(reading.root).apiVersion !== '';
  const sloth: Sloth = { reading, spell: isObject ? camel : snake, windows, severities: {} };
  if (!isObject) {
    if (textAt(reading, ['version']) !== 'prometheus/v1') {
      const message = `\`${textAt(reading, ['version']) ?? ''}\` is no version of Sloth's format that is known`;
      say(reading, ['version'], 'error', 'dialect/unknown', message, 'write `prometheus/v1`');
      return [];
    }
    checkKeys(reading, [], ['version', 'service', 'labels', 'slos', 'slo_plugins'], otherwise);
    return readSpec(sloth, []);
  }
  const { apiVersion, kind } = headOf(reading.root);
  if (apiVersion !== 'sloth.slok.dev/v1' || kind !== 'PrometheusServiceLevel') {
    const message = `\`${apiVersion}\` \`${kind}\` is no specification of Sloth that is known`;
    say(
      reading,
      ['apiVersion'],
      'error',
      'dialect/unknown',
      message,
      'write `sloth.slok.dev/v1` `PrometheusServiceLevel`',
    );
    return [];
  }
  checkKeys(reading, [], ['apiVersion', 'kind', 'metadata', 'spec', 'status']);
  sayMetadata(reading, undefined);
  if (!checkKeys(reading, ['spec'], ['service', 'labels', 'slos', 'sloPlugins'], otherwise)) {
    reportMissing(reading, ['spec']);
    return [];
  }
  return readSpec(sloth, ['spec']);
}

function readSpec(sloth: Sloth, path: YamlPath): readonly Service[] {
  const { reading, spell } = sloth;
  const name = nameAt(reading, [...path, 'service']);
  const labels = wordsAt(reading, [...path, 'labels']);
  refusePlugins(sloth, [...path, spell('slo_plugins')]);
  const items = itemsAt(reading, [...path, 'slos']);
  if (items.length === 0) reportMissing(reading, [...path, 'slos']);
  const severities = severitiesOf(sloth, items);
  const read = items.map((item) => readSlo({ ...sloth, severities }, item, labels, [...path, 'labels']));
  if (name === undefined || read.includes(undefined) || items.length === 0) return [];
  const slos = read.flatMap((slo) => slo ?? []);
  const severityLabels = { ...plainService.severityLabels, ...severities };
  const service = serviceOf({ name, owner: labels.get('owner') ?? '', severityLabels, slos });
  return service === undefined ? [] : [service];
}

/** The label `severity` of pages and of tickets, where all objectives say the same: then it is the service's word for them. */
function severitiesOf({ reading, spell }: Sloth, items: readonly YamlPath[]): Severities {
  const agreed = (key: string): string | undefined => {
    const alerts = items
      .map((item): YamlPath => [...item, 'alerting', spell(key)])
      .filter((at) => writtenAt(reading, [...at, 'disable']) !== 'true');
    const [word = '', ...others] = new Set(alerts.map((at) => writtenAt(reading, [...at, 'labels', 'severity'])));
    return word === '' || 0 < others.length ? undefined : word;
  };
  const page = agreed('page_alert');
  const ticket = agreed('ticket_alert');
  return { ...(page !== undefined && { page }), ...(ticket !== undefined && { ticket }) };
}

function refusePlugins({ reading }: Sloth, path: YamlPath): void {
  if (!isThere(reading, path)) return;
  reportKey(reading, path, {
    severity: 'error',
    code: 'dialect/plugin',
    message: 'plugins change the rules that Sloth generates, by code that is not run here',
    help: 'remove them, and write what they do into the definition by hand',
  });
}

function readSlo(
  sloth: Sloth,
  path: YamlPath,
  serviceLabels: ReadonlyMap<string, string>,
  labelsPath: YamlPath,
): SloDraft | undefined {
  const { reading } = sloth;
  const keys = ['name', 'description', 'objective', 'labels', 'sli', 'alerting', 'plugins'];
  if (!checkKeys(reading, path, keys, otherwise)) return undefined;
  const name = nameAt(reading, [...path, 'name']);
  const description = textAt(reading, [...path, 'description']);
  const target = targetAt(reading, [...path, 'objective'], 'percent');
  refusePlugins(sloth, [...path, 'plugins']);
  const measured = readIndicator(sloth, [...path, 'sli']);
  const alerting = [...path, 'alerting'];
  const alerts = readAlerting(sloth, alerting, target);
  const own: YamlPath = [...path, 'labels'];
  const places = new Map<string, { value: string; path: YamlPath }>();
  for (const [label, value] of serviceLabels)
    if (label !== 'owner') places.set(label, { value, path: [...labelsPath, label] });
  for (const [label, value] of wordsAt(reading, own)) places.set(label, { value, path: [...own, label] });
  for (const [label, value] of wordsAt(reading, [...alerting, 'labels']))
    places.set(label, { value, path: [...alerting, 'labels', label] });
  const labels = keepLabels(reading, places);
  if (name === undefined || target === undefined || alerts === undefined || measured === undefined) return undefined;
  return {
    reading,
    path,
    name,
    ...(description === undefined || description === '' ? {} : { description }),
    ...measured,
    target,
    period: { kind: 'rolling', length: sloth.windows.period },
    ...alerts,
    labels,
  };
}

function readIndicator(sloth: Sloth, path: YamlPath): Measured | undefined {
  const { reading, spell } = sloth;
  if (!checkKeys(reading, path, ['events', 'raw', 'plugin'], otherwise)) {
    reportMissing(reading, path);
    return undefined;
  }
  const given = ['events', 'raw', 'plugin'].filter((key) => isThere(reading, [...path, key]));
  const [kind, second] = given;
  if (second !== undefined)
    say(
      reading,
      [...path, second],
      'error',
      'dialect/type',
      `\`${kind}\` and \`${second}\` are both given`,
      'keep one',
    );
  switch (kind) {
    case 'events': {
      const at = [...path, 'events'];
      const [errors, total] = [spell('error_query'), spell('total_query')];
      if (!checkKeys(reading, at, [errors, total], otherwise)) return undefined;
      return readShareOrQueries(reading, 'bad', [...at, errors], [...at, total], queries);
    }
    case 'raw': {
      const at = [...path, 'raw'];
      const key = spell('error_ratio_query');
      if (!checkKeys(reading, at, [key], otherwise)) return undefined;
      return readRatioOrQuery(reading, 'bad', [...at, key], queries);
    }
    case 'plugin': {
      const id = textAt(reading, [...path, 'plugin', 'id']) ?? '';
      reportKey(reading, [...path, 'plugin'], {
        severity: 'error',
        code: 'dialect/plugin',
        message: `what is measured stands in the plugin \`${id}\`, whose code is not run here`,
        help: `write the two queries it gives as \`events:\` with \`${spell('error_query')}\` and \`${spell('total_query')}\``,
      });
      return undefined;
    }
    default:
      reportMissing(reading, [...path, 'events']);
      return undefined;
  }
}

/** Sloth's own windows at thirty days are those of the workbook: pages at 14.4 and 6, tickets at 3 and 1. */
function readAlerting(
  sloth: Sloth,
  path: YamlPath,
  target: Target | undefined,
): Pick<SloDraft, 'alerts' | 'runbook'> | undefined {
  const { reading, spell } = sloth;
  const keys = { page: spell('page_alert'), ticket: spell('ticket_alert') } as const;
  checkKeys(reading, path, ['name', 'labels', 'annotations', keys.page, keys.ticket], otherwise);
  const written = wordsAt(reading, [...path, 'annotations']);
  const { key: runbookKey, address } = runbookOf(written);
  const shared = keepAnnotations(reading, [...path, 'annotations'], without(written, runbookKey));
  const words = new Map<string, AlertWords>();
  for (const severity of ['page', 'ticket'] as const) {
    const at = [...path, keys[severity]];
    checkKeys(reading, at, ['disable', 'labels', 'annotations'], otherwise);
    if (flagAt(reading, [...at, 'disable']) === true) continue;
    words.set(severity, readWords(sloth, at, severity, shared));
  }
  // Sloth refuses alerts without a name.
  if (0 < words.size) requiredText(reading, [...path, 'name']);
  if (target === undefined) return undefined;
  const tiers = sloth.windows.tiers.flatMap((tier) => {
    const own = words.get(tier.severity);
    return own === undefined ? [] : [{ ...tier, ...own }];
  });
  const firing = tiersThatFire(reading, path, withinPromise(sloth, path, tiers), target);
  return {
    alerts: words.size === 0 ? firing : named(reading, [...path, 'name'], firing),
    ...(address === undefined ? {} : { runbook: address }),
  };
}

/** The address of what to do; one that only an alert can fill in stays an annotation. */
function runbookOf(annotations: ReadonlyMap<string, string>): { readonly key?: string; readonly address?: string } {
  const key = ['runbook_url', 'runbook'].find((each) => annotations.has(each));
  const address = key === undefined ? undefined : annotations.get(key);
  if (key === undefined || address === undefined || address.includes('{{')) return {};
  return address === '' ? { key } : { key, address };
}

function without(words: ReadonlyMap<string, string>, name: string | undefined): ReadonlyMap<string, string> {
  return new Map([...words].filter(([each]) => each !== name));
}

/** The labels and annotations of the alerts of one severity; its word for the severity is the service's where all agree. */
function readWords(
  { reading, severities }: Sloth,
  path: YamlPath,
  severity: 'page' | 'ticket',
  shared: ReadonlyMap<string, string>,
): AlertWords {
  const places = new Map<string, { value: string; path: YamlPath }>();
  for (const [label, value] of wordsAt(reading, [...path, 'labels']))
    if (label !== 'severity' || severities[severity] === undefined)
      places.set(label, { value, path: [...path, 'labels', label] });
  const labels = keepLabels(reading, places);
  const own = keepAnnotations(reading, [...path, 'annotations'], wordsAt(reading, [...path, 'annotations']));
  const annotations = new Map([...shared, ...own]);
  return {
    ...(labels.size === 0 ? {} : { labels }),
    ...(annotations.size === 0 ? {} : { annotations }),
  };
}

/** Carried over to a shorter period, Sloth's slowest alert burns at less than 1, which is no danger to the budget; it is taken at 1. */
function withinPromise({ reading }: Sloth, path: YamlPath, tiers: Slo['alerts']): Slo['alerts'] {
  return tiers.map((tier) => {
    if (1 <= tier.burnRate) return tier;
    reportKey(reading, path, {
      severity: 'warning',
      code: 'dialect/assumed',
      message: `a burn rate of ${Number(tier.burnRate.toPrecision(3))} would alert while the promise is kept; 1 is taken`,
      help: 'nothing is to be done',
    });
    return { ...tier, burnRate: 1 };
  });
}
