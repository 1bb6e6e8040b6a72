import { type Diagnostic, formatDuration } from '../../base/index.ts';
import { printExpr, type VectorSelector } from '../../promql/index.ts';
import { pyrraAbsentFor, pyrraTiers, type Service, type Slo } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import {
  counterPair,
  lossesInto,
  type SayLoss,
  sameTiers,
  sayCommonLosses,
  sayNoCounters,
  type WrittenServices,
} from '../dialect-write.ts';
import { ruleLabelPrefix } from './read.ts';

/** Writes each objective as an object of Pyrra. An objective that counts good events other than a histogram's has no place there. */
export function writePyrra(services: readonly Service[]): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const documents = services.flatMap((service) => {
    sayCommonLosses(service, say, new Set(['absentFor']));
    return service.slos.flatMap((slo) => objectOf(service, slo, say) ?? []);
  });
  return { text: documents.map((document) => printYaml(document)).join('---\n'), diagnostics };
}

function objectOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const indicator = indicatorOf(service, slo, say);
  if (indicator === undefined) return undefined;
  const labels = new Map([
    [`${ruleLabelPrefix}service`, service.name],
    ...(service.owner === '' ? [] : [[`${ruleLabelPrefix}owner`, service.owner] as const]),
    ...[...slo.labels].map(([label, value]) => [`${ruleLabelPrefix}${label}`, value] as const),
  ]);
  return {
    apiVersion: 'pyrra.dev/v1alpha1',
    kind: 'ServiceLevelObjective',
    // A service of one objective often has its name.
    metadata: { name: slo.name === service.name ? slo.name : `${service.name}-${slo.name}`, labels },
    spec: {
      target: slo.target.text.replace('%', ''),
      window: formatDuration(slo.period.length),
      description: slo.description,
      indicator,
      alerting: alertingOf(service, slo, say),
    },
  };
}

function indicatorOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const about = `${service.name}/${slo.name}`;
  const pair = counterPair(slo, 'one');
  if (pair === undefined) {
    sayNoCounters(service, slo, say);
    return undefined;
  }
  const { counts, events, total } = pair;
  const [first, ...others] = events;
  const [all, ...further] = total;
  if (first === undefined || all === undefined || 0 < others.length + further.length) {
    say('error', about, 'Pyrra takes one selector for events and one for the total, not a sum', 'use one metric');
    return undefined;
  }
  const metric = (selector: VectorSelector): YamlValue => ({ metric: printExpr(selector) });
  if (slo.indicator.kind === 'distribution') return { latency: { success: metric(first), total: metric(all) } };
  if (counts === 'bad') return { ratio: { errors: metric(first), total: metric(all) } };
  say('error', about, 'Pyrra counts errors, and this objective counts good events', 'write `bad:` instead of `good:`');
  return undefined;
}

/** Pyrra has tiers of its own; they are on or off together. */
function alertingOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const about = `${service.name}/${slo.name}`;
  if (slo.absentFor !== pyrraAbsentFor(slo.period.length, slo.target.errorBudget))
    say('warning', about, 'the format has no place for `absentFor`: Pyrra chooses it', 'nothing is to be done');
  if (slo.alerts.length === 0) return { burnrates: false };
  const maximum = 1 / slo.target.errorBudget;
  const tiers = pyrraTiers(slo.period.length).filter(({ burnRate }) => burnRate < maximum);
  if (!sameTiers(slo.alerts, tiers))
    say(
      'warning',
      about,
      'the format has no place for alerts: Pyrra makes its own four, at burn rates of 14, 7, 2 and 1',
      'compare them with `nines diff`',
    );
  return undefined;
}
