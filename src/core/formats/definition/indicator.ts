import { unreachable } from '../../base/index.ts';
import { printExpr, type VectorSelector } from '../../promql/index.ts';
import {
  type DistributionIndicator,
  type Indicator,
  type Metric,
  metricOf,
  type RatioIndicator,
} from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { checkSelector } from './check-selector.ts';
import { type Condition, checkConditions, readClasses, readValid, withConditions } from './classes.ts';
import { readComposite } from './composites.ts';
import { readCondition } from './conditions.ts';
import type { Catalogue } from './metrics.ts';
import type { Part } from './percentiles.ts';
import {
  accept,
  alternatives,
  errorCount,
  isToldAbout,
  type Reading,
  reportInside,
  reportKey,
  reportValue,
  writtenAt,
} from './reading.ts';
import { nameOf, readSelectors, sumOf } from './selectors.ts';
import type { SloInput } from './slo-input.ts';
import type { PartialSlo } from './slo-schema.ts';
import { containment } from './subset.ts';
import { convertBound } from './units.ts';
import { readQueries } from './window-queries.ts';

/** The kinds of indicator, and the keys that say each. */
const kinds = [
  { kind: 'ratio', keys: ['good', 'bad', 'total'], words: '`good` or `bad` with `total`' },
  { kind: 'distribution', keys: ['histogram', 'below', 'percentiles'], words: 'a `histogram` with `below`' },
  { kind: 'condition', keys: ['condition'], words: 'a `condition`' },
  { kind: 'composite', keys: ['composite'], words: 'a `composite`' },
  { kind: 'queries', keys: ['queries'], words: '`queries`' },
  { kind: 'external', keys: ['external'], words: 'an `external` system' },
] as const;

/** Reads what an objective measures: events, observations of a histogram, a condition, or other objectives. */
export function readIndicator(
  reading: Reading,
  { path, input, belowPath }: Part,
  catalogue: Catalogue,
  service: string,
): Indicator | undefined {
  const given = kinds.filter(({ keys }) => keys.some((key) => input[key] !== undefined));
  const [first, second] = given;
  if (first !== undefined && second !== undefined) {
    const extra = first.keys.filter((key) => input[key] !== undefined);
    reportKey(reading, [...path, extra[0] ?? 'total'], {
      severity: 'error',
      code: 'indicator/kind',
      message: `an objective has either ${second.words}, or ${first.words}`,
      help: `remove ${alternatives(extra).replace(' or ', ' and ')}, or make two objectives of it`,
    });
  }
  if (first === undefined) {
    if (!kinds.some(({ keys }) => keys.some((key) => isToldAbout(reading, [...path, key])))) {
      reportKey(reading, path, {
        severity: 'error',
        code: 'indicator/kind',
        message: 'the objective does not say what it measures',
        help: 'add `good:` and `total:`, `bad:` and `total:`, `histogram:` and `below:`, `condition:`, `composite:`, or `queries:`',
      });
    }
    return undefined;
  }
  if (input.valid !== undefined && !given.some(({ kind }) => kind === 'ratio' || kind === 'distribution')) {
    reportKey(reading, [...path, 'valid'], {
      severity: 'error',
      code: 'indicator/kind',
      message: '`valid` is about events, and there are none',
      help: 'write the conditions into the selectors',
    });
  }
  const valid = readValid(reading, [...path, 'valid'], input.valid);
  // All kinds are read, so that all that is wrong in any is told.
  const read = given.map(({ kind }): Indicator | undefined => {
    switch (kind) {
      case 'ratio':
        return readRatio(reading, path, input, valid ?? [], catalogue);
      case 'distribution':
        return readDistribution(reading, path, { input, belowPath, valid: valid ?? [] }, catalogue);
      case 'condition':
        return input.condition === undefined
          ? undefined
          : readCondition(reading, [...path, 'condition'], input.condition, catalogue);
      case 'composite':
        return input.composite === undefined
          ? undefined
          : readComposite(reading, [...path, 'composite'], input.composite, service);
      case 'queries':
        return input.queries === undefined
          ? undefined
          : readQueries(reading, [...path, 'queries'], input.queries, catalogue);
      case 'external':
        return input.external === undefined ? undefined : { kind, ...input.external };
      default:
        return unreachable(kind);
    }
  });
  return valid === undefined ? undefined : read.at(-1);
}

