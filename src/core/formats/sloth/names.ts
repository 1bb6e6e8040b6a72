import type { Source } from '../../base/index.ts';
import { build } from '../../promql/index.ts';
import {
  type QueriesIndicator,
  readTarget,
  type Service,
  type SharedWords,
  type Slo,
  sharedWords,
  type Target,
  usualAlertName,
  windowQueryText,
  windowWord,
} from '../../slo/index.ts';
import { readYaml } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { flagAt, headOf, isThere, itemsAt, textAt, wordsAt } from '../dialect-reading.ts';
import { plainName } from '../dialect-service.ts';
import { counterPair, rateQuery, restQuery } from '../dialect-write.ts';
import { objectiveSuffix } from '../openslo/objects.ts';

/** What an objective is called in Sloth's rules, and the texts that only these have. */
export interface SlothNames {
  /** The objective that is meant, by its names here. */
  readonly service: string;
  readonly slo: string;
  /** The names as Sloth's file has them; ours are their lower-case words. */
  readonly slothService: string;
  readonly slothSlo: string;
  /** The labels `sloth_spec` and `sloth_mode` of `sloth_slo_info`. */
  readonly spec: string;
  readonly mode: string;
  /** What Sloth's file promises; undefined for names that were made up. */
  readonly target?: Target;
  /** Labels of everything that is recorded. */
  readonly labels: ReadonlyMap<string, string>;
  /** With `{{.window}}` where the range stands. */
  readonly query: SlothQuery;
  readonly alert: string;
  /** Undefined where the alert is turned off. */
  readonly page?: SlothAlertTexts;
  readonly ticket?: SlothAlertTexts;
}

export type SlothQuery =
  | { readonly kind: 'events'; readonly errors: string; readonly total: string }
  | { readonly kind: 'raw'; readonly errorRatio: string };

