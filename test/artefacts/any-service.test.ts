import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defineService, printDefinition, type ServiceInput, type SloInput } from '../../src/core/formats/index.ts';
import {
  type Artefacts,
  artefactTargets,
  defaultGenerateOptions,
  type GeneratedFile,
  generateArtefacts,
} from '../../src/core/generate/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { anyService } from '../arbitrary-services.ts';
import { boardProblems } from '../grafana/board-lint.ts';
import { boards, rulesByObjective } from '../grafana/boards.ts';
import { checkers, write } from './checkers.ts';

/**
 * What services of every kind give is loaded by the programs that are to load it, and their rules pass the tests that are generated with
 * them. The short form draws the same few services each time; the long one many others, and tells its seed.
 */
const isLong = process.env['NINES_LONG'] === '1';
const seed = Number(process.env['NINES_SEED'] ?? (isLong ? Date.now() % 1e9 : 1));
const count = isLong ? 150 : 8;
/** The name of the composite in every definition that is drawn. */
const composite = 'the-whole';
const services = fc.sample(anyService, { numRuns: count, seed }).map((input, index) => fitting(input, `any-${index}`));

let folder = '';
let pieces: readonly Artefacts[] = [];
let files: readonly GeneratedFile[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-any-'));
  pieces = [...generateArtefacts(services, artefactTargets, defaultGenerateOptions)];
  files = pieces.flatMap((piece) => piece.files);
  write(folder, files);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(`services of seed ${seed} can be generated`, () => {
  const diagnostics = pieces.flatMap((piece) => piece.diagnostics);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

test.for(checkers.map((checker) => [String(checker.files), checker] as const))(
  '%s are what is loaded',
  { timeout: 600_000 },
  async ([, checker], context) => {
    const paths = files.map(({ path }) => path).filter((path) => checker.files.test(path));
    if (0 < paths.length) await checker.check(paths, folder, context);
  },
);

test('their boards read what their rules record', () => {
  // Words that are drawn make no sentences, and may hold a $.
  const problems = boardProblems(boards(services), rulesByObjective(services));
  expect(problems.filter((problem) => !/is no sentence|no variable/.test(problem))).toEqual([]);
});

test.for(services.map((service) => [service.name, service] as const))(
  'the generated tests of %s pass',
  { timeout: 600_000 },
  async ([name, service]) => {
    const texts = new Map(files.flatMap(({ path, text }) => (path.startsWith('promtool/') ? [[path, text]] : [])));
    for (const [path, text] of texts) {
      if (!path.startsWith(`promtool/${name}.`) || !path.endsWith('.tests.yaml')) continue;
      const result = await runUnitTests({ name: path, text }, (file) =>
        Promise.resolve([{ name: file, text: texts.get(`promtool/${file}`) ?? '' }]),
      );
      const failures = result.failures.map((failure) => failure.text);
      expect(failures, `${path} of\n${printDefinition(service)}`).toEqual([]);
    }
  },
);

/** A definition under a name of its own, whose composite has only members that it can have. */
function fitting(input: ServiceInput, service: string): Service {
  const { [composite]: whole, ...slos } = input.slos;
  const members = Object.keys(slos).filter((name) => isRolling(slos[name]));
  const joined: Record<string, SloInput> =
    whole?.composite === undefined || members.length === 0
      ? {}
      : { [composite]: { ...whole, composite: { ...whole.composite, members } } };
  return defineService({ ...input, service, slos: { ...slos, ...joined } });
}

/** Whether it has figures over the usual period under its own name. */
function isRolling(slo: SloInput | undefined): boolean {
  const { period, periods, external, percentiles } = slo ?? {};
  return [period, periods, external, percentiles].every((each) => each === undefined);
}
