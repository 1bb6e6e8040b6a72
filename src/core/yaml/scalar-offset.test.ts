import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entryOf, readYaml, scalarOffset, type YamlScalar } from './index.ts';

function scalarIn(text: string): YamlScalar {
  const outcome = readYaml(text);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  const node = entryOf(outcome.value[0], 'x')?.value;
  if (node?.kind !== 'scalar') throw new Error('no scalar');
  return node;
}

/** The characters of the value that are their own place in the source, and must therefore be found there. */
function checkPlaces(text: string, node: YamlScalar): void {
  let last = node.span.start - 1;
  for (let offset = 0; offset < node.text.length; offset += 1) {
    const place = scalarOffset(text, node, offset);
    expect(last <= place, `places ascend: ${JSON.stringify(text)} at ${offset}`).toBe(true);
    last = place;
    const char = node.text[offset] ?? '';
    const written = text[place] ?? '';
    const escaped = node.style === 'double' && written === '\\';
    const folded = /\s/.test(char);
    if (!escaped && !folded) expect(written, `${JSON.stringify(text)} at ${offset}`).toBe(char);
  }
  const end = scalarOffset(text, node, node.text.length);
  expect(last <= end && end <= node.span.end).toBe(true);
}

test.each([
  ['plain', 'x: sum(a) / sum(b)', '/'],
  ['plain over lines', 'x: sum(a)\n   /\n\n   sum(b)', '/'],
  ['single quotes', "x: 'it''s /'", '/'],
  ['double quotes', 'x: "a\\t\\"b\\" \\u00e9 /"', '/'],
  ['an escape beyond the basic plane', 'x: "\\U0001F600/"', '/'],
  ['double quotes over lines', 'x: "a  \n  b\n\n  \\ c\\\n   /"', '/'],
  ['a literal block', 'x: |\n  sum(a)\n    /\n  sum(b)\n', '/'],
  ['a literal block with carriage returns', 'x: |\r\n  sum(a)\r\n    /\r\n  sum(b)\r\n', '/'],
  ['a literal block with an indentation indicator', 'x: |2-\n    a\n  /', '/'],
  ['a folded block', 'x: >-\n  sum(a)\n  /\n  sum(b)\n', '/'],
  ['a folded block with blank and indented lines', 'x: >\n\n  sum(a)\n\n\n  b\n    c\n   d\n\n  /\n  sum(b)\n\n', '/'],
  ['a folded block with a comment in its head', 'x: >- # why\n  sum(a) # no comment\n  /', '/'],
])('finds a character of %s', (_, text, wanted) => {
  const node = scalarIn(text);
  expect(scalarOffset(text, node, node.text.indexOf(wanted))).toBe(text.lastIndexOf(wanted));
  checkPlaces(text, node);
});

const line = fc.stringMatching(/^ {0,3}[a-c/"'\\ ]{0,6}$/);

test('places of block scalars ascend and hold the characters they stand for', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '|2', '>2-'),
      fc.array(line),
      fc.constantFrom('\n', '\r\n'),
      (head, lines, end) => {
        const text = `x: ${head}${end}${lines.map((content) => `  ${content}`).join(end)}${end}y: 1`;
        if (!readYaml(text).ok) return;
        checkPlaces(text, scalarIn(text));
      },
    ),
    { numRuns: 2000 },
  );
});

test('places of quoted and plain scalars ascend and hold the characters they stand for', () => {
  const piece = fc.constantFrom(
    'a',
    'b c',
    ' ',
    '\t',
    '\n  ',
    '\n \n  ',
    '\\n',
    '\\\\',
    '\\"',
    '\\\n  ',
    '\\ ',
    '\\x41',
    '\\u0041',
    '\\U0001F600',
    "''",
    '/',
  );
  fc.assert(
    fc.property(fc.constantFrom("'", '"', ''), fc.array(piece), (quote, pieces) => {
      const text = `x: ${quote}${pieces.join('')}${quote}`;
      const read = readYaml(text);
      const node = read.ok ? entryOf(read.value[0], 'x')?.value : undefined;
      if (node?.kind === 'scalar') checkPlaces(text, node);
    }),
    { numRuns: 3000 },
  );
});
