import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isGolden, runGolden } from './golden.ts';
import type { FileReport } from './report.ts';
import { runScript } from './run-script.ts';
import { isUnitTestFile, runUnitTestFile } from './unit-test-file.ts';

/** The files that a path stands for: itself, or all that a folder holds which can be run. Throws if there is no such path. */
export function findFiles(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`there is no file or folder ${path}`);
  if (!found.isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((file) => statSync(file).isFile() && canRun(file))
    .sort();
}

/** Runs one file: a test script, recorded answers or rule unit tests. Throws if it is none of them. */
export async function runFile(path: string): Promise<FileReport> {
  if (path.endsWith('.test')) return { path, checks: await runScript(readFileSync(path, 'utf8')) };
  if (isGolden(path)) return { path, checks: await runGolden(path) };
  if (isUnitTestFile(path)) return { path, checks: await runUnitTestFile(path) };
  throw new Error(
    `cannot tell what ${path} is: test scripts end in .test, recorded answers in .jsonl or .jsonl.gz, rule unit tests are YAML with tests`,
  );
}

function canRun(path: string): boolean {
  return path.endsWith('.test') || isGolden(path) || isUnitTestFile(path);
}
