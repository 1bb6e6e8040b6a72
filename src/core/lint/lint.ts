import type { Diagnostic, Severity, Source, Span } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import { entryOf, firstLineOf, keySpanAt, nodeAt, readYaml, type YamlNode, type YamlPath } from '../yaml/index.ts';
import type { Check, Surroundings } from './check.ts';
import { alertGap } from './checks/alert-gap.ts';
import { alertNeverActive } from './checks/alert-never-active.ts';
import { alertOrder } from './checks/alert-order.ts';
import { budgetTooSmall } from './checks/budget-too-small.ts';
import { duplicateSlo } from './checks/duplicate-slo.ts';
import { globVsRegex } from './checks/glob-vs-regex.ts';
import { histogramBucketBound } from './checks/histogram-bucket-bound.ts';
import { lowPrecision } from './checks/low-precision.ts';
import { metricDeclaration } from './checks/metric-declaration.ts';
import { metricUnused } from './checks/metric-unused.ts';
import { missingOwner } from './checks/missing-owner.ts';
import { missingRunbook } from './checks/missing-runbook.ts';
import { noDataAsBad } from './checks/no-data-as-bad.ts';
import { noDataAsGood } from './checks/no-data-as-good.ts';
import { nonUserTraffic } from './checks/non-user-traffic.ts';
import { profileWithoutAlert } from './checks/profile-without-alert.ts';
import { quantileBeyondBuckets } from './checks/quantile-beyond-buckets.ts';
import { resourceAsSlo } from './checks/resource-as-slo.ts';
import { reviewOverdue } from './checks/review-overdue.ts';
import { sloWithoutAlert } from './checks/slo-without-alert.ts';
import { suppress } from './document/suppressions.ts';
import { metricFindings } from './metric-findings.ts';

/** Every check, by id. */
export const checks: readonly Check[] = [
  alertGap,
  alertNeverActive,
  alertOrder,
  budgetTooSmall,
  duplicateSlo,
  globVsRegex,
  histogramBucketBound,
  lowPrecision,
  metricDeclaration,
  metricUnused,
  missingOwner,
  missingRunbook,
  noDataAsBad,
  noDataAsGood,
  nonUserTraffic,
  profileWithoutAlert,
  quantileBeyondBuckets,
  resourceAsSlo,
  reviewOverdue,
  sloWithoutAlert,
];

export interface LintOptions extends Surroundings {
  /** By the id of a check: another severity than its own, or `off`. */
  readonly checks?: Readonly<Record<string, Severity | 'off'>>;
  /** Whether checks of free text are on. */
  readonly prose?: boolean;
  /** Whether a file is there, by its path from the text that is looked into. */
  readonly exists?: (path: string) => boolean;
}

/**
 * Looks at a service that has been read without errors for what is allowed but unwise. Places are looked up in the YAML text that the
 * service was read from; without one, as for a service defined in TypeScript, they stand at the start.
 */
export function lintService(service: Service, source?: Source, options: LintOptions = {}): readonly Diagnostic[] {
  const found = [...checkService(service, source, options), ...checkMetrics([service], source, options)];
  return found.toSorted((a, b) => a.span.start - b.span.start);
}

/** Looks at all services of one text, and takes out what its comments suppress. */
export function lintServices(
  services: readonly Service[],
  source: Source,
  options: LintOptions = {},
): readonly Diagnostic[] {
  const found = [
    ...services.flatMap((service) => checkService(service, source, options)),
    ...checkMetrics(services, source, options),
  ];
  return suppress(source.text, found).toSorted((a, b) => a.span.start - b.span.start);
}

