import type { ExitCode, Terminal } from '../terminal.ts';
import { type PushAnswer, type PushApi, refusal, remedyFor } from './push-api.ts';

/** One thing to change on a server. */
export interface PushStep {
  readonly kind: 'create' | 'change' | 'delete';
  /** What it is, as people call it: `group nines-shop/nines-shop-availability`. */
  readonly what: string;
  /** How it differs from what is there. */
  readonly difference: readonly string[];
  /** Whether the steps behind it fail without it, as boards do without their folder. */
  readonly isNeeded?: boolean;
  readonly send: (api: PushApi) => Promise<PushAnswer>;
}

/** What is to be changed, and how much is as it should be. */
export interface PushPlan {
  readonly steps: readonly PushStep[];
  readonly unchanged: number;
}

const signs = { create: '+', change: '~', delete: '-' } as const;

/** More lines of a difference than these are counted, not shown. */
const mostLines = 30;

/** Shows a plan and, unless it is only to be shown, carries it out. Whatever happens, it is said what has been done and what has not. */
export async function carryOut(
  terminal: Terminal,
  api: PushApi,
  { steps, unchanged }: PushPlan,
  dryRun: boolean,
): Promise<ExitCode> {
  for (const { kind, what, difference } of steps) {
    terminal.write(`${signs[kind]} ${what}\n`);
    const more = difference.length - mostLines;
    for (const line of difference.slice(0, mostLines)) terminal.write(`    ${line}\n`);
    if (0 < more) terminal.write(`    ... and ${more} more lines\n`);
  }
  const summary = `${steps.length} to change, ${unchanged} as they should be`;
  if (dryRun || steps.length === 0) {
    terminal.writeError(`nines: ${summary} on ${api.address}${dryRun ? '; nothing was sent' : ''}\n`);
    return 0;
  }
  const failed: string[] = [];
  const remedies = new Set<string>();
  let done = 0;
  for (const step of steps) {
    const problem = await tried(step, api, terminal);
    if (problem === undefined) {
      done += 1;
      continue;
    }
    failed.push(`${step.what}: ${problem.text}`);
    if (problem.remedy !== undefined) remedies.add(problem.remedy);
    if (problem.isGeneral || step.isNeeded === true || terminal.signal.aborted) break;
  }
  if (failed.length === 0) {
    terminal.writeError(`nines: ${done} changed, ${unchanged} as they should be on ${api.address}\n`);
    return 0;
  }
  for (const line of failed) terminal.writeError(`nines: ${line}\n`);
  for (const remedy of remedies) terminal.writeError(`  = help: ${remedy}\n`);
  const untried = steps.length - done - failed.length;
  terminal.writeError(
    `nines: ${api.address} has ${done} of ${steps.length} changes; ${failed.length} failed, ${untried} were not tried. ` +
      'What was changed stays; push again to go on\n',
  );
  return 2;
}

interface Problem {
  readonly text: string;
  readonly remedy?: string;
  /** Whether the next step would fail for the same reason: it is not this one that the server minds. */
  readonly isGeneral: boolean;
}

/** These are about what was sent; any other refusal is about who sends, or about the server. */
const aboutOneThing: ReadonlySet<number> = new Set([400, 404, 409, 412, 413, 415, 422]);

/** Why a step failed; undefined if it did not. */
async function tried(step: PushStep, api: PushApi, terminal: Terminal): Promise<Problem | undefined> {
  try {
    const answer = await step.send(api);
    // What is to be deleted may be gone already.
    if (answer.status < 300 || (step.kind === 'delete' && answer.status === 404)) return undefined;
    const remedy = remedyFor(answer);
    return {
      text: refusal(answer),
      ...(remedy !== undefined && { remedy }),
      isGeneral: !aboutOneThing.has(answer.status),
    };
  } catch (error) {
    terminal.writeError(`nines: ${error instanceof Error ? error.message : String(error)}\n`);
    // It may have arrived all the same.
    return { text: 'no answer, so that it may have been changed or not', isGeneral: true };
  }
}
