import { type Exposition, type ExpositionFormat, isOfFamily, type MetricFamily } from './exposition.ts';
import { escapeHelp, escapeValue } from './exposition-text.ts';
import { formatGoFloat } from './histogram-text.ts';
import { type Labels, legacyLabelName, legacyMetricName, metricName } from './labels.ts';

/**
 * Prints a page of metrics. Each family's HELP, TYPE and UNIT stand before its first sample (families without samples before the next
 * one that has some); samples keep their order.
 */
export function printExposition(exposition: Exposition, format: ExpositionFormat): string {
  const { families, samples } = exposition;
  let page = '';
  let described = 0;
  let current: MetricFamily | undefined;
  for (const { labels, value, timestamp } of samples) {
    const name = labels.get(metricName);
    if (current === undefined || !isOfFamily(name, current)) {
      const index = families.findIndex((family) => isOfFamily(name, family));
      current = families[index];
      for (; described <= index; described += 1) page += describe(families[described], format);
    }
    page += sampleLine(printSeries(labels), value, timestamp, format);
  }
  for (; described < families.length; described += 1) page += describe(families[described], format);
  return format === 'openmetrics' ? `${page}# EOF\n` : page;
}

/** The metadata lines of a family as they stand on a page. */
export function printFamily(family: MetricFamily, format: ExpositionFormat): string {
  return describe(family, format);
}

/** A sample's line. `series` is what `printSeries` gave; a timestamp is milliseconds since the epoch. */
export function sampleLine(
  series: string,
  value: number,
  timestamp: number | undefined,
  format: ExpositionFormat,
): string {
  if (timestamp === undefined) return `${series} ${formatGoFloat(value)}\n`;
  const time = format === 'openmetrics' ? formatSeconds(timestamp) : String(timestamp);
  return `${series} ${formatGoFloat(value)} ${time}\n`;
}

/** A label set as it stands on a page: `name{a="1"}`, or `{"my.name",a="1"}` where the name needs quotes. */
export function printSeries(labels: Labels): string {
  const name = labels.get(metricName);
  const plain = legacyMetricName.test(name);
  const pairs: string[] = plain ? [] : [`"${escapeValue(name)}"`];
  for (const [label, value] of labels.entries()) {
    if (label === metricName) continue;
    pairs.push(`${legacyLabelName.test(label) ? label : `"${escapeValue(label)}"`}="${escapeValue(value)}"`);
  }
  const braces = pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
  return plain ? `${name}${braces}` : braces;
}

function describe(family: MetricFamily | undefined, format: ExpositionFormat): string {
  if (family === undefined) return '';
  const { help, unit } = family;
  const name = legacyMetricName.test(family.name) ? family.name : `"${escapeValue(family.name)}"`;
  let lines = '';
  if (help !== undefined) lines += `# HELP ${name} ${escapeHelp(help, format)}\n`;
  lines += `# TYPE ${name} ${typeName(family, format)}\n`;
  if (unit !== undefined && format === 'openmetrics') lines += `# UNIT ${name} ${unit}\n`;
  return lines;
}

/** The classic format has neither info, stateset nor gaugehistogram: their samples are gauges there. */
function typeName(family: MetricFamily, format: ExpositionFormat): string {
  const { type } = family;
  if (format === 'openmetrics') return type;
  if (type === 'unknown') return 'untyped';
  return type === 'info' || type === 'stateset' ? 'gauge' : type === 'gaugehistogram' ? 'untyped' : type;
}

/** Seconds with exactly three decimals where there are some: no float arithmetic touches the time. */
function formatSeconds(ms: number): string {
  const magnitude = Math.abs(ms);
  const whole = Math.floor(magnitude / 1000);
  const rest = magnitude % 1000;
  const text = rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(3, '0')}`;
  return ms < 0 ? `-${text}` : text;
}
