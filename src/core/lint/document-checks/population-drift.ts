import { metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import { baseName } from '../document/expressions.ts';
import { metricsOfObjective, quantileOf } from '../document/facts.ts';
import type { LintDocument, Objective, Query } from '../document/model.ts';
import { statusClasses } from '../document/status-classes.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const populationDrift: DocumentCheck = {
  id: 'population-drift',
  severity: 'error',
  meaning:
    'A rule or a panel about an objective lacks the condition by which the objective selects its events: it measures others.',
  remedy: 'select the same events everywhere: record the indicator once, and read the record',
  inspect: (document) =>
    document.queries.flatMap((query) => {
      const { expr, role } = query;
      if (expr === undefined || role === 'inline') return [];
      if (document.objectives.some(({ queries }) => queries.includes(query))) return [];
      const selectors = selectorsOf(expr);
      return selectors.slice(0, 1).flatMap((selector) => {
        const objective = objectiveOf(document, query, selector);
        const filter = objective === undefined ? undefined : populationOf(objective, baseName(nameOf(selector)));
        if (objective === undefined || filter === undefined) return [];
        const labels = new Set(selectors.flatMap(({ matchers }) => matchers.map(({ name }) => name)));
        if (filter.labels.some((label) => labels.has(label)) || (filter.labels.length === 0 && hasFilter(selectors)))
          return [];
        const message = `"${objective.name}" is about \`${filter.text}\`, and this about all of \`${baseName(nameOf(selector))}\``;
        return [{ message, span: spanIn(query, selector) }];
      });
    }),
};

/** The only objective on the metric, or the one with the same quantile. */
function objectiveOf({ objectives }: LintDocument, { expr }: Query, selector: VectorSelector): Objective | undefined {
  const own = objectives.filter((one) => metricsOfObjective(one).has(baseName(nameOf(selector))));
  const quantile = expr === undefined ? undefined : quantileOf(expr);
  const same = quantile === undefined ? own : own.filter((one) => one.quantile === quantile);
  return same.length === 1 ? same[0] : undefined;
}

interface Population {
  /** Labels that select it; empty if the query cannot be read. */
  readonly labels: readonly string[];
  readonly text: string;
}

/** The conditions of an objective's query on what is valid at all: those that are in each of its selectors. */
function populationOf({ queries }: Objective, metric: string): Population | undefined {
  for (const { expr, text, problems } of queries) {
    if (expr === undefined) {
      const braces = new RegExp(`\\b${metric}(?:_bucket|_count|_sum)?\\{([^{}]+)\\}`).exec(text)?.[1]?.trim();
      if (0 < problems.length && braces !== undefined) return { labels: [], text: braces.replaceAll(/\s+/g, ' ') };
      continue;
    }
    const selectors = selectorsOf(expr).filter((one) => baseName(nameOf(one)) === metric);
    const [first] = selectors;
    const common = (first?.matchers ?? []).filter(
      (matcher) =>
        matcher.name !== 'le' &&
        statusClasses([matcher]) === undefined &&
        selectors.every(({ matchers }) => matchers.some(({ name }) => name === matcher.name)),
    );
    // A single selector of a ratio's part would take its class of events for the population.
    if (0 < common.length && (1 < selectors.length || quantileOf(expr) !== undefined))
      return {
        labels: common.map(({ name }) => name),
        text: common.map(({ name, operator, value }) => `${name}${operator}"${value}"`).join(', '),
      };
  }
  return undefined;
}

function hasFilter(selectors: readonly VectorSelector[]): boolean {
  return selectors.some(({ matchers }) => matchers.some(({ name }) => name !== 'le'));
}

function nameOf(selector: VectorSelector): string {
  return metricNameOf(selector) ?? '';
}
