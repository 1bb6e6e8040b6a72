import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { timestamp } from '../base/index.ts';
import {
  type Exposition,
  type ExpositionFormat,
  expositionContentTypes,
  Labels,
  type MetricFamily,
  negotiateExposition,
  parseExposition,
  printExposition,
} from './index.ts';

const openmetrics = expositionContentTypes.openmetrics;

describe('a page of metrics', () => {
  test.each([
    ['a bare name', 'up 1\n', ['up 1']],
    ['labels, blanks and a trailing comma', 'a { b = "c" , d="e", } 12.5\n', ['a{b="c", d="e"} 12.5']],
    ['tabs', 'a\t1\t1000\n', ['a 1 @1000']],
    ['no blank after the brace', 'a{b="c"}1\n', ['a{b="c"} 1']],
    ['escapes', 'a{b="x\\"y\\\\z\\nw\\q"} 1\n', ['a{b="x\\"y\\\\z\\nw\\\\q"} 1']],
    ['a quoted name', '{"my.name","a b"="c"} 1\n', ['{"my.name", "a b"="c"} 1']],
    ['a value with braces', 'a{b="}{",c="d"} 1\n', ['a{b="}{", c="d"} 1']],
    [
      'special numbers',
      'a +Inf\nb -inf\nc NaN\nd 1e3\ne -.5\n',
      ['a Infinity', 'b -Infinity', 'c NaN', 'd 1000', 'e -0.5'],
    ],
    ['a negative timestamp', 'a 1 -5\n', ['a 1 @-5']],
    ['comments, empty lines and CRLF', '# hello\r\n\r\na 1\r\n  \n#\n', ['a 1']],
    ['a last line without a line feed', 'a 1', ['a 1']],
    ['nothing', '', []],
    ['an empty label', 'a{b=""} 1\n', ['a 1']],
    ['more digits than a double holds', 'a 12345678901234567890\n', ['a 12345678901234567000']],
    [
      'a bound, which is stored as Prometheus 3 does',
      '# TYPE h histogram\nh_bucket{le="20"} 1\n',
      ['h_bucket{le="20.0"} 1'],
    ],
    ['a bound of no histogram', 'h_bucket{le="20"} 1\n', ['h_bucket{le="20"} 1']],
    ['a quantile', '# TYPE s summary\ns{quantile="1"} 1\n', ['s{quantile="1.0"} 1']],
  ])('with %s', (_what, text, expected) => {
    expect(lines(text, 'text/plain')).toEqual(expected);
  });

  test.each([
    ['timestamps in seconds', 'a 1 1520879607.789\n# EOF\n', ['a 1 @1520879607789']],
    ['an exemplar', 'a_bucket{le="1"} 5 # {trace_id="x y"} 0.3 12.5\n# EOF\n', ['a_bucket{le="1"} 5']],
    ['an exemplar after a timestamp', 'a_total 5 3 # {} 1\n# EOF', ['a_total 5 @3000']],
  ])('in OpenMetrics with %s', (_what, text, expected) => {
    expect(lines(text, openmetrics)).toEqual(expected);
  });

  test('keeps what it says about its families', () => {
    const text = '# HELP a_total One\\nline \\\\ "q"\n# TYPE a_total counter\n# TYPE b untyped\n# UNIT b seconds\n';
    expect(parseExposition(text)).toMatchObject({
      value: {
        families: [
          { name: 'a_total', type: 'counter', help: 'One\nline \\ "q"' },
          { name: 'b', type: 'unknown' },
        ],
      },
    });
    expect(parseExposition('# TYPE b_seconds gauge\n# UNIT b_seconds seconds\n# EOF\n', openmetrics)).toMatchObject({
      value: { families: [{ name: 'b_seconds', type: 'gauge', unit: 'seconds' }] },
    });
  });

  test.each([
    ['HTML', '<!DOCTYPE html><html></html>', 'text/plain', 'exposition/not-metrics', 1],
    ['HTML by its type', 'hello', 'text/html', 'exposition/not-metrics', 1],
    ['JSON', '{"status":"up"}', 'application/json', 'exposition/not-metrics', 1],
    ['protobuf', 'x', 'application/vnd.google.protobuf', 'exposition/not-metrics', 1],
    ['a compressed page', '\u001f\uFFFD\b', 'text/plain', 'exposition/not-metrics', 1],
    ['half a name', 'a 1\nb_to', 'text/plain', 'exposition/sample', 2],
    ['half a label set', 'a 1\nb{c="d', 'text/plain', 'exposition/quote', 2],
    ['half a page', 'a 1\n', openmetrics, 'exposition/truncated', 2],
    ['lines after the end', 'a 1\n# EOF\nb 2\n', openmetrics, 'exposition/after-eof', 3],
    ['no value', 'a{b="c"}\n', 'text/plain', 'exposition/value', 1],
    ['a word for a value', 'a one\n', 'text/plain', 'exposition/value', 1],
    ['a hexadecimal value', 'a 0x10\n', 'text/plain', 'exposition/value', 1],
    ['a fraction of a millisecond', 'a 1 1.5\n', 'text/plain', 'exposition/timestamp', 1],
    ['a third number', 'a 1 1 1\n', 'text/plain', 'exposition/sample', 1],
    ['a label twice', 'a{b="1",b="2"} 1\n', 'text/plain', 'exposition/labels', 1],
    ['a label without quotes', 'a{b=c} 1\n', 'text/plain', 'exposition/labels', 1],
    ['two labels without a comma', 'a{b="c" d="e"} 1\n', 'text/plain', 'exposition/labels', 1],
    ['two names', 'a{"b"} 1\n', 'text/plain', 'exposition/name', 1],
    ['no name', '{b="c"} 1\n', 'text/plain', 'exposition/name', 1],
    ['an unknown type', '# TYPE a thing\n', 'text/plain', 'exposition/type', 1],
    ['a control character', 'a\u0000 1\n', 'text/plain', 'exposition/sample', 1],
  ])('is refused for %s', (_what, text, contentType, code, line) => {
    const read = parseExposition(text, contentType);
    expect(read.ok).toBe(false);
    expect(read.diagnostics).toHaveLength(1);
    const [{ code: found, message, span }] = [read.diagnostics[0]!];
    expect(found).toBe(code);
    if (code !== 'exposition/not-metrics') expect(message).toContain(`line ${line}:`);
    expect(span.start).toBeLessThanOrEqual(text.length);
  });

  test.each([
    ['samples', 'a 1\nb 1\nc 1\n', { maxSamples: 2 }],
    ['labels', 'a{b="1",c="2"} 1\n', { maxLabels: 1 }],
    ['letters of a value', 'a{b="12345"} 1\n', { maxLabelValueLength: 4 }],
  ])('is refused for more %s than the limit', (_what, text, options) => {
    expect(parseExposition(text, 'text/plain', options).diagnostics[0]!.code).toBe('exposition/limit');
  });

  test('gives the known label sets again', () => {
    const known = new Map<string, Labels>();
    const text = '# TYPE h histogram\nh_bucket{le="1"} 1\n# TYPE a gauge\na 1\na{b="c"} 2\nh_bucket{le="1"} 3\n';
    const first = samplesOf(text, known);
    const second = samplesOf(text, known);
    expect(second.map(({ labels }) => labels.toString())).toEqual(first.map(({ labels }) => labels.toString()));
    for (const [i, { labels }] of second.entries()) expect(labels).toBe(first[i]!.labels);
    // Behind another TYPE line, le is a plain label.
    expect(first[3]!.labels.get('le')).toBe('1');
  });
});

