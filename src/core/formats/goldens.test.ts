import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../base/index.ts';
import { printDefinition, readDefinitions } from './index.ts';

// Each folder of testdata is a case: a definition, and what is said about it. Folders whose name begins with `valid` hold no errors.
const folder = join(import.meta.dirname, 'testdata');
const cases = readdirSync(folder).toSorted();

describe('what is said about', () => {
  test.each(cases)('%s', async (name) => {
    const text = readFileSync(join(folder, name, 'slo.yaml'), 'utf8');
    const source = { name: 'slo.yaml', text };
    const outcome = readDefinitions(source);
    const shown = outcome.diagnostics.map((diagnostic) => formatDiagnostic({ ...diagnostic, source })).join('\n\n');
    expect(outcome.ok).toBe(name.startsWith('valid'));
    await expect(shown === '' ? 'no problems\n' : `${shown}\n`).toMatchFileSnapshot(
      join(folder, name, 'diagnostics.txt'),
    );
  });
});

describe('printed and read again, a service is the same in', () => {
  test.each(cases.filter((name) => name.startsWith('valid')))('%s', async (name) => {
    const outcome = readDefinitions({ name, text: readFileSync(join(folder, name, 'slo.yaml'), 'utf8') });
    if (!outcome.ok) throw new Error('not valid');
    const printed = outcome.value.map((each) => printDefinition(each)).join('---\n');
    await expect(printed).toMatchFileSnapshot(join(folder, name, 'printed.yaml'));
    const again = readDefinitions({ name, text: printed });
    expect(again.ok && again.value).toEqual(outcome.value);
  });
});
