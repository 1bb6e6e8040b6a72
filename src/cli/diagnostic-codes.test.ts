import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { definitionJsonSchema } from '../core/formats/index.ts';
import { configurationCodes } from '../server/index.ts';
import { diagnosticCodes } from './diagnostic-codes.ts';

const root = resolve(import.meta.dirname, '../..');

/** Together with those of the server's own files, which no command needs that does not start it. */
const allCodes = [...diagnosticCodes, ...configurationCodes];

test('the reference page of diagnostics is current (run this file with -u to write it)', async () => {
  await expect(page()).toMatchFileSnapshot(join(root, 'docs/reference/diagnostics.md'));
});

test('the published schema is current (run this file with -u to write it)', async () => {
  const { $schema, ...rest } = Object(definitionJsonSchema());
  const schema = { $schema, title: 'Nines definition', ...rest };
  await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(
    join(root, 'schema/nines-v1.schema.json'),
  );
});

test('each code is registered once', () => {
  const codes = allCodes.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('each code that is reported is registered', () => {
  const registered = new Set(allCodes.map(({ code }) => code));
  const folder = join(root, 'src');
  // A command has no register of its own; the layers below it have.
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?:core|server)\b.*(?<!\.test)\.ts$/.test(name),
  );
  const used = files.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/\bcode: '([a-z]+\/[a-z-]+)'/g)].map(([, code = '']) => code),
  );
  expect([...new Set(used)].filter((code) => !registered.has(code))).toEqual([]);
});

function page(): string {
  const layers = [...new Set(allCodes.map(({ code }) => code.split('/')[0] ?? ''))];
  const sections = layers.map((layer) => {
    const rows = allCodes
      .filter(({ code }) => code.startsWith(`${layer}/`))
      .map(
        ({ code, severity, meaning, remedy }) => `| \`${code}\` | ${severity} | ${cell(meaning)} | ${cell(remedy)} |`,
      );
    return [
      `## ${layer}`,
      '',
      '| code | severity | what is wrong | what to do |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

const introduction = `# Diagnostics

<!-- Written from the registers in the code; src/cli/diagnostic-codes.test.ts keeps it current. -->

Every problem that Nines finds in what people write is a diagnostic: a stable code, a severity, a message, the remedy and the place. One run
reports all of them. Errors make \`nines lint\` exit with 1; warnings do so with \`--strict\`; information never does. A command that cannot
read its input exits with 2.

\`nines lint --format json\` prints \`{"diagnostics": [{"code", "severity", "message", "help", "file", "line", "column", "endLine", "endColumn"}]}\`.
Lines and columns count from 1, columns in UTF-16 code units, and the end is exclusive. \`--format github\` prints annotations for GitHub Actions,
\`--format sarif\` SARIF 2.1.0 for code scanning. The codes under \`lint\` name checks, each of which \`--off\` leaves out by the part after the
slash.

The severity is the usual one; some codes are reported with another where less or more is known.`;

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