test('a scraper that names OpenMetrics gets it', () => {
  expect(negotiateExposition('application/openmetrics-text;version=1.0.0,text/plain;q=0.5')).toBe('openmetrics');
  expect(negotiateExposition('*/*')).toBe('text');
});

const name = fc.oneof(fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/), fc.string({ minLength: 1, maxLength: 6 }));
const labelValue = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('\\', '"', '\n', '\\n', '}', ','),
);
const value = fc.oneof(
  fc.integer({ min: 0 }),
  fc.double(),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const family: fc.Arbitrary<MetricFamily> = fc.record(
  {
    name: name.filter((text) => text !== '' && !text.includes('\uFFFD')),
    type: fc.constantFrom('counter', 'gauge', 'unknown'),
    help: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/\r$/.test(text)),
  },
  { requiredKeys: ['name', 'type'] },
);
const page: fc.Arbitrary<Exposition> = fc
  .uniqueArray(family, { maxLength: 4, selector: ({ name: text }) => text })
  .chain((families) =>
    fc.tuple(
      fc.constant(families),
      fc.tuple(
        ...families.map((one) =>
          fc.array(
            fc.record(
              {
                labels: fc
                  .dictionary(name, labelValue, { maxKeys: 3 })
                  .map((labels) => Labels.of({ ...labels, __name__: one.name })),
                value,
                timestamp: fc.integer().map(timestamp),
              },
              { requiredKeys: ['labels', 'value'] },
            ),
            { maxLength: 3 },
          ),
        ),
      ),
    ),
  )
  .map(([families, samples]) => ({ families, samples: samples.flat() }));

test.each<[ExpositionFormat]>([['text'], ['openmetrics']])('what is printed as %s reads back the same', (format) => {
  fc.assert(
    fc.property(page, (original) => {
      const text = printExposition(original, format);
      const read = parseExposition(text, expositionContentTypes[format]);
      expect(read.ok ? plain(read.value) : read.diagnostics).toEqual(plain(original));
    }),
    { numRuns: 500 },
  );
});

test('no page makes the reader throw', () => {
  const piece = fc.constantFrom(
    '# TYPE ',
    '# HELP ',
    'a',
    '{',
    '}',
    '"',
    '=',
    ',',
    ' 1',
    '\n',
    '\\',
    ' # ',
    '# EOF',
    'le',
    '-',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))), (pieces) => {
      parseExposition(pieces.join(''));
      parseExposition(pieces.join(''), openmetrics, { known: new Map() });
    }),
    { numRuns: 1000 },
  );
});

test('a page of twenty thousand lines is read in far less than a scrape interval', () => {
  let text = '# TYPE h histogram\n';
  for (let i = 0; i < 20_000; i += 1)
    text += `h_bucket{service="api",endpoint="/v1/things/${i >> 4}",method="GET",le="${i % 16}"} ${i * 7}\n`;
  const known = new Map<string, Labels>();
  const cold = timeOf(() => parseExposition(text, 'text/plain', { known }));
  const warm = timeOf(() => parseExposition(text, 'text/plain', { known }));
  console.log(`20,000 lines: ${cold.toFixed(0)} ms at first, ${warm.toFixed(0)} ms once known`);
  expect(warm).toBeLessThan(500);
});

function timeOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function samplesOf(text: string, known: Map<string, Labels>) {
  const read = parseExposition(text, 'text/plain', { known });
  return read.ok ? read.value.samples : [];
}

function lines(text: string, contentType: string): readonly string[] {
  const read = parseExposition(text, contentType);
  if (!read.ok) return read.diagnostics.map(({ message }) => message);
  return read.value.samples.map(
    ({ labels, value: number, timestamp: at }) => `${labels} ${number}${at === undefined ? '' : ` @${at}`}`,
  );
}

function plain({ families, samples }: Exposition) {
  return { families, samples: samples.map(({ labels, ...rest }) => ({ labels: labels.toRecord(), ...rest })) };
}
