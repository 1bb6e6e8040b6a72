import type { Diagnostic, Severity, Source, Span } from '../base/index.ts';
import { type Expr, metricNameOf, selectorsOf, type VectorSelector } from '../promql/index.ts';
import type { AlertCondition, Condition, Indicator, Metric, Service } from '../slo/index.ts';
import type { YamlNode, YamlPath } from '../yaml/index.ts';
import type { DeclaredMetric, MetricFacts, Query } from './document/model.ts';
import type { DocumentCheck, DocumentFinding } from './document-check.ts';
import { labelUndeclared, undeclaredLabels } from './document-checks/label-undeclared.ts';
import { labelValueUnknown, unknownValues } from './document-checks/label-value-unknown.ts';
import { type MetricUse, metricType, mistypedMetrics } from './document-checks/metric-type.ts';
import { metricUndeclared, undeclaredMetrics } from './document-checks/metric-undeclared.ts';
import { catalogueWith, type KnownMetrics } from './known-metrics.ts';
import { definedExpressions, metricsOf } from './selectors.ts';
import { writtenQueries } from './written-queries.ts';

/** The text of definitions, and how to find a place in it. */
export interface WrittenText {
  readonly source: Source;
  readonly roots: readonly YamlNode[];
  readonly placeOf: (service: Service, path: YamlPath) => Span;
}

/**
 * Looks at the queries of definitions, of whichever tool, by the metrics that there are: the same checks as those of documents, at the
 * places where the text has the selectors. What the text has in pieces, such as a map of labels, is looked at as it was read.
 */
export function metricFindings(
  services: readonly Service[],
  { source, roots, placeOf }: WrittenText,
  known: KnownMetrics,
  severityOf: (check: DocumentCheck) => Severity | 'off',
): readonly Diagnostic[] {
  const names = new Set(metricsOf(...services));
  const queries = writtenQueries(source, roots, names);
  const catalogue = catalogueWith(declaredElsewhere(services, known), known);
  const facts: MetricFacts = { queries, catalogue, catalogueFrom: known.from, recorded: new Map() };
  const uses = usesOf(services);
  const inspections: readonly Inspection[] = [
    { check: metricUndeclared, of: 'metric', inspect: undeclaredMetrics },
    { check: labelUndeclared, of: 'label', inspect: undeclaredLabels },
    { check: labelValueUnknown, of: 'label', inspect: unknownValues },
    { check: metricType, of: 'metric', inspect: (given) => mistypedMetrics(given, uses) },
  ];
  const rest = unwritten(services, queries, placeOf);
  return inspections.flatMap(({ check, of, inspect }) => {
    const severity = severityOf(check);
    if (severity === 'off') return [];
    const found = [
      ...inspect(facts),
      ...rest
        .filter(({ lacks }) => of === 'label' || lacks === 'metric')
        .flatMap(({ query, span }) => inspect({ ...facts, queries: [query] }).map((one) => ({ ...one, span }))),
    ];
    return found.map(({ message, help, span }) => ({
      severity,
      code: `lint/${check.id}`,
      message,
      help: help ?? check.remedy,
      span,
    }));
  });
}

interface Inspection {
  readonly check: DocumentCheck;
  /** What its findings are about. */
  readonly of: 'metric' | 'label';
  readonly inspect: (facts: MetricFacts) => readonly DocumentFinding[];
}

/**
 * What the definitions declare and the page or the server cannot have, or need not: metrics that are still to come, that another program
 * exports, or that go by another of their names.
 */
function declaredElsewhere(
  services: readonly Service[],
  { metrics, isPage }: KnownMetrics,
): ReadonlyMap<string, DeclaredMetric> {
  const there = new Set(metrics.map(({ name }) => name));
  const isExcused = ({ name, pendingOn, exporter, rows, aliases = [] }: Metric): boolean =>
    pendingOn !== undefined ||
    (isPage && (exporter !== undefined || rows !== undefined)) ||
    [name, ...aliases].some((one) => there.has(one));
  return new Map(
    services.flatMap((service) =>
      [...service.metrics.values()]
        .filter(isExcused)
        .flatMap(({ name, type, aliases = [] }) =>
          [name, ...aliases].map(
            (one) => [one, { name: one, type: type === 'summary' ? 'gauge' : type, labels: [] }] as const,
          ),
        ),
    ),
  );
}

/** What each metric is used as where no function says so: `good: requests_total`. */
function usesOf(services: readonly Service[]): ReadonlyMap<string, MetricUse> {
  const uses = new Map<string, MetricUse>();
  const note = (expr: Expr, use: MetricUse): void => {
    for (const selector of selectorsOf(expr)) uses.set(metricNameOf(selector) ?? '', use);
  };
  for (const { slos, alerts } of services) {
    for (const { indicator } of slos) {
      if (indicator.kind === 'distribution') note(indicator.histogram, 'histogram');
      else for (const counter of countersOf(indicator)) note(counter, 'counter');
    }
    for (const { when } of [...alerts, ...slos.flatMap(({ conditionAlerts }) => conditionAlerts)])
      for (const counter of countersIn(when)) note(counter, 'counter');
  }
  return uses;
}

function countersOf(indicator: Indicator): readonly Expr[] {
  if (indicator.kind === 'ratio') return [indicator.events, indicator.total];
  return indicator.kind === 'condition' ? countersIn(indicator.condition) : [];
}

function countersIn(condition: Condition | AlertCondition): readonly Expr[] {
  if ('counter' in condition) return [condition.counter];
  return 'of' in condition ? condition.of.flatMap(countersIn) : [];
}

interface Unwritten {
  readonly query: Query;
  /** What the text does not have: the whole selector, or some of its matchers. */
  readonly lacks: 'metric' | 'label';
  readonly span: Span;
}

/** The selectors, or their labels, that no written query has, each with the place of what it was read from. */
function unwritten(
  services: readonly Service[],
  queries: readonly Query[],
  placeOf: WrittenText['placeOf'],
): readonly Unwritten[] {
  const written = new Map<string, Set<string>>();
  for (const selector of queries.flatMap(({ expr }) => (expr === undefined ? [] : selectorsOf(expr)))) {
    const name = metricNameOf(selector) ?? '';
    const labels = written.get(name) ?? new Set();
    written.set(name, labels);
    for (const matcher of selector.matchers) labels.add(matcher.name);
  }
  return services.flatMap((service) =>
    definedExpressions(service).flatMap(({ expr, path }) =>
      selectorsOf(expr).flatMap((selector): readonly Unwritten[] => {
        const name = metricNameOf(selector) ?? '';
        // A distribution of another tool is read from its series: the text has `x_bucket`, and `x` is what was read.
        const labels = written.get(name) ?? written.get(`${name}_bucket`) ?? written.get(`${name}_count`);
        const matchers = selector.matchers.filter((one) => one.name !== '__name__' && labels?.has(one.name) !== true);
        if (labels !== undefined && matchers.length === 0) return [];
        const span = placeOf(service, path);
        const rest: VectorSelector = { kind: 'selector', name, matchers, span: selector.span };
        const lacks = labels === undefined ? 'metric' : 'label';
        return [{ span, lacks, query: { ...plainQuery, expr: rest, span } }];
      }),
    ),
  );
}

const plainQuery: Omit<Query, 'expr' | 'span'> = {
  text: '',
  problems: [],
  toSource: (offset) => offset,
  role: 'measurement',
  title: '',
  section: undefined,
};
