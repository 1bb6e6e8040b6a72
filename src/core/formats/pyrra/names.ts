import type { Source } from '../../base/index.ts';
import { parseExpr, type VectorSelector } from '../../promql/index.ts';
import { type Service, type Severity, type Slo, sharedWords } from '../../slo/index.ts';
import { readYaml } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { flagAt, headOf, isThere, textAt, wordsAt } from '../dialect-reading.ts';
import { plainName } from '../dialect-service.ts';
import { counterPair } from '../dialect-write.ts';
import { ruleLabelPrefix } from './read.ts';

/** What an objective is called in Pyrra's rules, and the texts that only these have. */
export interface PyrraNames {
  /** The objective that is meant, by its names here. */
  readonly service: string;
  readonly slo: string;
  /** The name of Pyrra's object, the value of the label `slo`. */
  readonly name: string;
  /** Labels and annotations that Pyrra passes on to its rules. */
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly indicator: PyrraIndicator;
  /** Names of the alerts; undefined where they are turned off. */
  readonly burnAlert?: string;
  readonly absentAlert?: string;
  /** Severities of the four burn-rate alerts, fastest first, and of the one about missing series. */
  readonly severities: readonly string[];
  readonly absentSeverity: string;
}

/** A ratio counts errors, a latency what was fast enough. */
export type PyrraIndicator =
  | { readonly kind: 'ratio'; readonly errors: VectorSelector; readonly total: VectorSelector }
  | { readonly kind: 'latency'; readonly success: VectorSelector; readonly total: VectorSelector };

const defaults = {
  burnAlert: 'ErrorBudgetBurn',
  absentAlert: 'SLOMetricAbsent',
  severities: ['critical', 'critical', 'warning', 'warning'],
  absentSeverity: 'critical',
} as const;

/** The names in a text of Pyrra's objects. Other documents are passed over: the reader complains of them. */
export function readPyrraNames({ text }: Source): readonly PyrraNames[] {
  const documents = readYaml(text);
  if (!documents.ok) return [];
  return documents.value.flatMap((root) => {
    const { apiVersion, kind } = headOf(root);
    if (apiVersion !== 'pyrra.dev/v1alpha1' || kind !== 'ServiceLevelObjective') return [];
    return namesIn({ text, root, diagnostics: [], misspelt: new Set() }) ?? [];
  });
}

function namesIn(reading: Reading): PyrraNames | undefined {
  const name = textAt(reading, ['metadata', 'name']) ?? '';
  const labels = passedOn(wordsAt(reading, ['metadata', 'labels']));
  const service = plainName(labels.get('service') ?? '') || plainName(name);
  const prefix = `${service}-`;
  const indicator = indicatorAt(reading);
  if (indicator === undefined) return undefined;
  const alerting = ['spec', 'alerting'];
  const word = (key: string): string | undefined => textAt(reading, [...alerting, key]);
  const off = flagAt(reading, [...alerting, 'disabled']) === true;
  const isOff = (key: string): boolean => off || flagAt(reading, [...alerting, key]) === false;
  const severity = (key: string): string | undefined => textAt(reading, [...alerting, 'severities', key]);
  const keys = ['fastBurn', 'mediumBurn', 'slowBurn', 'longTermBurn'];
  return {
    service,
    slo: plainName(prefix.length < name.length && name.startsWith(prefix) ? name.slice(prefix.length) : name),
    name,
    labels,
    annotations: passedOn(wordsAt(reading, ['metadata', 'annotations'])),
    indicator,
    ...(!isOff('burnrates') && { burnAlert: word('name') ?? defaults.burnAlert }),
    ...(!isOff('absent') && { absentAlert: word('absentName') ?? defaults.absentAlert }),
    severities: keys.map((key, index) => severity(key) ?? defaults.severities[index] ?? ''),
    absentSeverity: severity('absent') ?? defaults.absentSeverity,
  };
}

/** Those with Pyrra's prefix, without it. */
function passedOn(words: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = [...words].filter(([key]) => key.startsWith(ruleLabelPrefix));
  return new Map(own.map(([key, value]) => [key.slice(ruleLabelPrefix.length), value]));
}

function indicatorAt(reading: Reading): PyrraIndicator | undefined {
  const at = (...path: readonly string[]): VectorSelector | undefined => {
    const parsed = parseExpr(textAt(reading, ['spec', 'indicator', ...path, 'metric']) ?? '');
    return parsed.ok && parsed.value.kind === 'selector' ? parsed.value : undefined;
  };
  if (isThere(reading, ['spec', 'indicator', 'latency'])) {
    const [success, total] = [at('latency', 'success'), at('latency', 'total')];
    return success === undefined || total === undefined ? undefined : { kind: 'latency', success, total };
  }
  const [errors, total] = [at('ratio', 'errors'), at('ratio', 'total')];
  return errors === undefined || total === undefined ? undefined : { kind: 'ratio', errors, total };
}

/** The names that Pyrra would give an objective if it were exported to it; undefined where Pyrra cannot count it. */
export function pyrraNamesOf(service: Service, slo: Slo): PyrraNames | undefined {
  const counters = counterPair(slo, 'one');
  const [counted, others] = counters?.events ?? [];
  const [total, further] = counters?.total ?? [];
  if (counted === undefined || total === undefined || others !== undefined || further !== undefined) return undefined;
  if (slo.indicator.kind === 'ratio' && counters?.counts === 'good') return undefined;
  const words: Readonly<Record<Severity, string>> = { page: 'critical', ticket: 'warning', info: 'info' };
  return {
    service: service.name,
    slo: slo.name,
    name: slo.name === service.name ? slo.name : `${service.name}-${slo.name}`,
    labels: new Map([
      ['service', service.name],
      ...(service.owner === '' ? [] : [['owner', service.owner] as const]),
      ...slo.labels,
    ]),
    annotations: new Map([
      ...(slo.runbook === undefined ? [] : [['runbook_url', slo.runbook] as const]),
      ...sharedWords(slo.alerts).annotations,
    ]),
    indicator:
      slo.indicator.kind === 'distribution'
        ? { kind: 'latency', success: counted, total }
        : { kind: 'ratio', errors: counted, total },
    burnAlert: slo.alerts.find(({ name }) => name !== undefined)?.name ?? defaults.burnAlert,
    absentAlert: defaults.absentAlert,
    severities: slo.alerts.map(({ severity }) => words[severity]),
    absentSeverity: defaults.absentSeverity,
  };
}