/** The labels and annotations that a file gives an alert, besides those that Sloth adds. */
export interface SlothAlertTexts {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

/** The word that stands for the range in Sloth's queries. */
export const slothWindow: RegExp = /\{\{-?\s*\.window\s*-?\}\}/g;

/** The names in a text of Sloth's documents. Other documents, and what is no objective, are passed over: the reader complains of them. */
export function readSlothNames({ text }: Source): readonly SlothNames[] {
  const documents = readYaml(text);
  if (!documents.ok) return [];
  return documents.value.flatMap((root) => {
    const { apiVersion, kind } = headOf(root);
    const reading: Reading = { text, root, diagnostics: [], misspelt: new Set() };
    if (apiVersion === 'sloth.slok.dev/v1' && kind === 'PrometheusServiceLevel')
      return namesIn({ reading, path: ['spec'], spec: apiVersion, mode: 'cli-gen-k8s', isObject: true });
    if (apiVersion === 'openslo/v1alpha' && kind === 'SLO') return namesInOpenslo(reading);
    const version = textAt(reading, ['version']);
    if (apiVersion !== '' || version !== 'prometheus/v1') return [];
    return namesIn({ reading, path: [], spec: version, mode: 'cli-gen-prom', isObject: false });
  });
}

interface Document {
  readonly reading: Reading;
  readonly path: readonly string[];
  readonly spec: string;
  readonly mode: string;
  /** Objects of Kubernetes spell their keys in camel case. */
  readonly isObject: boolean;
}

function namesIn(document: Document): readonly SlothNames[] {
  const { reading, path } = document;
  const slothService = textAt(reading, [...path, 'service']) ?? '';
  const shared = wordsAt(reading, [...path, 'labels']);
  return itemsAt(reading, [...path, 'slos']).flatMap((item) => {
    const slothSlo = textAt(reading, [...item, 'name']) ?? '';
    const query = queryAt(document, [...item, 'sli']);
    if (query === undefined) return [];
    const objective = textAt(reading, [...item, 'objective']);
    const target = objective === undefined ? undefined : readTarget(`${objective.trim()}%`);
    const alerting = [...item, 'alerting'];
    const page = alertAt(reading, alerting, document.isObject ? 'pageAlert' : 'page_alert');
    const ticket = alertAt(reading, alerting, document.isObject ? 'ticketAlert' : 'ticket_alert');
    return [
      {
        service: plainName(slothService),
        slo: plainName(slothSlo),
        slothService,
        slothSlo,
        spec: document.spec,
        mode: document.mode,
        ...(target?.ok === true && { target: target.value }),
        labels: new Map([...shared, ...wordsAt(reading, [...item, 'labels'])]),
        query,
        alert: textAt(reading, [...alerting, 'name']) ?? '',
        ...(page !== undefined && { page }),
        ...(ticket !== undefined && { ticket }),
      },
    ];
  });
}

/** Sloth reads OpenSLO's first version too: each objective by its place in the list, with the share of good events turned round, and no alerts. */
function namesInOpenslo(reading: Reading): readonly SlothNames[] {
  const slothService = textAt(reading, ['spec', 'service']) ?? '';
  const name = textAt(reading, ['metadata', 'name']) ?? '';
  const items = itemsAt(reading, ['spec', 'objectives']);
  return items.flatMap((item, index) => {
    const good = textAt(reading, [...item, 'ratioMetrics', 'good', 'query']);
    const total = textAt(reading, [...item, 'ratioMetrics', 'total', 'query']);
    if (good === undefined || total === undefined) return [];
    return [
      {
        service: plainName(slothService),
        slo: `${plainName(name)}${objectiveSuffix(textAt(reading, [...item, 'displayName']), index, items.length)}`,
        slothService,
        slothSlo: `${name}-${index}`,
        spec: 'openslo/v1alpha',
        mode: 'cli-gen-openslo',
        labels: new Map(),
        query: { kind: 'raw', errorRatio: `1 - (\n(${good})\n/\n(${total})\n)` },
        alert: '',
      },
    ];
  });
}

function queryAt({ reading, isObject }: Document, path: Place): SlothQuery | undefined {
  const word = (...keys: readonly string[]): string | undefined => textAt(reading, [...path, ...keys]);
  if (isThere(reading, [...path, 'raw'])) {
    const errorRatio = word('raw', isObject ? 'errorRatioQuery' : 'error_ratio_query');
    return errorRatio === undefined ? undefined : { kind: 'raw', errorRatio };
  }
  const errors = word('events', isObject ? 'errorQuery' : 'error_query');
  const total = word('events', isObject ? 'totalQuery' : 'total_query');
  return errors === undefined || total === undefined ? undefined : { kind: 'events', errors, total };
}

type Place = readonly (string | number)[];

function alertAt(reading: Reading, path: Place, key: string): SlothAlertTexts | undefined {
  if (flagAt(reading, [...path, key, 'disable']) === true) return undefined;
  const both = (what: string): ReadonlyMap<string, string> =>
    new Map([...wordsAt(reading, [...path, what]), ...wordsAt(reading, [...path, key, what])]);
  return { labels: both('labels'), annotations: both('annotations') };
}

/** The names that Sloth would give an objective if it were exported to it; undefined for what counts no events. */
export function slothNamesOf(service: Service, slo: Slo): SlothNames | undefined {
  const query = slothQueryOf(slo);
  if (query === undefined) return undefined;
  const runbook = slo.runbook === undefined ? [] : [['runbook_url', slo.runbook] as const];
  const textsOf = (severity: 'page' | 'ticket'): SlothAlertTexts => {
    const { labels, annotations } = alertTexts(service, slo, severity);
    return { labels, annotations: new Map([...runbook, ...annotations]) };
  };
  const has = (severity: string): boolean => slo.alerts.some((tier) => tier.severity === severity);
  return {
    service: service.name,
    slo: slo.name,
    slothService: service.name,
    slothSlo: slo.name,
    spec: 'prometheus/v1',
    mode: 'cli-gen-prom',
    labels: new Map([...(service.owner === '' ? [] : [['owner', service.owner] as const]), ...slo.labels]),
    query,
    alert: slo.alerts.find(({ name }) => name !== undefined)?.name ?? usualAlertName,
    ...(has('page') && { page: textsOf('page') }),
    ...(has('ticket') && { ticket: textsOf('ticket') }),
  };
}

/** What all alerts of a severity say: the service's word for it, where it is another one than ours, and what they have alike. */
export function alertTexts({ severityLabels }: Service, { alerts }: Slo, severity: 'page' | 'ticket'): SharedWords {
  const word = severityLabels[severity];
  const shared = sharedWords(alerts.filter((tier) => tier.severity === severity));
  return {
    ...shared,
    labels: new Map([...(word === severity ? [] : [['severity', word] as const]), ...shared.labels]),
  };
}

/** The queries by which Sloth would measure an objective; undefined for what neither counts events nor is made of queries. */
export function slothQueryOf(slo: Slo): SlothQuery | undefined {
  const { indicator } = slo;
  if (indicator.kind === 'queries') return ownQueries(indicator);
  const counters = counterPair(slo, 'every');
  if (counters === undefined) return undefined;
  const { counts, events, total } = counters;
  return {
    kind: 'events',
    errors: counts === 'bad' ? rateQuery(events, windowWord) : restQuery(total, events, windowWord),
    total: rateQuery(total, windowWord),
  };
}

/** Sloth asks for errors only: what is good is taken from the total, or from one. */
function ownQueries({ counts, events, total }: QueriesIndicator): SlothQuery {
  if (total === undefined) {
    const share = counts === 'bad' ? events : build.subtract(1, events);
    return { kind: 'raw', errorRatio: windowQueryText(share) };
  }
  const errors = counts === 'bad' ? events : build.subtract(total, events);
  return { kind: 'events', errors: windowQueryText(errors), total: windowQueryText(total) };
}