function readRatio(
  reading: Reading,
  path: YamlPath,
  input: PartialSlo,
  valid: readonly Condition[],
  catalogue: Catalogue,
): RatioIndicator | undefined {
  if (input.good !== undefined && input.bad !== undefined) {
    reportKey(reading, [...path, 'bad'], {
      severity: 'error',
      code: 'indicator/kind',
      message: '`good` and `bad` are both given; one of them is the rest of `total`',
      help: 'keep the one that says which events count',
    });
  }
  const counts = input.good === undefined ? 'bad' : 'good';
  const errors = errorCount(reading);
  const total = readEvents(reading, path, 'total', input.total, catalogue);
  const events = readCounted(reading, path, counts, input[counts], total, catalogue);
  if (counts === 'good' && input.bad !== undefined) readCounted(reading, path, 'bad', input.bad, total, catalogue);
  if (total !== undefined) checkConditions(reading, total, valid, 'events', catalogue);
  if (events === undefined || total === undefined) return undefined;
  // Of selectors that are wrong themselves it would only be said that they differ.
  const isWritten = typeof input[counts] === 'string';
  for (const selector of errors === errorCount(reading) && isWritten ? events : [])
    checkSubset(reading, [...path, counts], selector, total, catalogue);
  const among = (selectors: readonly VectorSelector[]): readonly VectorSelector[] =>
    selectors.map((selector) => withConditions(selector, valid));
  return { kind: 'ratio', counts, events: sumOf(among(events)), total: sumOf(among(total)) };
}

/** Good or bad events: selectors, or the total with further conditions. */
function readCounted(
  reading: Reading,
  path: YamlPath,
  key: 'good' | 'bad',
  input: SloInput['good'],
  total: readonly VectorSelector[] | undefined,
  catalogue: Catalogue,
): readonly VectorSelector[] | undefined {
  if (input === undefined || typeof input === 'string') return readEvents(reading, path, key, input, catalogue);
  const conditions = readClasses(reading, [...path, key], input);
  if (conditions === undefined || total === undefined) return undefined;
  checkConditions(reading, total, conditions, 'events', catalogue);
  return total.map((selector) => withConditions(selector, conditions));
}

function readEvents(
  reading: Reading,
  path: YamlPath,
  key: 'good' | 'bad' | 'total',
  text: string | undefined,
  catalogue: Catalogue,
): readonly VectorSelector[] | undefined {
  if (text === undefined) {
    const other = key === 'total' ? 'total' : key === 'good' ? 'bad' : 'good';
    if (isToldAbout(reading, [...path, key]) || isToldAbout(reading, [...path, other])) return undefined;
    const [missing, help] =
      key === 'total' ? ['total', 'add a selector of all events'] : ['good', 'add `good:` or `bad:`'];
    reportKey(reading, path, {
      severity: 'error',
      code: 'definition/missing-key',
      message: `\`${missing}\` is missing`,
      help,
    });
    return undefined;
  }
  const place = [...path, key];
  const selectors = accept(reading, place, readSelectors(text));
  for (const selector of selectors ?? []) checkSelector(reading, place, selector, 'events', catalogue);
  return selectors;
}

/** Good and bad events must be events of the total, or the share passes 100 % or counts what nobody asked about. */
function checkSubset(
  reading: Reading,
  path: YamlPath,
  selector: VectorSelector,
  total: readonly VectorSelector[],
  catalogue: Catalogue,
): void {
  const key = path.at(-1);
  const found = containment(selector, total, metricOf(nameOf(selector), catalogue.metrics));
  switch (found.kind) {
    case 'yes':
      return;
    case 'no': {
      const { name, operator, value } = found.broken;
      const condition = printExpr({
        kind: 'selector',
        name: '',
        matchers: [{ name, operator, value }],
        span: selector.span,
      });
      reportInside(reading, path, selector.span, {
        severity: 'error',
        code: 'indicator/subset',
        message: `\`${key}\` counts events that are not in \`total\`, which has the condition \`${condition.slice(1, -1)}\``,
        help: `add the condition to \`${key}\`, or remove it from \`total\``,
      });
      return;
    }
    case 'unknown':
      reportInside(reading, path, selector.span, {
        severity: found.reason === 'metric' ? 'info' : 'warning',
        code: 'indicator/subset',
        message:
          found.reason === 'metric'
            ? `\`${key}\` and \`total\` are different metrics: nothing shows that the one counts some of the events of the other`
            : `nothing shows that all events of \`${key}\` are in \`total\``,
        help:
          found.reason === 'metric'
            ? 'make sure that both count the same events; one metric with a label for the outcome is safer'
            : `repeat the conditions of \`total\` in \`${key}\` word for word, or list the values of the label in the catalogue`,
      });
      return;
  }
}

