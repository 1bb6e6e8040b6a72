import { type Diagnostic, duration, formatDuration, second } from '../../base/index.ts';
import { printExpr, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import {
  type ConditionIndicator,
  defaultSlice,
  metricOf,
  pyrraAbsentFor,
  pyrraTiers,
  type Service,
  type Slo,
  sharedWords,
  usualAlertName,
} from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { enumeration } from '../definition/reading.ts';
import { nameOf } from '../definition/selectors.ts';
import { activeSlos, type Sayable, sayLosses } from '../dialect-losses.ts';
import {
  alertNameOf,
  beyondCounters,
  counterPair,
  lossesInto,
  nativeHistogramOf,
  type SayLoss,
  sameTiers,
  sayLeftOut,
  sayNoCounters,
  type WrittenServices,
} from '../dialect-write.ts';
import { ruleLabelPrefix } from './read.ts';

const sayable: Sayable = {
  service: new Set(['owner']),
  // What Pyrra chooses itself, `absentFor`, and by what it judges are told of each objective.
  slo: new Set(['description', 'labels', 'groupBy', 'absentFor', 'runbook', 'measure']),
  tier: new Set(['name', 'annotations']),
};

/** Writes each objective as an object of Pyrra. An objective that counts good events other than a histogram's has no place there. */
export function writePyrra(services: readonly Service[]): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const documents = services.flatMap((service) => {
    const slos = activeSlos(service, say);
    sayLosses({ ...service, metrics: foreignMetrics(service), slos }, say, sayable);
    return slos.flatMap((slo) => objectOf(service, slo, say) ?? []);
  });
  return { text: documents.map((document) => printYaml(document)).join('---\n'), diagnostics };
}

/** The catalogue without what objects say themselves: that a histogram is a native one. */
function foreignMetrics({ metrics, slos }: Service): Service['metrics'] {
  const said = new Set(slos.flatMap((slo) => nativeHistogramOf({ metrics }, slo) ?? []));
  return new Map(
    [...metrics].filter(([name, metric]) => !said.has(name) || 0 < metric.labels.size || metric.help !== undefined),
  );
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
    metadata: {
      name: slo.name === service.name ? slo.name : `${service.name}-${slo.name}`,
      labels,
      annotations: annotationsOf(service, slo, say),
    },
    spec: {
      target: slo.target.text.replace('%', ''),
      window: formatDuration(slo.period.length),
      description: slo.description,
      indicator,
      alerting: alertingOf(service, slo, say),
    },
  };
}

