import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { placeOf, type Source } from '../../src/core/base/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import type { Check } from './report.ts';

/** Whether a file holds rule unit tests in promtool's format (and not, for instance, rules). */
export function isUnitTestFile(path: string): boolean {
  return /\.ya?ml$/.test(path) && /^\s*"?tests"?\s*:/m.test(readFileSync(path, 'utf8'));
}

/** Runs a file of promtool's rule unit tests, with promtool's limits. */
export async function runUnitTestFile(path: string): Promise<readonly Check[]> {
  const source = { name: path, text: readFileSync(path, 'utf8') };
  const folder = dirname(path);
  const readRules = (pattern: string): Promise<readonly Source[]> => Promise.resolve(rulesMatching(folder, pattern));
  const { passed, failures } = await runUnitTests(source, readRules, { promtoolLimits: true });
  return [
    ...Array.from({ length: passed }, () => ({ name: 'a check that holds', problems: [] })),
    ...failures.map(({ text, differences, place }) => ({
      name: place === undefined ? 'the file' : `line ${placeOf(place.source.text, place.span.start).line}`,
      problems: [[text.trim(), ...differences].join('\n')],
    })),
  ];
}

/** The rule files that a pattern means, relative to the test file; `*` and `?` stand for parts of a file's name. */
function rulesMatching(folder: string, pattern: string): readonly Source[] {
  const path = resolve(folder, pattern);
  const within = dirname(path);
  if (!existsSync(within)) return [];
  const name = new RegExp(
    `^${basename(path)
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return readdirSync(within)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => ({ name: join(within, file), text: readFileSync(join(within, file), 'utf8') }));
}