function readDistribution(
  reading: Reading,
  path: YamlPath,
  { input, belowPath, valid }: Pick<Part, 'input' | 'belowPath'> & { readonly valid: readonly Condition[] },
  catalogue: Catalogue,
): DistributionIndicator | undefined {
  for (const key of ['histogram', 'below'] as const) {
    if (input[key] !== undefined || isToldAbout(reading, [...path, key])) continue;
    const help =
      key === 'below'
        ? 'add the bound below which an observation is good, for example `below: 500ms`'
        : 'add the histogram whose observations are counted';
    reportKey(reading, path, {
      severity: 'error',
      code: 'definition/missing-key',
      message: `\`${key}\` is missing`,
      help,
    });
  }
  const place = [...path, 'histogram'];
  const selectors = input.histogram === undefined ? undefined : accept(reading, place, readSelectors(input.histogram));
  const [selector, second] = selectors ?? [];
  if (second !== undefined) {
    reportInside(reading, place, second.span, {
      severity: 'error',
      code: 'indicator/expression',
      message: 'an objective counts the observations of one histogram',
      help: 'make an objective for each',
    });
  }
  const metric = selector === undefined ? undefined : checkSelector(reading, place, selector, 'histogram', catalogue);
  const histogram = metric?.type === 'histogram' ? metric : undefined;
  const below = input.below === undefined ? undefined : readBelow(reading, belowPath, histogram);
  if (selector === undefined || below === undefined) return undefined;
  checkConditions(reading, [selector], valid, 'histogram', catalogue);
  return { kind: 'distribution', histogram: sumOf([withConditions(selector, valid)]), below };
}

function readBelow(reading: Reading, path: YamlPath, metric: Metric | undefined): number | undefined {
  const text = writtenAt(reading, path);
  const conversion = convertBound(text, metric?.unit);
  const refuse = (message: string, help: string): undefined => {
    reportValue(reading, path, { severity: 'error', code: 'indicator/bound', message, help });
  };
  const unit = metric?.unit ?? 'seconds';
  switch (conversion.kind) {
    case 'value':
      if (metric !== undefined) checkBound(reading, path, conversion.value, metric);
      return conversion.value;
    case 'unreadable':
      return refuse(`\`${text}\` is not a bound`, 'write a number with a unit, for example `500ms` or `20s`');
    case 'sign':
      return refuse(
        'the bound is a number that is not negative, without a sign of comparison',
        `write \`${text.replace(/^[-<>≤≥=\s]+/, '')}\``,
      );
    case 'unknown-unit':
      return refuse(`the unit \`${conversion.unit}\` is not known`, `write the bound in ${unit}, or as a plain number`);
    case 'metric-without-unit':
      // Without a catalogue Prometheus's rule for names applies: times are in seconds.
      if (metric === undefined) {
        const assumed = convertBound(text, 'seconds');
        return assumed.kind === 'value' ? assumed.value : undefined;
      }
      return refuse(
        `the unit of \`${metric.name}\` is not known`,
        'add `unit:` to the metric, or write the bound as a plain number',
      );
    case 'other-quantity':
      return refuse(
        `\`${metric?.name}\` is measured in ${unit}, not in what \`${text}\` is`,
        `write the bound in ${unit}`,
      );
  }
}

/** Only at a bound of a bucket is it known how many observations are below. */
function checkBound(reading: Reading, path: YamlPath, bound: number, metric: Metric): void {
  const { buckets, name } = metric;
  if (metric.native === true || buckets.length === 0 || buckets.includes(bound)) return;
  const lower = buckets.findLast((bucket) => bucket < bound);
  const upper = buckets.find((bucket) => bound < bucket);
  const nearest = [lower, upper].flatMap((bucket) => (bucket === undefined ? [] : [String(bucket)]));
  const unit = metric.unit === undefined ? '' : ` ${metric.unit}`;
  const message =
    upper === undefined
      ? `${bound} lies above the highest bucket of \`${name}\`, ${lower}${unit}: what is between cannot be told apart`
      : `${bound} is no bucket bound of \`${name}\`${unit === '' ? '' : ` (in${unit})`}`;
  reportValue(reading, path, {
    severity: 'error',
    code: 'indicator/bucket',
    message,
    help: `write ${nearest.length === 2 ? `the nearest, ${nearest.join(' or ')}` : (nearest[0] ?? '')}, or add a bucket to the metric`,
  });
}
