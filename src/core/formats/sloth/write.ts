import { type Diagnostic, day, duration } from '../../base/index.ts';
import { type Service, type Slo, workbookTiers } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import {
  counterPair,
  lossesInto,
  rateQuery,
  restQuery,
  type SayLoss,
  sameTiers,
  sayCommonLosses,
  sayNoCounters,
  type WrittenServices,
} from '../dialect-write.ts';

/** Sloth judges every objective over one period, which a flag sets; this is what it is without. */
const period = duration(30 * day);

/** Writes services for Sloth, each a document: as its file format, or as its Kubernetes object. */
export function writeSloth(services: readonly Service[], form: 'file' | 'object'): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const documents = services.map((service) => {
    sayCommonLosses(service, say, new Set(['runbook']));
    const spec = specOf(service, say);
    return printYaml(form === 'file' ? { version: 'prometheus/v1', ...spec } : objectOf(service, spec));
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

function specOf(service: Service, say: SayLoss): Readonly<Record<string, YamlValue | undefined>> {
  return {
    service: service.name,
    labels: service.owner === '' ? undefined : new Map([['owner', service.owner]]),
    slos: service.slos.map((slo) => sloOf(service, slo, say)),
  };
}

function sloOf(service: Service, slo: Slo, say: SayLoss): YamlValue {
  const about = `${service.name}/${slo.name}`;
  if (slo.period.length !== period) {
    const help = 'run Sloth with `--default-slo-period` for it, apart from the others';
    say('warning', about, 'the file has no place for a period other than 30d', help);
  }
  const pair = counterPair(slo, 'every');
  if (pair === undefined) {
    sayNoCounters(service, slo, say);
    return null;
  }
  const { counts, events, total } = pair;
  const word = '{{.window}}';
  return {
    name: slo.name,
    objective: Number(slo.target.text.replace('%', '')),
    description: slo.description,
    labels: slo.labels.size === 0 ? undefined : slo.labels,
    sli: {
      events: {
        error_query: counts === 'bad' ? rateQuery(events, word) : restQuery(total, events, word),
        total_query: rateQuery(total, word),
      },
    },
    alerting: alertingOf(service, slo, say),
  };
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
  return {
    name: `${service.name}-${slo.name}`,
    annotations: slo.runbook === undefined ? undefined : new Map([['runbook_url', slo.runbook]]),
    page_alert: severities.has('page') ? undefined : { disable: true },
    ticket_alert: severities.has('ticket') ? undefined : { disable: true },
  };
}
