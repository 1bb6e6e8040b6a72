import { type BurnRateTier, defaultMeasure, plainService, plainSlo, type Service, type Slo } from '../slo/index.ts';
import { defaultAbsentFor, minimumBadEventsOf } from './definition/defaults.ts';
import { enumeration } from './definition/reading.ts';
import { jobOf } from './dialect-service.ts';
import type { SayLoss } from './dialect-write.ts';

/** The parts of the model that a format can say, by their keys. */
export interface Sayable {
  readonly service: ReadonlySet<keyof Service>;
  readonly slo: ReadonlySet<keyof Slo>;
  readonly tier: ReadonlySet<keyof BurnRateTier>;
}

type Words<T> = { readonly [Key in keyof T]-?: string };

// Each key of the model stands here, which the compiler holds, so that a new one is told as lost until a format says it.

/** What definitions call the parts of a service. */
const serviceWords: Words<Omit<Service, 'name' | 'slos'>> = {
  title: 'title',
  description: 'description',
  owner: 'owner',
  job: 'job',
  metrics: 'metrics',
  criticality: 'criticality',
  severityLabels: 'severities',
  indicators: 'indicators',
  alerts: 'alerts',
  policies: 'policies',
  thresholds: 'thresholds',
  slas: 'slas',
  exclusions: 'exclusions',
  goals: 'goals',
  notifications: 'notifications',
  panels: 'panels',
  environments: 'environments',
  contacts: 'contacts',
  reviews: 'reviews',
  changeProcess: 'changes',
  proposals: 'proposals',
  actionItems: 'actionItems',
  document: 'document',
  outOfScope: 'outOfScope',
  glossary: 'glossary',
  resources: 'resources',
};

/** What definitions call the parts of an objective, but those without which it is none. */
const sloWords: Words<Omit<Slo, 'name' | 'indicator' | 'target' | 'period' | 'alerts'>> = {
  title: 'title',
  description: 'description',
  minimumBadEvents: 'minimumBadEvents',
  noData: 'noData',
  absentFor: 'absentFor',
  runbook: 'runbook',
  labels: 'labels',
  measure: 'targets of slices',
  furtherPeriods: 'periods',
  groupBy: 'groupBy',
  conditionAlerts: 'alerts on conditions',
  minimumEvents: 'minimumEvents',
  quantiles: 'quantiles',
  role: 'role',
  category: 'category',
  lifecycle: 'lifecycle',
  criticality: 'criticality',
  family: 'family',
  journey: 'journey',
  customers: 'customers',
  rationale: 'rationale',
  impact: 'impact',
  costs: 'costs',
  dependsOn: 'dependsOn',
  aspiration: 'aspiration',
  evidence: 'evidence',
  targetHistory: 'targetHistory',
  dashboard: 'dashboard',
};

/** What definitions call the parts of an alert that formats with alerts of their own have no place for. */
const tierWords: Words<Omit<BurnRateTier, 'severity' | 'longWindow' | 'shortWindow' | 'burnRate' | 'holdFor'>> = {
  keepFiringFor: 'keepFiringFor',
  name: 'alertNames',
  profile: 'profile',
  labels: 'alertLabels',
  annotations: 'alertAnnotations',
};

const help = 'keep the definition of Nines as the source';

/** Says once of each kind of thing that a service or its objectives say and the format cannot. */
export function sayLosses(service: Service, say: SayLoss, { service: own, slo, tier }: Sayable): void {
  const { name, slos } = service;
  const usual = {
    ...plainService,
    title: name,
    description: undefined,
    owner: '',
    job: jobOf(name, slos),
    metrics: new Map(),
  };
  for (const key of keysOf(serviceWords))
    if (!own.has(key) && isSaid(service[key], usual[key]))
      // A catalogue describes what is measured and changes nothing of what is promised.
      say(key === 'metrics' ? 'info' : 'warning', name, placeless(serviceWords[key]), help);
  for (const key of keysOf(sloWords)) {
    if (slo.has(key)) continue;
    sayOfSome(
      service,
      slos.filter((each) => isSaid(each[key], usualOf(each)[key])),
      sloWords[key],
      say,
    );
  }
  for (const key of keysOf(tierWords)) {
    if (tier.has(key)) continue;
    sayOfSome(
      service,
      slos.filter(({ alerts }) => alerts.some((each) => isSaid(each[key], undefined))),
      tierWords[key],
      say,
    );
  }
}

/** Says of the objectives that have it that the format has no place for something. */
function sayOfSome({ name }: Service, slos: readonly Slo[], word: string, say: SayLoss): void {
  const [first, second] = slos;
  if (first === undefined) return;
  const names = slos.slice(0, 5).map((each) => each.name);
  const rest = slos.length - names.length;
  const whose = enumeration(rest === 0 ? names : [...names, `${rest} more`]);
  if (second === undefined) say('warning', `${name}/${first.name}`, placeless(word), help);
  else say('warning', name, `${placeless(word)} of ${whose}`, help);
}

function placeless(word: string): string {
  const what = word === 'metrics' ? 'the metric catalogue' : word.includes(' ') ? word : `\`${word}\``;
  return `the format has no place for ${what}`;
}

type UsualSlo = Readonly<Record<keyof typeof sloWords, unknown>>;

/** What an objective says of its parts if it says nothing. */
function usualOf({ name, indicator }: Slo): UsualSlo {
  const nothing = { description: undefined, runbook: undefined, criticality: undefined, family: undefined };
  const further = { journey: undefined, rationale: undefined, aspiration: undefined, evidence: undefined };
  const rest = { dashboard: undefined };
  return {
    ...nothing,
    ...further,
    ...rest,
    ...plainSlo,
    title: name,
    minimumBadEvents: minimumBadEventsOf(indicator),
    noData: 'unknown',
    absentFor: defaultAbsentFor,
    labels: new Map(),
    measure: defaultMeasure(indicator),
  };
}

/** Whether a part says something that is not the usual. */
function isSaid(value: unknown, usual: unknown): boolean {
  if (value === undefined) return false;
  if (value instanceof Map) return 0 < value.size;
  if (Array.isArray(value)) return 0 < value.length;
  if (typeof value === 'object') return JSON.stringify(value) !== JSON.stringify(usual);
  return value !== usual;
}

function keysOf<Key extends string>(words: Readonly<Record<Key, string>>): readonly Key[] {
  const isKey = (key: string): key is Key => key in words;
  return Object.keys(words).filter(isKey);
}

/** The objectives of a service that another tool should judge; of those without rules of their own it is said that they are left out. */
export function activeSlos(service: Service, say: SayLoss): readonly Slo[] {
  return service.slos.filter((slo) => {
    if (slo.lifecycle === 'active' || slo.lifecycle === 'pending') return true;
    const state = slo.lifecycle === 'draft' ? 'a draft' : 'retired';
    say(
      'warning',
      `${service.name}/${slo.name}`,
      `it is ${state}, and left out: the format has no place for that`,
      help,
    );
    return false;
  });
}
