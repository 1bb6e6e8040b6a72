import { describe, expect, test } from 'vitest';
import { isAbout, readLintSettings, suppressBySettings } from './settings.ts';

function read(text: string) {
  return readLintSettings({ name: '.nines.yaml', text });
}

test('settings are read', () => {
  const outcome = read(`lint:
  prose: true
  rules: { no-data: off, lint/unit: error }
  suppress:
    - { code: lint/deprecated, files: ['old/**'], reason: moves in May }
`);
  expect(outcome.ok && outcome.value).toMatchObject({
    prose: true,
    checks: { 'no-data': 'off', unit: 'error' },
    suppressions: [{ id: 'deprecated', files: ['old/**'], reason: 'moves in May' }],
  });
});

test.each([
  ['an unknown check', 'lint: { rules: { no-dataa: off } }', 'no-dataa', 'did you mean `no-data`?'],
  ['an unknown severity', 'lint: { rules: { no-data: loud } }', 'loud', 'write one of off, info, warning, error'],
  ['an unknown key', 'lint: { ruls: {} }', 'ruls', 'did you mean `rules`?'],
  ['a suppression of nothing', 'lint: { suppress: [{ reason: x }] }', 'reason', 'add `code:`'],
  [
    'no list',
    'lint: { suppress: { code: x } }',
    'code',
    'write `suppress: [{ code: ..., files: [...], reason: ... }]`',
  ],
  ['no truth value', 'lint: { prose: sometimes }', 'sometimes', 'write `prose: true`'],
])('%s is told at its place', (_, text, place, help) => {
  const { diagnostics } = read(text);
  expect(diagnostics.map((one) => [one.code, text.slice(one.span.start, one.span.end), one.help])).toEqual([
    ['lint/settings', place, help],
  ]);
});

test.each([
  ['*.md', 'docs/slo.md', true],
  ['docs/*.md', 'docs/slo.md', true],
  ['docs/*.md', 'docs/old/slo.md', false],
  ['docs/**/*.md', 'docs/old/slo.md', true],
  ['docs/**/*.md', 'docs/slo.md', true],
  ['docs/**', 'docs/old/slo.md', true],
  ['slo?.md', 'slo1.md', true],
  ['slo.md', 'slo-md', false],
])('%s is about %s: %s', (pattern, path, expected) => {
  const suppression = { id: 'unit', files: [pattern], reason: 'x', span: { start: 0, end: 0 } };
  expect(isAbout(suppression, path)).toBe(expected);
});

describe('what the settings suppress', () => {
  const finding = { severity: 'info', code: 'lint/unit', message: '', span: { start: 0, end: 0 } } as const;
  test.each<[string, string, readonly string[], readonly string[]]>([
    ['is gone', '{ code: unit, files: [a.md], reason: x }', [], []],
    ['stays in other files', '{ code: unit, files: [b.md], reason: x }', ['lint/unit'], []],
    ['stays without a reason', '{ code: unit }', ['lint/unit'], ['lint/suppression-without-reason']],
    ['is told where there is nothing', '{ code: no-data, reason: x }', ['lint/unit'], ['lint/suppression-unused']],
  ])('%s', (_, item, codes, complained) => {
    const outcome = read(`lint: { suppress: [${item}] }`);
    if (!outcome.ok) throw new Error('not read');
    const { kept, complaints } = suppressBySettings(outcome.value, [{ path: 'a.md', found: [finding] }]);
    expect(kept.map(({ code }) => code)).toEqual(codes);
    expect(complaints.map(({ code }) => code)).toEqual(complained);
  });
});
