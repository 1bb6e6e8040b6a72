import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/core/base/index.ts';
import { printDefinition, readDefinitions, readServices } from '../../src/core/formats/index.ts';

// Each YAML file is a case: what is said about it, and the definition it becomes. Names with `valid` hold no errors.
const folder = join(import.meta.dirname, 'testdata');
const cases = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !name.endsWith('.nines.yaml'));

describe('what becomes of', () => {
  test.each(cases)('%s', async (name) => {
    const source = { name, text: readFileSync(join(folder, name), 'utf8') };
    const outcome = readServices(source);
    const shown = outcome.diagnostics.map((diagnostic) => formatDiagnostic({ ...diagnostic, source })).join('\n\n');
    expect(outcome.ok).toBe(name.includes('-valid'));
    const base = join(folder, name.replace('.yaml', ''));
    await expect(shown === '' ? 'no problems\n' : `${shown}\n`).toMatchFileSnapshot(`${base}.txt`);
    if (!outcome.ok) return;
    const printed = outcome.value.map((each) => printDefinition(each)).join('---\n');
    await expect(printed).toMatchFileSnapshot(`${base}.nines.yaml`);
    const again = readDefinitions({ name: `${base}.nines.yaml`, text: printed });
    expect(again.ok ? again.value : again.diagnostics).toEqual(outcome.value);
  });
});