function checkService(service: Service, source: Source | undefined, options: LintOptions): readonly Diagnostic[] {
  const isOwn =
    source === undefined || source.text === '' || /^\s*(?:-\s+)?apiVersion:\s*["']?nines\//m.test(source.text);
  return checks.flatMap((check): readonly Diagnostic[] => {
    const severity = options.checks?.[check.id] ?? check.severity;
    if (severity === 'off' || (check.ownOnly === true && !isOwn)) return [];
    return check.run(service, options).map(({ message, help, path }) => ({
      severity,
      code: codeOf(check.id),
      message,
      help: help ?? check.remedy,
      span: placeIn(source, service, path),
    }));
  });
}

/** What is known of metrics from elsewhere is held against all services of a text at once: they share its places. */
function checkMetrics(
  services: readonly Service[],
  source: Source | undefined,
  { checks: severities, metrics }: LintOptions,
): readonly Diagnostic[] {
  if (metrics === undefined) return [];
  const text = source ?? { name: '', text: '' };
  return metricFindings(
    services,
    { source: text, roots: rootsOf(text), placeOf: (service, path) => placeIn(text, service, path) },
    metrics,
    ({ id, severity }) => severities?.[id] ?? severity,
  );
}

function codeOf(id: string): string {
  return `lint/${id}`;
}

/** Texts that have been read: a text of many services is looked into once for each. */
const documents = new WeakMap<Source, readonly YamlNode[]>();

function rootsOf(source: Source): readonly YamlNode[] {
  let roots = documents.get(source);
  if (roots === undefined) {
    const outcome = readYaml(source.text);
    roots = outcome.ok ? outcome.value : [];
    documents.set(source, roots);
  }
  return roots;
}

function documentOf(service: Service, source: Source): YamlNode | undefined {
  return rootsOf(source).find((root) => {
    const name = entryOf(root, 'service')?.value;
    return name?.kind === 'scalar' && name.text === service.name;
  });
}

/** Objectives on several percentiles are written under the name of their family. */
function writtenPath({ slos }: Service, root: YamlNode | undefined, path: YamlPath): YamlPath {
  const [section, name, ...rest] = path;
  if (root === undefined || section !== 'slos' || name === undefined) return path;
  if (nodeAt(root, [section, name]) !== undefined) return path;
  const family = slos.find((slo) => slo.name === name)?.family;
  return family === undefined ? path : [section, family, ...rest];
}

/**
 * The place of a part of a service: the value at its path if it is a scalar, otherwise its key; of what the text leaves out, the key above.
 * Other tools have other keys, and objectives have names in all of them.
 */
function placeIn(source: Source | undefined, service: Service, path: YamlPath): Span {
  if (source === undefined) return { start: 0, end: 0 };
  const root = documentOf(service, source);
  const written = writtenPath(service, root, path);
  const [section, name] = written;
  if (
    section === 'slos' &&
    typeof name === 'string' &&
    (root === undefined || nodeAt(root, [section, name]) === undefined)
  ) {
    const named = namesIn(source)
      .get(name)
      ?.find((span) => root === undefined || isWithin(span, root.span));
    if (named !== undefined) return named;
  }
  return root === undefined ? { start: 0, end: 0 } : placeOf(root, written);
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function placeOf(root: YamlNode, path: YamlPath): Span {
  for (let length = path.length; 0 < length; length -= 1) {
    const node = nodeAt(root, path.slice(0, length));
    if (node === undefined) continue;
    return length === path.length && node.kind === 'scalar' ? node.span : keySpanAt(root, path.slice(0, length));
  }
  return firstLineOf(root);
}

const names = new WeakMap<Source, ReadonlyMap<string, readonly Span[]>>();

/** The places of all values of a key `name`, by value. */
function namesIn(source: Source): ReadonlyMap<string, readonly Span[]> {
  const known = names.get(source);
  if (known !== undefined) return known;
  const found = new Map<string, Span[]>();
  const open: YamlNode[] = rootsOf(source).toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const name = entryOf(node, 'name')?.value;
    if (name?.kind === 'scalar') {
      const spans = found.get(name.text);
      if (spans === undefined) found.set(name.text, [name.span]);
      else spans.push(name.span);
    }
    if (node.kind === 'scalar') continue;
    open.push(...(node.kind === 'list' ? node.items : node.entries.map(({ value }) => value)).toReversed());
  }
  names.set(source, found);
  return found;
}
