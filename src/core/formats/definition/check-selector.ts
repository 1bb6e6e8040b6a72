import { closest, type Span } from '../../base/index.ts';
import type { VectorSelector } from '../../promql/index.ts';
import { labelPredicate, type Matcher } from '../../series/index.ts';
import { type Metric, metricOf } from '../../slo/index.ts';
import { nodeAt, type YamlPath } from '../../yaml/index.ts';
import type { Catalogue } from './metrics.ts';
import { alternatives, type Reading, type Remark, reportInside, writtenAt } from './reading.ts';
import { nameOf } from './selectors.ts';

/** What the metric of a selector is used as: a counter of events, a histogram by its base name, or any series in a query. */
export type Use = 'events' | 'histogram' | 'query';

/** Labels that a scrape gives to every series of a target, listed in no catalogue. */
const targetLabels: ReadonlySet<string> = new Set([
  'job',
  'instance',
  'namespace',
  'pod',
  'container',
  'node',
  'cluster',
  'replica',
]);

/** Series that Prometheus itself adds. */
const ownSeries = /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_\w+)$/;

/** Whether a scrape gives the label to every series of a target. */
export function isTargetLabel(label: string): boolean {
  return targetLabels.has(label);
}

/** A selector on its way through the checks. */
interface Subject {
  readonly reading: Reading;
  readonly path: YamlPath;
  readonly selector: VectorSelector;
  readonly catalogue: Catalogue;
  readonly use: Use;
}

/**
 * Checks a selector against the catalogue: the metric exists and has the right type, its labels exist, the values asked for are among
 * those that are known. Gives the catalogue's metric, or undefined if there is none (an empty catalogue knows nothing).
 */
export function checkSelector(
  reading: Reading,
  path: YamlPath,
  selector: VectorSelector,
  use: Use,
  catalogue: Catalogue,
): Metric | undefined {
  const subject = { reading, path, selector, catalogue, use };
  const metric = checkMetric(subject);
  if (metric === undefined) return undefined;
  for (const matcher of selector.matchers) if (matcher.name !== '__name__') checkMatcher(subject, metric, matcher);
  return metric;
}

function checkMetric(subject: Subject): Metric | undefined {
  const name = nameOf(subject.selector);
  const { metrics } = subject.catalogue;
  const metric = metricOf(name, metrics);
  const isTyped = metric !== undefined && !subject.catalogue.withoutType.has(metric.name);
  const wrong = isTyped ? wrongUse(name, metric, subject.use) : undefined;
  if (wrong !== undefined) reportAt(subject, nameSpan(subject), wrong);
  if (metric !== undefined || metrics.size === 0) return metric;
  // Queries may ask for what Prometheus itself or a recording rule adds, and for names by a pattern.
  if (subject.use === 'query' && (name === '' || name.includes(':') || ownSeries.test(name))) return undefined;
  // An entry that could not be read has been told about.
  if (nodeAt(subject.reading.root, ['metrics', name]) !== undefined) return undefined;
  const base = /^(.+)_(?:bucket|count|sum)$/.exec(name)?.[1];
  // Without an entry the suffix alone tells that the series of a histogram were given for the histogram.
  const meant = closest(name, metrics.keys()) ?? (base === undefined ? undefined : closest(base, metrics.keys()));
  reportAt(subject, nameSpan(subject), {
    severity: 'error',
    code: 'metric/unknown',
    message: `the metric \`${name}\` is not in the catalogue`,
    help: meant === undefined ? 'add it under `metrics:`' : `did you mean \`${meant}\`?`,
  });
  return undefined;
}

function wrongUse(name: string, metric: Metric, use: Use): Remark | undefined {
  const wrong = (message: string, help: string): Remark => ({ severity: 'error', code: 'metric/type', message, help });
  const isSeries = name !== metric.name && metric.aliases?.includes(name) !== true;
  if (use === 'query') {
    const isClassic = metric.type === 'histogram' && metric.native !== true;
    return isClassic && !isSeries
      ? wrong(
          `\`${name}\` is a histogram, which has no series of its own name`,
          `write \`${name}_bucket\`, \`${name}_count\` or \`${name}_sum\``,
        )
      : undefined;
  }
  if (use === 'histogram') {
    if (metric.type !== 'histogram')
      return wrong(`\`${metric.name}\` is a ${metric.type}, not a histogram`, histogramHelp(metric));
    return isSeries
      ? wrong(`\`${name}\` is one of the series of a histogram, not its name`, `write \`${metric.name}\``)
      : undefined;
  }
  switch (metric.type) {
    case 'counter':
      return undefined;
    case 'gauge':
      return wrong(`\`${name}\` is a gauge: it does not count events`, 'use a counter, which only ever grows');
    case 'histogram':
    case 'summary':
      if (isSeries && name.endsWith('_count')) return undefined;
      return name.endsWith('_sum') || metric.type === 'summary'
        ? wrong(`\`${name}\` does not count events`, `write \`${metric.name}_count\` to count observations`)
        : wrong(
            `\`${name}\` is a histogram`,
            'write `histogram:` and `below:` instead, or count observations with `_count`',
          );
  }
}

