/** A series for a server's remote-write receiver. */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Times in milliseconds. */
  readonly samples?: readonly { readonly timestamp: number; readonly value: number }[];
  readonly histograms?: readonly WrittenHistogram[];
}

/** A native histogram of schema 0: so many observations in (0.5, 1] and so many in (1, 2]. */
export interface WrittenHistogram {
  readonly timestamp: number;
  readonly below: number;
  readonly above: number;
}

/** Sends series to a server that was started with `--web.enable-remote-write-receiver` (remote write 1.0 with native histograms). */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const body = snappy(Buffer.concat(series.map((one) => message(1, seriesMessage(one)))));
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
  };
  const response = await fetch(`${url}/api/v1/write`, { method: 'POST', headers, body: new Uint8Array(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
}

function seriesMessage({ labels, samples = [], histograms = [] }: WrittenSeries): Buffer {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...pairs.map(([name, value]) =>
      message(1, Buffer.concat([message(1, Buffer.from(name)), message(2, Buffer.from(value))])),
    ),
    ...samples.map(({ timestamp, value }) => message(2, Buffer.concat([double(1, value), integer(2, timestamp)]))),
    ...histograms.map((one) => message(4, histogramMessage(one))),
  ]);
}

/** `prometheus.Histogram` of prompb/types.proto: bucket 0 of schema 0 ends at 1, bucket 1 at 2; counts are differences to the one before. */
function histogramMessage({ timestamp, below, above }: WrittenHistogram): Buffer {
  return Buffer.concat([
    integer(1, below + above),
    double(3, below * 0.75 + above * 1.5),
    integer(4, zigzag(0)),
    double(5, 1e-128),
    integer(6, 0),
    message(11, Buffer.concat([integer(1, zigzag(0)), integer(2, 2)])),
    message(12, Buffer.concat([varint(zigzag(below)), varint(zigzag(above - below))])),
    integer(15, timestamp),
  ]);
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function double(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; 128 <= rest; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

const mostLiteral = 65_536;

/** Snappy's block format with nothing but literals. */
function snappy(content: Buffer): Buffer {
  const parts: Buffer[] = [varint(content.length)];
  for (let at = 0; at < content.length; at += mostLiteral) {
    const literal = content.subarray(at, at + mostLiteral);
    // Tag 61 says that the length less one follows in two bytes.
    const length = Buffer.alloc(2);
    length.writeUInt16LE(literal.length - 1);
    parts.push(Buffer.from([61 * 4]), length, literal);
  }
  return Buffer.concat(parts);
}
