import type { Outcome } from '../base/index.ts';
import { selectorsOf } from '../promql/index.ts';
import {
  type BurnRateTier,
  defaultMeasure,
  defaultPeriod,
  expressionsOf,
  metricOf,
  type Period,
  plainService,
  plainSlo,
  readPeriod,
  readTarget,
  type Service,
  type Slo,
  type Target,
  usualAlertName,
  workbookTiers,
} from '../slo/index.ts';
import { nodeAt, type YamlPath } from '../yaml/index.ts';
import { isAlertName } from './definition/condition-alerts.ts';
import { defaultAbsentFor, minimumBadEventsOf } from './definition/defaults.ts';
import { isAnnotationName } from './definition/label-map.ts';
import { printDefinition } from './definition/print.ts';
import { readDefinitions } from './definition/read.ts';
import { accept, type Reading, reportKey, reportValue } from './definition/reading.ts';
import { nameOf } from './definition/selectors.ts';
import { catalogueOf } from './dialect-catalogue.ts';
import { requiredText, say, sayLost, textAt } from './dialect-reading.ts';

/** An objective on its way from another format: what it says, and what has a default of ours. */
export interface SloDraft
  extends Pick<Slo, 'name' | 'indicator' | 'target'>,
    Partial<Omit<Slo, 'name' | 'indicator' | 'target'>> {
  /** Where it stands. */
  readonly path: YamlPath;
  readonly reading: Reading;
  /** The native histogram that it is about. */
  readonly native?: string;
}

/** A service on its way from another format. */
export interface ServiceDraft extends Pick<Service, 'name'>, Partial<Omit<Service, 'name' | 'slos'>> {
  readonly slos: readonly SloDraft[];
}

/**
 * The service of a draft, with our defaults for what the format leaves open. Each objective goes through the reader of our own
 * definitions, so that what was read can be written as one, and is refused for the same reasons; `unsaid` are the codes of what is not said, as
 * the format itself is to blame.
 */
export function serviceOf(draft: ServiceDraft, unsaid: ReadonlySet<string> = new Set()): Service | undefined {
  const { name, slos: drafts, ...rest } = draft;
  const base: Service = {
    ...plainService,
    name,
    title: name,
    owner: '',
    job: name,
    metrics: catalogueOf(drafts),
    ...rest,
    slos: [],
  };
  const found = new Map<string, Slo>();
  let around = base;
  // Composites come last, when their parts are known, and back to their places.
  for (const { path, reading, native: _, ...given } of drafts.toSorted((a, b) => rank(a) - rank(b))) {
    if (found.has(given.name)) {
      const message = `the service \`${name}\` has two objectives \`${given.name}\``;
      reportKey(reading, path, { severity: 'error', code: 'dialect/duplicate', message, help: 'rename one of them' });
      continue;
    }
    const slos = [...partsOf(given.indicator, found), sloOf(given)];
    // What refers to all objectives is no part of one.
    const outcome = checked({ ...around, policies: [], metrics: metricsOf(slos, base.metrics), slos }, given.name);
    // What the service says besides is checked once, with the first objective: with each of them it would be read thousands of times.
    around = { ...plainService, name, title: name, owner: '', job: base.job, metrics: base.metrics, slos: [] };
    for (const { span: _, ...remark } of outcome.diagnostics)
      if (remark.severity !== 'info' && !unsaid.has(remark.code)) reportKey(reading, path, remark);
    if (outcome.ok) found.set(given.name, outcome.value);
  }
  if (found.size < drafts.length) return undefined;
  const slos = drafts.flatMap((draft) => found.get(draft.name) ?? []);
  return { ...base, job: rest.job ?? jobOf(name, slos), slos };
}

/** The objectives that a composite is made of, as far as they stand in its service. */
function partsOf(indicator: Slo['indicator'], found: ReadonlyMap<string, Slo>): readonly Slo[] {
  if (indicator.kind !== 'composite') return [];
  return [...new Set(indicator.members.map(({ slo }) => slo))].flatMap((name) => found.get(name) ?? []);
}

