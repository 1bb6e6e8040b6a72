import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  firstLineOf,
  nodeAt,
  nodeToValue,
  type PlainValue,
  printYaml,
  readYaml,
  spanAt,
  type YamlNode,
} from './index.ts';
import { printWithLibrary } from './print.ts';

function read(text: string): readonly YamlNode[] {
  const outcome = readYaml(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  return outcome.value;
}

function values(text: string): readonly PlainValue[] {
  return read(text).map(nodeToValue);
}

describe('values', () => {
  test.each<[string, PlainValue]>([
    ['99.9', 99.9],
    ['99,9', '99,9'],
    ['99.9%', '99.9%'],
    ['99.95 %', '99.95 %'],
    ['yes', 'yes'],
    ['on', 'on'],
    ['true', true],
    ['5m', '5m'],
    ['1:30', '1:30'],
    ['2024-01-01', '2024-01-01'],
    ['0x1F', 31],
    ['017', 17],
    ['0o17', 15],
    ['.inf', Number.POSITIVE_INFINITY],
    ['~', null],
    ['', null],
    ['"5"', '5'],
    ['!!str 5', '5'],
    ['1e3', 1000],
    ['|-\n  a\n  b', 'a\nb'],
    ['>\n  a\n  b\n', 'a b\n'],
  ])('%s', (written, value) => {
    expect(values(`x: ${written}`)).toEqual([{ x: value }]);
  });

  test('are one per document, none for an empty text', () => {
    expect(values('a: 1\n---\nb: 2\n...\n---\nc: 3\n')).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
    expect(values('')).toEqual([]);
    expect(values('# only a comment\n')).toEqual([]);
  });

  test('keep the characters of a number', () => {
    const node = nodeAt(read('x: 99.90')[0]!, ['x']);
    expect(node).toMatchObject({ value: 99.9, text: '99.90', span: { start: 3, end: 8 } });
  });

  test('follow aliases and merge keys', () => {
    expect(values('a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, y: 3}\nd: {<<: [{x: 7}, *a]}')).toEqual([
      { a: { x: 1, y: 2 }, b: { x: 1, y: 2 }, c: { y: 3, x: 1 }, d: { x: 7, y: 2 } },
    ]);
  });

  test('do not let `__proto__` reach a prototype', () => {
    const [value] = values('__proto__: {polluted: true}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('of %YAML 1.1 documents are typed by the core schema all the same', () => {
    expect(values('%YAML 1.1\n---\nx: yes\ny: 1:30')).toEqual([{ x: 'yes', y: '1:30' }]);
  });
});

describe('places', () => {
  const text = '# head\nslos:\n  - name: a  # why\n    target:\n    labels: {b: "c"}\n';
  const [node] = read(text);

  test.each<[(string | number)[], string]>([
    [['slos', 0, 'name'], 'a'],
    [['slos', 0, 'labels', 'b'], '"c"'],
    [['slos', 0, 'labels'], 'labels'],
    [['slos', 0, 'nothing'], 'name'],
    [['nothing'], 'slos'],
  ])('%j', (path, shown) => {
    const span = spanAt(node!, path);
    expect(text.slice(span.start, span.end)).toBe(shown);
  });

  test('of a missing value is behind its key', () => {
    const span = spanAt(node!, ['slos', 0, 'target']);
    expect(text.slice(0, span.start).endsWith('target:')).toBe(true);
  });

  test('count a byte order mark as a character', () => {
    const marked = '\ufeffa: b';
    const span = spanAt(read(marked)[0]!, ['a']);
    expect(marked.slice(span.start, span.end)).toBe('b');
  });

  test('count UTF-16 units', () => {
    const smile = 'a: "😀"\nb: c';
    const span = firstLineOf(nodeAt(read(smile)[0]!, ['b'])!);
    expect(smile.slice(span.start, span.end)).toBe('c');
  });
});

describe('problems', () => {
  test.each<[string, string, string, string]>([
    ['a tab', 'a:\n\tb: 1', 'yaml/tab', '\t'],
    ['bad indentation', 'a:\n  b: 1\n c: 2', 'yaml/indentation', 'c:'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3', 'yaml/duplicate-key', 'a'],
    ['an unknown alias', 'a: *x', 'yaml/alias', '*x'],
    ['an alias in itself', 'a: &x [*x]', 'yaml/alias', '*x'],
    ['a merge of a scalar', 'a: {<<: 1}', 'yaml/alias', '<<'],
    ['an unknown tag', 'a: !foo 1', 'yaml/tag', '!foo'],
    ['a list as key', '? [a]\n: b', 'yaml/key', ''],
    ['a missing bracket', 'a: [1, 2', 'yaml/syntax', ''],
    ['a colon in a value', 'a: b: c', 'yaml/syntax', ''],
    ['a bad escape', 'a: "\\d"', 'yaml/syntax', '\\d"'],
    ['a bracket in a value', 'a: {b: x{c="5"}}', 'yaml/syntax', ''],
    ['a text after quotes', 'a: "x" y', 'yaml/syntax', 'y'],
    ['a list beside its key', 'a: - b', 'yaml/syntax', '-'],
    ['a NUL byte', 'a: b\0', 'yaml/binary', '\0'],
  ])('%s', (_, text, code, shown) => {
    const outcome = readYaml(text);
    const [first] = outcome.diagnostics;
    expect(outcome.ok).toBe(false);
    expect(first?.code).toBe(code);
    expect(first?.help, 'a remedy').toBeTruthy();
    if (shown !== '') expect(text.slice(first!.span.start, first!.span.end)).toBe(shown);
  });

  test('are all reported, in the order of the text', () => {
    const { diagnostics } = readYaml('a: 1\na: 2\nb: *x\nc: !foo 1\n---\nd: *y\n');
    expect(diagnostics.map(({ code }) => code)).toEqual(['yaml/duplicate-key', 'yaml/alias', 'yaml/tag', 'yaml/alias']);
  });

  test('of one kind without end are told a hundred times', () => {
    expect(readYaml('a:\n'.repeat(100_000)).diagnostics).toHaveLength(100);
  });

  test('aliases that multiply each other are refused', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) =>
        `l${i}: &l${i} [${Array(10)
          .fill(i === 0 ? 'x' : `*l${i - 1}`)
          .join(', ')}]`,
    );
    expect(readYaml(levels.join('\n')).diagnostics.map(({ code }) => code)).toEqual(['yaml/too-large']);
  });

  test('aliases that nest each other are refused', () => {
    const levels = Array.from({ length: 200 }, (_, i) => `l${i}: &l${i} [${i === 0 ? 'x' : `*l${i - 1}`}]`);
    expect(readYaml(levels.join('\n')).diagnostics[0]?.code).toBe('yaml/too-deep');
  });

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['list items', `${'- '.repeat(2000)}a`],
    ['indented keys', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('%s without end are refused', (_, text) => {
    expect(readYaml(text).diagnostics[0]?.code).toBe('yaml/too-deep');
  });

  test.each([
    ['items', '- a\n'.repeat(10_000)],
    ['entries', Array.from({ length: 7000 }, (_, index) => `k${index}:\n`).join('')],
    ['brackets', `[${'[],'.repeat(10_000)}]`],
  ])('more %s than the limit are refused', (_, text) => {
    expect(readYaml(text, { maxNodes: 5000 }).diagnostics.map(({ code }) => code)).toEqual(['yaml/too-large']);
  });

  test('a text past the limit is refused before it is parsed', () => {
    const { diagnostics } = readYaml('a'.repeat(50_000_000));
    expect(diagnostics[0]?.code).toBe('yaml/too-large');
    expect(readYaml('a: 12345', { maxLength: 5 }).ok).toBe(false);
  });
});

describe('printing', () => {
  const key = fc.oneof(fc.constantFrom('a', '__proto__', 'yes', '5', 'a b', ''), fc.string());
  const { value } = fc.letrec<{ value: PlainValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(
        'on',
        '1:30',
        '5m',
        '99.9%',
        '\n',
        'a\n',
        'a\n\n b ',
        '- x',
        'null',
        '0x1F',
        '1e3',
        '# a',
        'a #b',
        'a#b:c',
        '(a\n  b)',
        'a\n\n  b',
        'a  b ',
        '60166837',
        '012',
        '0b11',
        '1f',
        '12e4',
        '3dead',
        '1_000',
        '1y2w3d4h5m6s7ms',
        "it's: that",
        'it\'s: "that" ',
        'say "x": y',
        'ends: ',
        'no: ',
        'a:',
        'a\u0085b',
        'a\u2028b',
        'a\n\u2029b',
        'a\rb: c',
        '\ufeffa\nb',
        '\uffff',
        'a\u007f🙂\nb',
        'a\ud800',
        '/x/y: ',
        'inf',
        '2020-01-01',
        'a: b',
        '<<',
        '1 - a:b / 0.5',
        '1 - off',
        '2 * x #y',
        '1 / a: b',
      ),
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));

  test('and reading gives the value back', () => {
    fc.assert(
      fc.property(value, (printed) => {
        expect(values(printYaml(printed))).toEqual([printed]);
      }),
      { numRuns: 1000 },
    );
  });

  test('no character ends a line or stops the reading for those who read YAML 1.1', () => {
    // Source: YAML 1.1, 5.1 and 5.4: what is printable, and which characters are line breaks.
    const printable =
      /^(?:[\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|[\ud800-\udbff][\udc00-\udfff])*$/;
    const remark = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(value, remark, (printed, comment) => {
        const text = printYaml({ a: printed, 'b\u2028': printed }, { comments: new Map([['/a', comment]]) });
        expect(text).toMatch(printable);
        expect(values(text)).toEqual([{ a: printed, 'b\u2028': printed }]);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is written here is what the library writes', () => {
    fc.assert(
      fc.property(value, (printed) => {
        expect(printYaml(printed)).toBe(printWithLibrary(printed, new Map()));
      }),
      { numRuns: 3000 },
    );
  });

  test('keeps order, leaves out undefined, writes comments where they belong', () => {
    const text = printYaml(
      { groups: [{ name: 'a', rules: [], skip: undefined, expr: 'sum(a)\n/ b\n' }], off: 'off' },
      {
        comments: new Map([
          ['', 'Made by Nines.\n\nDo not edit.'],
          ['/groups/0', 'first'],
          ['/groups/0/expr', 'why\nso'],
        ]),
      },
    );
    expect(text).toBe(`# Made by Nines.
#
# Do not edit.
groups:
  # first
  - name: a
    rules: []
    # why
    # so
    expr: |
      sum(a)
      / b
'off': 'off'
`);
  });
});
