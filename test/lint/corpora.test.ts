import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeOf, type Source } from '../../src/core/base/index.ts';
import { readServices } from '../../src/core/formats/index.ts';
import { documentKind, lintDocument, lintService } from '../../src/core/lint/index.ts';
import { sharedFolder } from '../servers.ts';

/** Texts of other projects: those named for being wrong are so on purpose, of the others nobody complains. */
const corpora = sharedFolder('corpora');

/** Every one of them must have been looked into; OpenSLO's own examples are fragments that no reader takes alone. */
const projects = [
  'alert-generator-rules.yaml',
  'openslo-go-sdk',
  'promtool',
  'pyrra',
  'rulefmt',
  'rules',
  'slo-generator',
  'slom',
  'sloth',
];

interface Looked {
  readonly project: string;
  readonly lines: number;
  readonly findings: readonly string[];
}

/** What is said about a text as rules, a configuration or a dashboard, or else as a definition; undefined if it is none of these. */
function look(source: Source): Looked | undefined {
  const [project = ''] = source.name.split('/');
  const lines = source.text.split('\n').length;
  const kind = documentKind(source);
  const shown = ({ code, span }: { readonly code: string; readonly span: { readonly start: number } }) =>
    `${source.name}:${placeOf(source.text, span.start).line} ${code}`;
  if (kind !== undefined) return { project, lines, findings: lintDocument(source, kind).map(shown) };
  const outcome = readServices(source);
  if (!outcome.ok) return undefined;
  return { project, lines, findings: outcome.value.flatMap((service) => lintService(service, source).map(shown)) };
}

describe.skipIf(corpora === undefined)('rule files and definitions of others', () => {
  test('at most one finding, of whichever severity, in 200 lines of good ones', () => {
    const looked = readdirSync(corpora ?? '', { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ya?ml|rules|json)$/.test(name) && !/bad|invalid|duplicate|failing/.test(name))
      .flatMap((name) => look({ name, text: readFileSync(join(corpora ?? '', name), 'utf8') }) ?? []);
    const lines = looked.reduce((sum, one) => sum + one.lines, 0);
    const found = looked.flatMap(({ findings }) => findings);
    console.log(
      `${found.length} findings in ${lines} lines of ${looked.length} files${found.map((one) => `\n  ${one}`).join('')}`,
    );
    expect([...new Set(looked.map(({ project }) => project))]).toEqual(expect.arrayContaining(projects));
    expect(lines).toBeGreaterThan(5000);
    expect(found.length / lines, found.join('\n')).toBeLessThanOrEqual(1 / 200);
  });
});