function histogramHelp(metric: Metric): string {
  return metric.type === 'summary'
    ? 'a summary cannot be counted below a bound; expose a histogram'
    : 'correct its type in the catalogue, or use `good:` and `total:`';
}

function checkMatcher(subject: Subject, metric: Metric, matcher: Matcher): void {
  if (targetLabels.has(matcher.name)) return;
  const known = metric.labels.get(matcher.name);
  if ((matcher.name === 'le' || matcher.name === 'quantile') && subject.use === 'query' && known === undefined) return;
  if (matcher.name === 'le' && metric.type === 'histogram') {
    const span = matcherSpan(subject, matcher.name);
    const help = 'remove it and write the bound as `below:`';
    reportAt(subject, span, { severity: 'error', code: 'metric/label', message: '`le` is not filtered by hand', help });
    return;
  }
  if (known === undefined) checkUnknownLabel(subject, metric, matcher);
  else if (0 < known.length) checkValues(subject, matcher, known);
}

function checkUnknownLabel(subject: Subject, metric: Metric, matcher: Matcher): void {
  if (subject.catalogue.withoutLabels.has(metric.name)) return;
  const meant = closest(matcher.name, metric.labels.keys());
  const selectsNothing = !labelPredicate(matcher)('');
  const names = [...metric.labels.keys()];
  reportAt(subject, matcherSpan(subject, matcher.name), {
    severity: 'error',
    code: 'metric/label',
    message: `\`${metric.name}\` has no label \`${matcher.name}\`: the condition selects ${selectsNothing ? 'nothing' : 'everything'}`,
    help:
      meant !== undefined
        ? `did you mean \`${meant}\`?`
        : names.length === 0
          ? 'it has no labels'
          : `its labels are ${alternatives(names).replace(' or ', ' and ')}`,
  });
}

function checkValues(subject: Subject, matcher: Matcher, known: readonly string[]): void {
  const { operator, value } = matcher;
  // Alternatives of plain words are looked at one by one; of any other regular expression it is asked whether it matches anything.
  const isPattern = operator === '=~' || operator === '!~';
  const words = !isPattern ? [value] : /^[\w-]+(?:\|[\w-]+)*$/.test(value) ? value.split('|') : undefined;
  const matches = labelPredicate({ ...matcher, operator: isPattern ? '=~' : '=' });
  const unknown =
    words === undefined
      ? known.some(matches) || matches('')
        ? []
        : [value]
      : words.filter((word) => word !== '' && !known.includes(word));
  for (const word of unknown) {
    // Of numbers one is as near as another: 503 does not stand for 500.
    const meant = /^\d+$/.test(word) ? undefined : closest(word, known);
    reportAt(subject, matcherSpan(subject, matcher.name), {
      severity: 'warning',
      code: 'metric/label-value',
      message: `\`${word}\` ${words === undefined ? 'matches none' : 'is not one'} of the known values of \`${matcher.name}\``,
      help:
        meant === undefined
          ? `known values are ${alternatives(known).replace(' or ', ' and ')}`
          : `did you mean \`${meant}\`?`,
    });
  }
}

function reportAt(subject: Subject, span: Span, remark: Remark): void {
  reportInside(subject.reading, subject.path, span, remark);
}

function nameSpan({ selector, reading, path }: Subject): Span {
  const name = nameOf(selector);
  const start = writtenAt(reading, path).indexOf(name, selector.span.start);
  return start === -1 || selector.span.end < start ? selector.span : { start, end: start + name.length };
}

/** The condition on a label within its selector. The tree keeps no places for matchers, so the name is looked for in the text. */
function matcherSpan({ selector, reading, path }: Subject, label: string): Span {
  const text = writtenAt(reading, path).slice(selector.span.start, selector.span.end);
  const pattern = new RegExp(
    `[{,\\s"](${label.replaceAll(/[^\w]/g, '\\$&')}"?\\s*(?:=~|!~|!=|=)\\s*(?:"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'|\`[^\`]*\`)?)`,
  );
  const found = pattern.exec(text);
  if (found === null) return selector.span;
  const start = selector.span.start + found.index + found[0].length - (found[1]?.length ?? 0);
  return { start, end: start + (found[1]?.length ?? 0) };
}