/** The annotations that Pyrra gives to all alerts of an objective; of those that only some have it is said that they are lost. */
function annotationsOf(service: Service, { name, alerts, runbook }: Slo, say: SayLoss): YamlValue | undefined {
  // Of labels of single alerts it is said elsewhere that they are lost.
  const { annotations, differing } = sharedWords(alerts.map(({ labels: _, ...tier }) => tier));
  if (0 < differing.length)
    say(
      'warning',
      `${service.name}/${name}`,
      `the format has one set of annotations for all alerts of an objective, and no place for ${enumeration(differing.map((each) => `\`${each}\``))} of some`,
      'give all of them the same',
    );
  const all = [...(runbook === undefined ? [] : [['runbook_url', runbook] as const]), ...annotations];
  return all.length === 0 ? undefined : new Map(all.map(([each, text]) => [`${ruleLabelPrefix}${each}`, text]));
}

function indicatorOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const beyond = beyondCounters(slo, true);
  if (beyond !== undefined) return sayLeftOut(service, slo, beyond, say);
  const grouping = slo.groupBy.length === 0 ? undefined : slo.groupBy;
  if (slo.indicator.kind === 'condition') return gaugeOf(service, slo, slo.indicator, say);
  if (slo.indicator.kind === 'distribution' && nativeHistogramOf(service, slo) !== undefined) {
    const [total, other] = selectorsOf(slo.indicator.histogram);
    const isSum = total === undefined || other !== undefined;
    if (isSum) return sayLeftOut(service, slo, 'the format takes one histogram, not a sum', say);
    const milliseconds = slo.indicator.below * second;
    const isTime = metricOf(nameOf(total), service.metrics)?.unit === 'seconds' && Number.isInteger(milliseconds);
    if (!isTime)
      return sayLeftOut(
        service,
        slo,
        'of native histograms the format takes those of seconds, to the millisecond',
        say,
      );
    return { latencyNative: { latency: formatDuration(duration(milliseconds)), total: asMetric(total), grouping } };
  }
  const pair = counterPair(slo, 'one');
  if (pair === undefined) return sayNoCounters(service, slo, say);
  const { counts, events, total } = pair;
  const [first, ...others] = events;
  const [all, ...further] = total;
  if (first === undefined || all === undefined || 0 < others.length + further.length)
    return sayLeftOut(service, slo, 'the format takes one selector for events and one for the total, not a sum', say);
  if (slo.indicator.kind === 'distribution')
    return { latency: { success: asMetric(first), total: asMetric(all), grouping } };
  if (counts === 'bad') return { ratio: { errors: asMetric(first), total: asMetric(all), grouping } };
  return sayLeftOut(service, slo, 'the format counts errors, and this objective counts good events by `good:`', say);
}

function asMetric(selector: VectorSelector): YamlValue {
  return { metric: printExpr(selector) };
}

/** A gauge that is 1 while all is well is the one condition that the format has. */
function gaugeOf(service: Service, slo: Slo, { condition }: ConditionIndicator, say: SayLoss): YamlValue | undefined {
  const isGauge =
    condition.kind === 'comparison' &&
    condition.operator === '==' &&
    condition.bound === 1 &&
    condition.value.kind === 'selector';
  if (!isGauge) return sayLeftOut(service, slo, 'of conditions the format has gauges that are 1, as `up == 1`', say);
  if (slo.measure.kind === 'slices' && slo.measure.length !== defaultSlice)
    say(
      'warning',
      `${service.name}/${slo.name}`,
      `the format has no place for slices of ${formatDuration(slo.measure.length)}: it counts samples`,
      'nothing is to be done',
    );
  const grouping = slo.groupBy.length === 0 ? undefined : slo.groupBy;
  return { bool_gauge: { metric: printExpr(condition.value), grouping } };
}

/** Pyrra has tiers of its own; they are on or off together. */
function alertingOf(service: Service, slo: Slo, say: SayLoss): YamlValue | undefined {
  const about = `${service.name}/${slo.name}`;
  if (slo.absentFor !== pyrraAbsentFor(slo.period.length, slo.target.errorBudget))
    say('warning', about, 'the format has no place for `absentFor`: Pyrra chooses it', 'nothing is to be done');
  if (slo.alerts.length === 0) return { burnrates: false };
  const maximum = 1 / slo.target.errorBudget;
  const tiers = pyrraTiers(slo.period.length).filter(({ burnRate }) => burnRate < maximum);
  const severities = severitiesOf(slo.alerts, tiers);
  const called = alertNameOf(service, slo, say);
  const name = called === usualAlertName ? undefined : called;
  if (severities !== undefined) {
    const some = Object.keys(severities).length === 0 ? undefined : severities;
    return name === undefined && some === undefined ? undefined : { name, severities: some };
  }
  if (!sameTiers(slo.alerts, tiers))
    say(
      'warning',
      about,
      'the format has no place for alerts: Pyrra makes its own four, at burn rates of 14, 7, 2 and 1',
      'compare them with `nines diff`',
    );
  return name === undefined ? undefined : { name };
}

const tierKeys = ['fastBurn', 'mediumBurn', 'slowBurn', 'longTermBurn'] as const;
const severityWords = { page: 'critical', ticket: 'warning', info: 'info' } as const;

/** The severities that differ from Pyrra's, where nothing else does; undefined where the alerts are others. */
function severitiesOf(alerts: Slo['alerts'], tiers: Slo['alerts']): Readonly<Record<string, YamlValue>> | undefined {
  const all = pyrraTiers(duration(0)).length;
  const same = tiers.map((tier, index) => ({ ...tier, severity: alerts[index]?.severity ?? tier.severity }));
  if (!sameTiers(alerts, same)) return undefined;
  // Those that can't fire at the target are the fastest, so that the others stand at the end of the list.
  const skipped = all - tiers.length;
  return Object.fromEntries(
    alerts.flatMap(({ severity }, index) => {
      const key = tierKeys[index + skipped];
      return key === undefined || severity === tiers[index]?.severity ? [] : [[key, severityWords[severity]]];
    }),
  );
}
