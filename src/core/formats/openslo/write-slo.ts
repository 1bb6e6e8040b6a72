import { type Duration, formatDuration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import {
  type BurnRateTier,
  type CompositeIndicator,
  type ExternalIndicator,
  type ForeignMap,
  type ForeignValue,
  type Measure,
  type Service,
  type Slo,
  windowQueryText,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { plainName } from '../dialect-service.ts';
import { counterPair, nativeHistogramOf, nativeShare, type SayLoss, sayLeftOut, sumQuery } from '../dialect-write.ts';
import { ownTarget } from './alerts.ts';
import { annotationsWith, sloAnnotations, wordsAbout } from './annotations.ts';
import { targetName } from './contacts.ts';
import { thresholdOf } from './threshold.ts';
import { lengthText, shorthandOf, timeWindowOf } from './time-window.ts';

/** The objectives that are written, those among them whose indicators are objects of their own, and all by `service/name`. */
export interface Written {
  readonly slos: ReadonlySet<Slo>;
  readonly shared: ReadonlySet<Slo>;
  readonly all: ReadonlyMap<string, Slo>;
}

/** Whether the format can say an objective; if not, it is said why. */
export function writable(service: Service, slo: Slo, all: ReadonlyMap<string, Slo>, say: SayLoss): boolean {
  const why = beyond(slo, all);
  if (why !== undefined) sayLeftOut(service, slo, why, say);
  return why === undefined;
}

function beyond({ indicator, period }: Slo, all: ReadonlyMap<string, Slo>): string | undefined {
  if (period.kind === 'continuous') return 'the format has no `continuous` period: its objectives have a budget';
  if (indicator.kind === 'external' && foreignSli(indicator) === undefined)
    return `what ${indicator.system} measures is not in the words of OpenSLO`;
  if (indicator.kind !== 'composite') return undefined;
  if (indicator.combine !== 'weighted')
    return `the format joins objectives by their weights, and has no \`combine: ${indicator.combine}\``;
  for (const { service, slo } of indicator.members) {
    const part = all.get(`${service}/${slo}`);
    if (part === undefined) return `its part \`${service}/${slo}\` is not among what is written`;
    if (part.indicator.kind === 'composite') return `its part \`${service}/${slo}\` is made of others itself`;
    if (part.period.kind === 'continuous') return `its part \`${service}/${slo}\` has no period`;
  }
  return undefined;
}

/** The name of an indicator that stands by itself. */
export function sliName(service: string, slo: string): string {
  return plainName(`${service}-${slo}`);
}

/** What an objective measures. */
interface Sli {
  readonly metadata: Readonly<Record<string, YamlValue | undefined>>;
  readonly spec: YamlValue;
  /** What objectives add to it: how the value is compared. */
  readonly compared: Readonly<Record<string, YamlValue>>;
}

/** An objective as an object, and its indicator where it has one. */
export function sloOf(
  service: Service,
  slo: Slo,
  { shared, all }: Written,
  say: SayLoss,
): { readonly sli?: Sli; readonly document: YamlValue } {
  saySeconds(service, slo, say);
  const sli = sliOf(service, slo);
  const words = wordsAbout(slo.name, slo.title, slo.description);
  const document = {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: slo.name,
      displayName: words.displayName,
      labels: labelsOf(slo.labels),
      annotations: annotationsWith({ ...words.annotations, ...sloAnnotations(slo) }),
    },
    spec: {
      description: words.description,
      service: service.name,
      ...(sli === undefined
        ? {}
        : shared.has(slo)
          ? { indicatorRef: sliName(service.name, slo.name) }
          : { indicator: { metadata: { name: plainName(`${slo.name}-indicator`), ...sli.metadata }, spec: sli.spec } }),
      timeWindow: timeWindowOf(slo.period),
      budgetingMethod: methodOf(slo.measure),
      objectives:
        slo.indicator.kind === 'composite'
          ? partsOf(service, slo, slo.indicator, all)
          : [{ ...sli?.compared, ...targetOf(slo) }],
      alertPolicies: slo.alerts.length === 0 ? undefined : slo.alerts.map((tier) => policyOf(service, slo, tier)),
    },
  };
  return sli === undefined ? { document } : { sli, document };
}

/** Labels as the format has them, each with a list of values. */
function labelsOf(labels: ReadonlyMap<string, string> = new Map()): YamlValue | undefined {
  return labels.size === 0 ? undefined : new Map([...labels].map(([label, value]) => [label, [value]]));
}

function sliOf(service: Service, slo: Slo): Sli | undefined {
  const { indicator } = slo;
  const plain = { metadata: {}, compared: {} };
  if (indicator.kind === 'external') return foreignSli(indicator);
  if (indicator.kind === 'queries') {
    const { counts, events, total } = indicator;
    const query = (expr: Expr): YamlValue => metricSource(windowQueryText(expr));
    if (total === undefined) {
      const rawType = counts === 'good' ? 'success' : 'failure';
      return { ...plain, spec: { ratioMetric: { counter: false, rawType, raw: query(events) } } };
    }
    return { ...plain, spec: { ratioMetric: { counter: false, [counts]: query(events), total: query(total) } } };
  }
  if (indicator.kind === 'condition') {
    const { query, op, value, annotation } = thresholdOf(indicator.condition);
    const annotations = annotationsWith({ condition: annotation });
    const spec = { thresholdMetric: metricSource(query) };
    return { metadata: { annotations }, spec, compared: { op, value } };
  }
  if (indicator.kind === 'distribution' && nativeHistogramOf(service, slo) !== undefined) {
    const raw = metricSource(nativeShare(indicator, 'good', '{{.window}}'));
    return { ...plain, spec: { ratioMetric: { counter: true, rawType: 'success', raw } } };
  }
  const pair = counterPair(slo, 'every');
  if (pair === undefined) return undefined;
  const { counts, events, total } = pair;
  const queries = { [counts]: metricSource(sumQuery(events)), total: metricSource(sumQuery(total)) };
  return { ...plain, spec: { ratioMetric: { counter: true, ...queries } } };
}

function metricSource(query: string): YamlValue {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}

/** What another system measures, as an OpenSLO document said it; undefined where another format did. */
function foreignSli({ system, measures }: ExternalIndicator): Sli | undefined {
  const { ratioMetric, thresholdMetric, op, value } = measures;
  const source = (spec: ForeignValue): YamlValue => ({ metricSource: { type: system, spec } });
  if (thresholdMetric !== undefined && op !== undefined && value !== undefined)
    return { metadata: {}, spec: { thresholdMetric: source(thresholdMetric) }, compared: { op, value } };
  if (!isForeignMap(ratioMetric)) return undefined;
  const parts = Object.entries(ratioMetric).map(([part, spec]) => [
    part,
    part === 'counter' || part === 'rawType' ? spec : source(spec),
  ]);
  return { metadata: {}, spec: { ratioMetric: Object.fromEntries(parts) }, compared: {} };
}

function isForeignMap(value: ForeignValue | undefined): value is ForeignMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function methodOf(measure: Measure): string {
  switch (measure.kind) {
    case 'events':
      return 'Occurrences';
    case 'slices':
      return 'Timeslices';
    case 'slice-ratios':
      return 'RatioTimeslices';
  }
}

function targetOf({ target, measure }: Slo): Readonly<Record<string, YamlValue>> {
  const share = { target: target.ratio };
  switch (measure.kind) {
    case 'events':
      return share;
    case 'slices':
      return { ...share, timeSliceTarget: measure.sliceTarget ?? 1, timeSliceWindow: lengthText(measure.length) };
    case 'slice-ratios':
      return { ...share, timeSliceWindow: lengthText(measure.length) };
  }
}

/** The parts of a composite, each with the target of the whole. */
function partsOf(
  home: Service,
  whole: Slo,
  { members }: CompositeIndicator,
  all: ReadonlyMap<string, Slo>,
): readonly YamlValue[] {
  return members.map(({ service, slo, weight }) => {
    const part = all.get(`${service}/${slo}`);
    const compared = part === undefined ? {} : sliOf(home, part)?.compared;
    return {
      displayName: slo,
      indicatorRef: sliName(service, slo),
      ...compared,
      ...targetOf(whole),
      compositeWeight: weight,
    };
  });
}

/** A policy has one condition, and a condition one window; the short window stands in an annotation. */
function policyOf(service: Service, slo: Slo, tier: BurnRateTier): YamlValue {
  const name = plainName(`${slo.name}-${tier.severity}-${formatDuration(tier.longWindow)}`);
  const { keepFiringFor } = tier;
  return {
    kind: 'AlertPolicy',
    metadata: { name },
    spec: {
      alertWhenBreaching: true,
      conditions: [
        {
          kind: 'AlertCondition',
          metadata: {
            name,
            labels: labelsOf(tier.labels),
            annotations: annotationsWith({
              'short-window': formatDuration(tier.shortWindow),
              'keep-firing-for': keepFiringFor === undefined ? undefined : formatDuration(keepFiringFor),
              'alert-name': tier.name,
              profile: tier.profile,
              annotations:
                tier.annotations === undefined ? undefined : JSON.stringify(Object.fromEntries(tier.annotations)),
            }),
          },
          spec: {
            severity: tier.severity,
            condition: {
              kind: 'burnrate',
              op: 'gt',
              threshold: tier.burnRate,
              lookbackWindow: lengthText(tier.longWindow),
              alertAfter: lengthText(tier.holdFor),
            },
          },
        },
      ],
      notificationTargets: targetsOf(service),
    },
  };
}

/** A policy has at least one target: the contacts, or else the Alertmanager that routes the alerts anyway. */
function targetsOf(service: Service): readonly YamlValue[] {
  if (0 < service.contacts.length)
    return service.contacts.map((contact) => ({ targetRef: targetName(service, contact) }));
  return [{ kind: 'AlertNotificationTarget', metadata: { name: ownTarget }, spec: { target: ownTarget } }];
}

function saySeconds({ name }: Service, { name: slo, period, measure, alerts }: Slo, say: SayLoss): void {
  const lengths: readonly Duration[] = [
    ...(period.kind === 'rolling' ? [period.length] : []),
    ...(measure.kind === 'events' ? [] : [measure.length]),
    ...alerts.flatMap(({ longWindow, holdFor }) => [longWindow, holdFor]),
  ];
  const odd = [...new Set(lengths.filter((length) => shorthandOf(length) === undefined).map(formatDuration))];
  if (odd.length === 0) return;
  const message = `the format has no seconds; ${odd.map((text) => `\`${text}\``).join(', ')} is written as it is`;
  say('warning', `${name}/${slo}`, message, 'other tools may refuse it; use whole minutes');
}
