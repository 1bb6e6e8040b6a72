/**
 * Writes samples into a running Prometheus, so that its newest hours lie in memory as if it had scraped them: what `promtool tsdb create-blocks-from`
 * makes are blocks, which cost every selector that reaches into them several times more.
 */
import { Buffer } from 'node:buffer';
import type { Series } from '../../src/core/series/index.ts';

/** How much of history one request carries: all series must advance together, as Prometheus takes nothing older than an hour before its newest. */
const slice = 10 * 60 * 1000;

/** Writes the samples of series from a time on, oldest first. */
export async function writeSamples(url: string, series: readonly Series[], from: number, to: number): Promise<void> {
  for (let start = from; start <= to; start += slice) {
    const parts = series.flatMap((one) => {
      const encoded = timeSeries(one, start, Math.min(start + slice, to + 1));
      return encoded === undefined ? [] : [field(1, encoded)];
    });
    if (parts.length === 0) continue;
    const response = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      body: uncompressed(Buffer.concat(parts)),
    });
    if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
  }
}

/** Source: prometheus/prompb/types.proto, `TimeSeries` with `Label` and `Sample`. */
function timeSeries({ labels, timestamps, values }: Series, from: number, before: number): Buffer | undefined {
  const samples: Buffer[] = [];
  for (const [index, time] of timestamps.entries()) {
    if (time < from || before <= time) continue;
    const value = Buffer.alloc(9);
    value[0] = 0x09;
    value.writeDoubleLE(values[index] ?? 0, 1);
    samples.push(field(2, Buffer.concat([value, Buffer.from([0x10]), varint(time)])));
  }
  if (samples.length === 0) return undefined;
  const pairs = [...labels.entries()].map(([name, text]) =>
    field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(text))])),
  );
  return Buffer.concat([...pairs, ...samples]);
}

/** A field of a message, by its length. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; 128n <= rest; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

/** Snappy's block format with nothing but literals. Source: google/snappy, format_description.txt. */
function uncompressed(content: Buffer): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [varint(content.length)];
  const longest = 65_536;
  for (let start = 0; start < content.length; start += longest) {
    const literal = content.subarray(start, start + longest);
    const size = literal.length - 1;
    parts.push(Buffer.from([61 << 2, size & 255, size >> 8]), literal);
  }
  return Uint8Array.from(Buffer.concat(parts));
}
