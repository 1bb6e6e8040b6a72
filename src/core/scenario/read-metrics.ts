import { ratio, type Span } from '../base/index.ts';
import { legacyLabelName, legacyMetricName } from '../series/index.ts';
import { firstLineOf, type YamlEntry, type YamlNode } from '../yaml/index.ts';
import {
  complain,
  field,
  itemsOf,
  type Reading,
  readEntries,
  readFields,
  readFlag,
  readMatch,
  readNumber,
  readQuantity,
  readRate,
  readRatio,
  readText,
  readWord,
  required,
} from './fields.ts';
import type { Arrivals, Family, LabelMix, LabelShare, Latency, Outcomes } from './model.ts';

const common = ['type', 'help', 'unit', 'labels'] as const;
const counted = ['rate', 'arrivals', 'newborn', 'outcomes'] as const;
/** Combinations of labels a metric may have: more are a slip, and would fill the memory. */
const mostLabelSets = 10_000;
/** Label names that the scraper or the format gives. */
const reserved: readonly string[] = ['job', 'instance', 'le', 'quantile', '__name__'];

/** Reads one entry of `metrics`. */
export function readFamily(reading: Reading, { key: name, keySpan, value: node }: YamlEntry): Family | undefined {
  if (!legacyMetricName.test(name))
    return complain(reading, keySpan, 'value', `\`${name}\` is no metric name`, 'letters, digits, _ and :');
  const kind = kindOf(reading, node, keySpan);
  if (kind === undefined) return undefined;
  const allowed = {
    counter: [...common, ...counted],
    histogram: [...common, ...counted, 'buckets', 'latency'],
    gauge: [...common, 'value', 'trough', 'peak', 'noise'],
  }[kind];
  const fields = readFields(reading, node, `a ${kind}`, allowed);
  const help = field(fields, 'help', (at) => readText(reading, at));
  const unit = field(fields, 'unit', (at) => readText(reading, at));
  const base = {
    name,
    labels: field(fields, 'labels', (at) => readMix(reading, at)) ?? one,
    ...(help === undefined ? {} : { help }),
    ...(unit === undefined ? {} : { unit }),
  };
  if (kind === 'gauge') return { ...base, kind, ...readLevels(reading, fields, keySpan) };
  const arrivals = readArrivals(reading, fields, keySpan);
  if (kind === 'counter') return { ...base, kind, ...arrivals };
  const buckets = required(reading, fields, 'buckets', keySpan, (at) => readBuckets(reading, at)) ?? [];
  const latencies = required(reading, fields, 'latency', keySpan, (at) =>
    itemsOf(at).flatMap((item) => readLatency(reading, item) ?? []),
  );
  return { ...base, kind, ...arrivals, buckets, latencies: latencies ?? [] };
}

const one: LabelMix = [{ labels: new Map(), share: 1 }];

function kindOf(reading: Reading, node: YamlNode, at: Span): Family['kind'] | undefined {
  const entries = new Map(readEntries(reading, node, 'a metric').map((entry) => [entry.key, entry]));
  if (node.kind !== 'map') return undefined;
  return required(reading, entries, 'type', at, (type) => readWord(reading, type, ['counter', 'histogram', 'gauge']));
}

function readArrivals(reading: Reading, fields: ReadonlyMap<string, YamlEntry>, at: Span): Arrivals {
  const words = ['daily', 'steady', 'clockwork'] as const;
  return {
    ratePerSecond: required(reading, fields, 'rate', at, (node) => readRate(reading, node)) ?? 0,
    arrivals: field(fields, 'arrivals', (node) => readWord(reading, node, words)) ?? 'daily',
    newborn: field(fields, 'newborn', (node) => readFlag(reading, node)) ?? false,
    outcomes: field(fields, 'outcomes', (node) => itemsOf(node).map((item) => readOutcomes(reading, item))) ?? [],
  };
}

function readOutcomes(reading: Reading, node: YamlNode): Outcomes {
  const fields = readFields(reading, node, '`outcomes`', ['match', 'good', 'bad', 'errorRatio']);
  const at = firstLineOf(node);
  return {
    match: field(fields, 'match', (match) => readMatch(reading, match)) ?? [],
    good: required(reading, fields, 'good', at, (mix) => readMix(reading, mix)) ?? one,
    bad: required(reading, fields, 'bad', at, (mix) => readMix(reading, mix)) ?? one,
    errorRatio: required(reading, fields, 'errorRatio', at, (share) => readRatio(reading, share)) ?? ratio(0),
  };
}

function readBuckets(reading: Reading, node: YamlNode): readonly number[] {
  const bounds = itemsOf(node).flatMap((item) => readQuantity(reading, item) ?? []);
  if (bounds.some((bound, i) => 0 < i && bound <= (bounds[i - 1] ?? 0)))
    complain(reading, firstLineOf(node), 'value', 'bucket bounds must ascend');
  return bounds;
}

