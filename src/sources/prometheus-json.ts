import { type InstantSample, Labels, type RangeSeries } from '../core/series/index.ts';

/** A JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The texts of a list; of anything else, none. */
export function textsOf(value: unknown): readonly string[] {
  return isList(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** Reads the `data` of an instant query. A scalar is one sample without labels; a histogram sample has the value NaN. */
export function readInstant(data: unknown): readonly InstantSample[] {
  if (!isRecord(data)) throw malformed();
  const { resultType, result } = data;
  if (resultType === 'scalar') return [{ labels: Labels.empty, value: readPoint(result).value }];
  if (resultType !== 'vector' || !isList(result)) throw malformed();
  return result.map((sample) => {
    if (!isRecord(sample)) throw malformed();
    const value = sample['value'] === undefined ? Number.NaN : readPoint(sample['value']).value;
    return { labels: readLabels(sample['metric']), value };
  });
}

/** Reads the `data` of a range query. */
export function readRange(data: unknown): readonly RangeSeries[] {
  if (!isRecord(data) || data['resultType'] !== 'matrix' || !isList(data['result'])) throw malformed();
  return data['result'].map((series) => {
    if (!isRecord(series)) throw malformed();
    const points = isList(series['values']) ? series['values'] : [];
    const timestamps = new Float64Array(points.length);
    const values = new Float64Array(points.length);
    for (const [i, point] of points.entries()) {
      const { time, value } = readPoint(point);
      timestamps[i] = time;
      values[i] = value;
    }
    return { labels: readLabels(series['metric']), timestamps, values };
  });
}

/** A float as Prometheus writes it: `1`, `1e-07`, `NaN`, `+Inf`. */
export function readFloat(text: string): number {
  switch (text) {
    case '+Inf':
    case 'Inf':
      return Number.POSITIVE_INFINITY;
    case '-Inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return text === '' ? Number.NaN : Number(text);
  }
}

function readPoint(point: unknown): { readonly time: number; readonly value: number } {
  if (!isList(point) || point.length !== 2) throw malformed();
  const [time, value] = point;
  if (typeof time !== 'number' || typeof value !== 'string') throw malformed();
  return { time: Math.round(time * 1000), value: readFloat(value) };
}

function readLabels(metric: unknown): Labels {
  if (!isRecord(metric)) throw malformed();
  return Labels.from(Object.entries(metric).map(([name, value]) => [name, String(value)]));
}

function malformed(): Error {
  return new Error("the answer does not have the form of Prometheus's API");
}
