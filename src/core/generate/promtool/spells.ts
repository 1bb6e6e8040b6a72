import type { Duration } from '../../base/index.ts';

/** A time during which an alert fires, in evaluations; without an end where it outlasts the case. */
export interface Spell {
  readonly first: number;
  readonly last?: number;
}

/** When an alert waits, and how long it goes on. */
export interface Patience {
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
  readonly interval: Duration;
}

/** When an alert fires whose condition holds at some of the evaluations. */
export function spellsOf(
  isActive: (evaluation: number) => boolean,
  count: number,
  { holdFor, keepFiringFor, interval }: Patience,
): readonly Spell[] {
  const held = Math.ceil(holdFor / interval);
  const kept = Math.ceil(keepFiringFor / interval);
  const spells: Spell[] = [];
  let since: number | undefined;
  let first: number | undefined;
  let ended: number | undefined;
  for (let evaluation = 0; evaluation < count; evaluation += 1) {
    if (isActive(evaluation)) {
      ended = undefined;
      since ??= evaluation;
      if (held <= evaluation - since) first ??= evaluation;
      continue;
    }
    if (first === undefined) since = undefined;
    else {
      ended ??= evaluation;
      if (evaluation - ended < kept) continue;
      spells.push({ first, last: evaluation - 1 });
      since = undefined;
      first = undefined;
      ended = undefined;
    }
  }
  return first === undefined ? spells : [...spells, { first }];
}

/** What can be said at some evaluations: whether an alert fires. */
export interface Expected {
  readonly evaluation: number;
  readonly fires: boolean;
}

/**
 * What holds whichever of several answers is right: silence before the first evaluation that any fires at, firing from where all do. Without an
 * answer, if they differ in more than moments.
 */
export function expectedOf(answers: readonly (readonly Spell[])[], count: number): readonly Expected[] | undefined {
  const [one = [], ...others] = answers;
  if (others.some(({ length }) => length !== one.length)) return undefined;
  const expected: Expected[] = [];
  for (const index of one.keys()) {
    const spells = answers.flatMap((answer) => answer[index] ?? []);
    const firsts = spells.map(({ first }) => first);
    const lasts = spells.flatMap(({ last }) => last ?? []);
    const [early, late] = [Math.min(...firsts), Math.max(...firsts)];
    if (0 < lasts.length && lasts.length < spells.length) return undefined;
    const [still, gone] = lasts.length === 0 ? [undefined, undefined] : [Math.min(...lasts), Math.max(...lasts) + 1];
    if (still !== undefined && still < late) return undefined;
    if (0 < early) expected.push({ evaluation: early - 1, fires: false });
    expected.push({ evaluation: late, fires: true });
    if (still !== undefined && still !== late) expected.push({ evaluation: still, fires: true });
    if (gone !== undefined && gone < count) expected.push({ evaluation: gone, fires: false });
  }
  return expected;
}
