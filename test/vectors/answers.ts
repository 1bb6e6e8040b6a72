import { alertAnswers } from './answers/alerts.ts';
import { budgetAnswers } from './answers/budgets.ts';
import { jointAnswers } from './answers/joint.ts';
import { noDataAnswers } from './answers/no-data.ts';
import { prometheusAnswers } from './answers/prometheus.ts';
import { proofAnswers } from './answers/proof.ts';
import { seedAnswers } from './answers/seed.ts';
import { sentenceAnswers } from './answers/sentences.ts';
import { trafficAnswers } from './answers/traffic.ts';
import { difference } from './compare.ts';
import { isTable, Unanswered } from './facts.ts';
import type { Answers, Group } from './group.ts';
import type { Json, Vector } from './vector.ts';

const groups: Readonly<Record<string, Group>> = {
  ...alertAnswers,
  ...budgetAnswers,
  ...jointAnswers,
  ...noDataAnswers,
  ...prometheusAnswers,
  ...proofAnswers,
  ...seedAnswers,
  ...trafficAnswers,
};

/** Quotations of the source beside the exact figures: rounded, in words, sometimes wrong. They expect nothing of us. */
const quotations: readonly RegExp[] = [/^printed\d*$/, /^text$/];

/** What is wrong with our answers to a vector; nothing if it passes. Whatever is not answered is wrong. */
export async function check(vector: Vector, all: readonly Vector[]): Promise<readonly string[]> {
  const wanted = wantedOf(vector.expected);
  if (wanted.length === 0) return ['the vector expects nothing that can be compared'];
  const problems: string[] = [];
  for (const [key, expected] of wanted) {
    const problem = await checkOne(vector, all, key, expected);
    if (problem !== undefined) problems.push(`${key}: ${problem}`);
  }
  return problems;
}

/** The expected figures, those of a table under `exact` by their own names. */
function wantedOf(expected: Json): readonly (readonly [key: string, value: Json])[] {
  if (!isTable(expected)) return [['exact', expected]];
  return Object.entries(expected).flatMap(([key, value]) => {
    if (quotations.some((quotation) => quotation.test(key))) return [];
    return key === 'exact' && isTable(value) ? wantedOf(value) : [[key, value] as const];
  });
}

async function checkOne(
  vector: Vector,
  all: readonly Vector[],
  key: string,
  expected: Json,
): Promise<string | undefined> {
  try {
    const answer = answersTo(vector, all)[key];
    if (answer === undefined) return `group ${vector.group} has no such figure`;
    return difference(await answer(expected), expected, vector.tolerance);
  } catch (error) {
    if (error instanceof Unanswered || error instanceof RangeError) return `can't be answered: ${error.message}`;
    throw error;
  }
}

function answersTo(vector: Vector, all: readonly Vector[]): Answers {
  const group = groups[vector.group];
  if (group === undefined) throw new Unanswered(`there is no group called ${vector.group}`);
  if (typeof vector.input === 'string') return sentenceAnswers(vector.input, vector, all);
  if (!isTable(vector.input)) throw new Unanswered('the input is neither figures by name nor a sentence');
  return group(vector.input, vector, all);
}
