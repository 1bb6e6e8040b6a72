import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDefinitions } from './index.ts';

const page = ['definition', 'definition-service']
  .map((name) => readFileSync(resolve(import.meta.dirname, `../../../docs/reference/${name}.md`), 'utf8'))
  .join('\n');
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text);

describe('the reference page', () => {
  test.each(examples)('has examples that are right: %#', (text) => {
    expect(readDefinitions({ name: 'definition.md', text })).toMatchObject({ ok: true, diagnostics: [] });
  });

  test('names each key of the form', () => {
    const schema = readFileSync(resolve(import.meta.dirname, '../../../schema/nines-v1.schema.json'), 'utf8');
    const keys = [...schema.matchAll(/^ +"(\w+)": \{$/gm)].map(([, key = '']) => key);
    const words = new Set([
      'properties',
      'propertyNames',
      'additionalProperties',
      'items',
      'definitions',
      'alertCondition',
      'anyValue',
    ]);
    expect([...new Set(keys)].filter((key) => !words.has(key) && !page.includes(`\`${key}\``))).toEqual([]);
  });
});