function readLatency(reading: Reading, node: YamlNode): Latency | undefined {
  const fields = readFields(reading, node, '`latency`', ['match', 'median', 'p99']);
  const at = firstLineOf(node);
  const median = required(reading, fields, 'median', at, (value) => readQuantity(reading, value));
  const p99 = required(reading, fields, 'p99', at, (value) => readQuantity(reading, value));
  if (median === undefined || p99 === undefined) return undefined;
  if (p99 <= median) return complain(reading, at, 'value', '`p99` must lie above `median`');
  return { match: field(fields, 'match', (match) => readMatch(reading, match)) ?? [], median, p99 };
}

function readLevels(reading: Reading, fields: ReadonlyMap<string, YamlEntry>, at: Span) {
  const value = field(fields, 'value', (node) => readNumber(reading, node));
  const trough = field(fields, 'trough', (node) => readNumber(reading, node));
  const peak = field(fields, 'peak', (node) => readNumber(reading, node));
  if (fields.has('value') === (fields.has('trough') || fields.has('peak')))
    complain(reading, at, 'missing', 'a gauge has either `value`, or `trough` and `peak`');
  else if (fields.has('trough') !== fields.has('peak'))
    complain(reading, at, 'missing', '`trough` and `peak` belong together');
  const noise = field(fields, 'noise', (node) => readRatio(reading, node)) ?? ratio(0);
  return { trough: trough ?? value ?? 0, peak: peak ?? value ?? 0, noise };
}

/**
 * mix = map of label -> values (each label on its own: all combinations), or list of label sets (just those). Values and sets may
 * have shares; they are scaled to sum to 1.
 */
function readMix(reading: Reading, node: YamlNode): LabelMix {
  if (node.kind === 'list')
    return scale(
      node.items.map((item) => readLabelSet(reading, item)),
      reading,
      firstLineOf(node),
    );
  let mix = one;
  for (const { key, keySpan, value } of readEntries(reading, node, 'a label distribution')) {
    checkLabel(reading, key, keySpan);
    const values = readShares(reading, key, value);
    if (mostLabelSets < mix.length * values.length) {
      complain(
        reading,
        keySpan,
        'value',
        `the labels have more than ${mostLabelSets} combinations`,
        'list those that occur',
      );
      break;
    }
    mix = mix.flatMap((left) =>
      values.map((right) => ({ labels: new Map([...left.labels, ...right.labels]), share: left.share * right.share })),
    );
  }
  return mix;
}

/** An item of a list form: labels, and a `share` among them. */
interface Weighed {
  readonly labels: ReadonlyMap<string, string>;
  readonly share: number | undefined;
}

function readLabelSet(reading: Reading, node: YamlNode): Weighed {
  const labels = new Map<string, string>();
  let share: number | undefined;
  for (const { key, keySpan, value } of readEntries(reading, node, 'a label set')) {
    if (key === 'share') share = readShare(reading, value);
    else {
      checkLabel(reading, key, keySpan);
      labels.set(key, readText(reading, value) ?? '');
    }
  }
  return { labels, share };
}

/** values = one value, a list of equally frequent ones, or a map value -> share */
function readShares(reading: Reading, label: string, node: YamlNode): LabelMix {
  const weighed =
    node.kind === 'map'
      ? node.entries.map(({ key, value }) => ({ labels: new Map([[label, key]]), share: readShare(reading, value) }))
      : itemsOf(node).map((item) => ({ labels: new Map([[label, readText(reading, item) ?? '']]), share: undefined }));
  return scale(weighed, reading, firstLineOf(node));
}

/** A percentage, or any number: only the proportion counts. */
function readShare(reading: Reading, node: YamlNode): number | undefined {
  const percent = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?)\s*%$/.exec(node.text)?.[1] : undefined;
  return percent === undefined ? readNumber(reading, node, Number.MIN_VALUE) : Number(percent);
}

function scale(sets: readonly Weighed[], reading: Reading, at: Span): LabelMix {
  const given = sets.filter(({ share }) => share !== undefined).length;
  if (sets.length === 0) complain(reading, at, 'value', 'a label distribution needs at least one label set');
  if (given !== 0 && given !== sets.length)
    complain(reading, at, 'missing', 'either every label set has a `share` or none');
  const total = sets.reduce((sum, { share }) => sum + (share ?? 1), 0);
  return sets.map(({ labels, share }): LabelShare => ({ labels, share: (share ?? 1) / total }));
}

function checkLabel(reading: Reading, name: string, span: Span): void {
  if (!legacyLabelName.test(name)) complain(reading, span, 'value', `\`${name}\` is no label name`);
  else if (reserved.includes(name))
    complain(reading, span, 'value', `the label \`${name}\` is set by the scraper or the format`, 'leave it out');
}
