import { type Diagnostic, day, duration } from '../../base/index.ts';
import { type Service, type Slo, windowWord, workbookTiers } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { enumeration } from '../definition/reading.ts';
import { activeSlos, type Sayable, sayLosses } from '../dialect-losses.ts';
import {
  alertNameOf,
  beyondCounters,
  lossesInto,
  nativeHistogramOf,
  nativeShare,
  type SayLoss,
  sameTiers,
  sayLeftOut,
  sayNoCounters,
  type WrittenServices,
} from '../dialect-write.ts';
import { alertTexts, type SlothAlertTexts, slothQueryOf } from './names.ts';

/** Sloth judges every objective over one period, which a flag sets; this is what it is without. */
const period = duration(30 * day);

const sayable: Sayable = {
  service: new Set(['owner', 'severityLabels']),
  // Of what is measured by slices or in groups it is said that it cannot be written at all.
  slo: new Set(['description', 'runbook', 'labels', 'measure', 'groupBy']),
  // Of several names, and of words that differ within a severity, it is said that there is room for one.
  tier: new Set(['name', 'labels', 'annotations']),
};

/** Writes services for Sloth, each a document: as its file format, or as its Kubernetes object. */
export function writeSloth(services: readonly Service[], form: 'file' | 'object'): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const documents = services.flatMap((service) => {
    const slos = activeSlos(service, say);
    sayLosses({ ...service, slos }, say, sayable);
    if (service.severityLabels.info !== 'info')
      say('warning', service.name, 'the format has no alerts for information', 'route by the labels of the others');
    const written = slos.flatMap((slo) => sloOf(service, slo, say) ?? []);
    if (written.length === 0) return [];
    const spec = specOf(service, written);
    return [printYaml(form === 'file' ? { version: 'prometheus/v1', ...spec } : objectOf(service, spec))];
  });
  return { text: documents.join('---\n'), diagnostics };
}

function objectOf({ name }: Service, spec: YamlValue): YamlValue {
  return {
    apiVersion: 'sloth.slok.dev/v1',
    kind: 'PrometheusServiceLevel',
    metadata: { name },
    spec: inCamel(spec),
  };
}

/** Keys as the Kubernetes object spells them. Labels and annotations keep theirs. */
function inCamel(value: YamlValue): YamlValue {
  if (value === null || typeof value !== 'object' || value instanceof Map) return value;
  if (isList(value)) return value.map(inCamel);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      item === undefined ? undefined : inCamel(item),
    ]),
  );
}

function isList(value: object): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function specOf(service: Service, slos: readonly YamlValue[]): Readonly<Record<string, YamlValue | undefined>> {
  return {
    service: service.name,
    labels: service.owner === '' ? undefined : new Map([['owner', service.owner]]),
    slos,
  };
}

function sloOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const about = `${service.name}/${slo.name}`;
  const sli = sliOf(service, slo, say);
  if (sli === undefined) return undefined;
  if (slo.period.length !== period) {
    const help = 'run Sloth with `--default-slo-period` for it, apart from the others';
    say('warning', about, 'the file has no place for a period other than 30d', help);
  }
  return {
    name: slo.name,
    objective: Number(slo.target.text.replace('%', '')),
    description: slo.description,
    labels: slo.labels.size === 0 ? undefined : slo.labels,
    sli,
    alerting: alertingOf(service, slo, say),
  };
}

function sliOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const beyond = beyondCounters(slo, false);
  if (beyond !== undefined) return sayLeftOut(service, slo, beyond, say);
  if (slo.indicator.kind === 'distribution' && nativeHistogramOf(service, slo) !== undefined)
    return { raw: { error_ratio_query: nativeShare(slo.indicator, 'bad', windowWord) } };
  const query = slothQueryOf(slo);
  if (query === undefined) return sayNoCounters(service, slo, say);
  return query.kind === 'raw'
    ? { raw: { error_ratio_query: query.errorRatio } }
    : { events: { error_query: query.errors, total_query: query.total } };
}

/** Sloth has the workbook's tiers, which are on or off by severity. */
function alertingOf(service: Service, slo: Slo, say: SayLoss): YamlValue {
  const possible = workbookTiers({ kind: 'rolling', length: period }, slo.target);
  const severities = new Set(slo.alerts.map(({ severity }) => severity));
  if (
    !sameTiers(
      slo.alerts,
      possible.filter(({ severity }) => severities.has(severity)),
    )
  )
    say(
      'warning',
      `${service.name}/${slo.name}`,
      'the file has no place for alerts other than those of the workbook, which it gets',
      'give Sloth the windows by `--slo-period-windows-path`',
    );
  const page = severities.has('page') ? textsOf(service, slo, 'page', say) : undefined;
  const ticket = severities.has('ticket') ? textsOf(service, slo, 'ticket', say) : undefined;
  const shared = page === undefined || ticket === undefined ? [] : alike(page.annotations, ticket.annotations);
  const annotations = new Map([
    ...(slo.runbook === undefined ? [] : [['runbook_url', slo.runbook] as const]),
    ...shared,
  ]);
  const without = new Map(shared);
  return {
    name: alertNameOf(service, slo, say),
    annotations: annotations.size === 0 ? undefined : annotations,
    page_alert: alertOf(page, without),
    ticket_alert: alertOf(ticket, without),
  };
}

/** What both alerts are annotated with; the address of what to do is the objective's where it stands beside both. */
function alike(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...a].filter(([name, text]) => b.get(name) === text && name !== 'runbook_url' && name !== 'runbook');
}

/** What all alerts of one severity say, which are one in Sloth. */
function textsOf(service: Service, slo: Slo, severity: 'page' | 'ticket', say: SayLoss): SlothAlertTexts {
  const { labels, annotations, differing } = alertTexts(service, slo, severity);
  const names = enumeration(differing.map((name) => `\`${name}\``));
  if (0 < differing.length)
    say(
      'warning',
      `${service.name}/${slo.name}`,
      `the alerts of one severity are one in the format, which has no place for ${names} of some of them`,
      'give all of them the same',
    );
  return { labels, annotations };
}

function alertOf(texts: SlothAlertTexts | undefined, said: ReadonlyMap<string, string>): YamlValue | undefined {
  if (texts === undefined) return { disable: true };
  const { labels } = texts;
  const annotations = new Map([...texts.annotations].filter(([name]) => !said.has(name)));
  if (labels.size + annotations.size === 0) return undefined;
  return {
    labels: labels.size === 0 ? undefined : labels,
    annotations: annotations.size === 0 ? undefined : annotations,
  };
}
