import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeOf } from '../../src/core/base/index.ts';
import { documentKind, lintDocument } from '../../src/core/lint/index.ts';

/** Rule files of other projects: those named `bad` are wrong on purpose, of the others nobody complains. */
const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const isHere = existsSync(corpora);

describe.skipIf(!isHere)(isHere ? 'rule files of others' : `skipped: ${corpora} is not here`, () => {
  test('at most one finding in 200 lines of good ones', () => {
    let lines = 0;
    const found: string[] = [];
    for (const name of readdirSync(corpora, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:ya?ml|rules)$/.test(name) || /bad|invalid/.test(name)) continue;
      const source = { name, text: readFileSync(join(corpora, name), 'utf8') };
      const kind = documentKind(source);
      if (kind === undefined) continue;
      lines += source.text.split('\n').length;
      for (const { code, span } of lintDocument(source, kind))
        found.push(`${name}:${placeOf(source.text, span.start).line} ${code}`);
    }
    console.log(`${found.length} findings in ${lines} lines of rule files`);
    expect(lines).toBeGreaterThan(1000);
    expect(found.length / lines, found.join('\n')).toBeLessThanOrEqual(1 / 200);
  });
});
