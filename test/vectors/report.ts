import { readFileSync } from 'node:fs';
import { check } from './answers.ts';
import { readVectors, type Vector } from './vector.ts';

/** What came of one vector; no problems if it passed. */
export interface Result {
  readonly vector: Vector;
  readonly problems: readonly string[];
}

/** Runs all vectors of a file. Throws if it can't be read or is no file of vectors. */
export async function runFile(path: string): Promise<readonly Result[]> {
  return runVectors(readVectors(readFileSync(path, 'utf8')));
}

export async function runVectors(vectors: readonly Vector[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const vector of vectors) results.push({ vector, problems: await check(vector, vectors) });
  return results;
}

/** One line a group, in the order of the file, with the vectors that failed; with `all` those that passed, too. */
export function formatResults(results: readonly Result[], all: boolean): string {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const group = groups.get(result.vector.group);
    if (group === undefined) groups.set(result.vector.group, [result]);
    else group.push(result);
  }
  return [...groups]
    .flatMap(([group, own]) => [`${group}: ${tally(own)}`, ...own.flatMap((each) => linesOf(each, all))])
    .join('\n');
}

/** The line that closes a run. */
export function tally(results: readonly Result[]): string {
  const failed = failures(results);
  return `${results.length - failed} passed, ${failed} failed`;
}

export function failures(results: readonly Result[]): number {
  return results.filter(({ problems }) => 0 < problems.length).length;
}

function linesOf({ vector, problems }: Result, all: boolean): readonly string[] {
  if (problems.length === 0) return all ? [`  ${vector.id} passed ${JSON.stringify(vector.input)}`] : [];
  return [`  ${vector.id} failed ${JSON.stringify(vector.input)}`, ...problems.map((problem) => `    ${problem}`)];
}