/** The entries of a catalogue that objectives are about. */
function metricsOf(slos: readonly Slo[], metrics: Service['metrics']): Service['metrics'] {
  if (metrics.size === 0) return metrics;
  const used = slos.flatMap(({ indicator }) =>
    expressionsOf(indicator).flatMap((expr) =>
      selectorsOf(expr).flatMap((one) => metricOf(nameOf(one), metrics) ?? []),
    ),
  );
  return new Map(used.map((metric) => [metric.name, metric]));
}

function rank({ indicator }: SloDraft): number {
  return indicator.kind === 'composite' ? 1 : 0;
}

/** The scrape job that all selectors of a service agree on; its name where they do not say. Formats without a place for it leave it open. */
export function jobOf(name: string, slos: readonly Pick<Slo, 'indicator'>[]): string {
  const jobs = new Set(
    slos.flatMap(({ indicator }) =>
      expressionsOf(indicator).flatMap((expr) =>
        selectorsOf(expr).map(
          ({ matchers }) => matchers.find((matcher) => matcher.name === 'job' && matcher.operator === '=')?.value,
        ),
      ),
    ),
  );
  const [only = name] = jobs;
  return jobs.size === 1 ? only : name;
}

function sloOf(draft: Omit<SloDraft, 'path' | 'reading'>): Slo {
  const period = draft.period ?? defaultPeriod;
  return {
    ...plainSlo,
    measure: defaultMeasure(draft.indicator),
    title: draft.name,
    period,
    alerts: workbookTiers(period, draft.target),
    minimumBadEvents: minimumBadEventsOf(draft.indicator),
    noData: 'unknown',
    absentFor: defaultAbsentFor,
    labels: new Map(),
    ...draft,
  };
}

function checked(service: Service, name: string): Outcome<Slo> {
  const outcome = readDefinitions({ name: service.name, text: printDefinition(service) });
  if (!outcome.ok) return outcome;
  const slo = outcome.value[0]?.slos.find((each) => each.name === name);
  return slo === undefined ? { ok: false, diagnostics: outcome.diagnostics } : { ...outcome, value: slo };
}

/** A name as services and objectives have it, with a remark where it had to be changed. `prefix` is what stands before it in the text. */
export function nameAt(reading: Reading, path: YamlPath, prefix = ''): string | undefined {
  const written = requiredText(reading, path);
  if (written === undefined) return undefined;
  const text = prefix.length < written.length && written.startsWith(prefix) ? written.slice(prefix.length) : written;
  const name = plainName(text);
  if (name === '') {
    say(reading, path, 'error', 'dialect/name', `\`${text}\` has no letters to make a name of`, 'write a name');
    return undefined;
  }
  if (name !== text)
    say(reading, path, 'info', 'dialect/name', `the name \`${text}\` becomes \`${name}\``, 'nothing is to be done');
  return name;
}

/** Lower-case words joined by hyphens, as near to a text as can be. */
export function plainName(text: string): string {
  const words = text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return words.replace(/^-+/, '').slice(0, 63).replace(/-+$/, '');
}

/** A target in percent, `99.9`, or as a fraction. */
export function targetAt(reading: Reading, path: YamlPath, unit: 'percent' | 'fraction'): Target | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  if (text.trim().endsWith('%')) {
    say(reading, path, 'error', 'dialect/type', 'the target is a number without a percent sign', 'remove the sign');
    return undefined;
  }
  const outcome = readTarget(unit === 'percent' ? `${text.trim()}%` : text);
  // The reader of targets would suggest a percent sign, which these formats do not have.
  const help = unit === 'percent' ? 'write the percentage as a number, such as 99.9' : 'write a fraction such as 0.999';
  return accept(reading, path, { ...outcome, diagnostics: outcome.diagnostics.map((each) => ({ ...each, help })) });
}

/** A rolling period, which is a length of time in all these formats: the words that definitions of ours have besides are none. */
export function periodAt(reading: Reading, path: YamlPath): Period | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const outcome = readPeriod(text);
  if (!outcome.ok || outcome.value.kind === 'rolling') return accept(reading, path, outcome);
  const message = `\`${text}\` is no length of time`;
  say(reading, path, 'error', 'dialect/type', message, 'write for example `30d`');
  return undefined;
}

/** The labels that generated rules set themselves, which an objective cannot set. */
export const ownLabels: ReadonlySet<string> = new Set(['alertname', 'service', 'slo', 'owner', 'severity', 'window']);

/** The labels that an objective can have; the others are told as lost. */
export function keepLabels(
  reading: Reading,
  places: ReadonlyMap<string, { readonly value: string; readonly path: YamlPath }>,
): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const [label, { value, path }] of places) {
    const usable = /^[a-zA-Z_]\w*$/.test(label) && !label.startsWith('__');
    if (usable && !ownLabels.has(label)) kept.set(label, value);
    else {
      const message = `the label \`${label}\` is not kept: ${usable ? 'the generated rules set it themselves' : 'it is no label name'}`;
      sayLost(reading, path, message, 'rename it if alerts are routed by it');
    }
  }
  return kept;
}

/** The annotations that alerts on a budget can have; the others are told as lost. */
export function keepAnnotations(
  reading: Reading,
  path: YamlPath,
  annotations: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const kept = new Map<string, string>();
  for (const [name, value] of annotations) {
    if (isAnnotationName(name)) kept.set(name, value);
    else sayLostAnnotation(reading, [...path, name], name);
  }
  return kept;
}

/** Says of an annotation that alerts cannot have it. */
export function sayLostAnnotation(reading: Reading, path: YamlPath, name: string): void {
  const message = `the annotation \`${name}\` is not kept: alerts have one of that name, or it is no name of one`;
  sayLost(reading, path, message, 'rename it if anybody reads it');
}

/** The tiers that can fire; of the others it is said that they never could. */
export function tiersThatFire(
  reading: Reading,
  path: YamlPath,
  tiers: readonly BurnRateTier[],
  target: Target,
): readonly BurnRateTier[] {
  const maximum = 1 / target.errorBudget;
  const kept = tiers.filter(({ burnRate }) => burnRate < maximum);
  if (kept.length < tiers.length) {
    const rates = tiers.filter((tier) => !kept.includes(tier)).map(({ burnRate }) => burnRate);
    const message = `alerts at a burn rate of ${rates.join(', ')} are left out: at ${target.text} not even a full outage burns that fast`;
    reportKey(reading, path, { severity: 'info', code: 'dialect/assumed', message, help: 'nothing is to be done' });
  }
  return kept;
}

/** Reports at a value that it changes the promise and cannot be said. */
export function sayUnsupported(reading: Reading, path: YamlPath, message: string, help: string): undefined {
  const report = nodeAt(reading.root, path)?.kind === 'scalar' ? reportValue : reportKey;
  report(reading, path, { severity: 'error', code: 'dialect/unsupported', message, help });
}

/** Alerts on a budget with the one name that another format has for all of them, at its place there. */
export function named(reading: Reading, path: YamlPath, tiers: Slo['alerts']): Slo['alerts'] {
  const name = textAt(reading, path) ?? '';
  if (name === '' || name === usualAlertName) return tiers;
  if (isAlertName(name)) return tiers.map((tier) => ({ ...tier, name }));
  sayLost(
    reading,
    path,
    `the name \`${name}\` of the alert is not kept: names have letters, digits and underscores`,
    'write `alertNames:` with a name of that kind, and route by it or by the labels `service`, `slo` and `severity`',
  );
  return tiers;
}
