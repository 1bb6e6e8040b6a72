import type { Diagnostic } from '../../base/index.ts';
import type { Movement } from './facts.ts';
import { count, type Say } from './say.ts';

/** Fewer falls than this may be restarts on any day. */
export const manyFalls = 10;
/** A counter falls when its process restarts, once in very many scrapes; what moves up and down falls half of the time. */
const gaugeLike = 0.25;

/** Whether values move like those of a gauge. */
export function fallsLikeGauge({ resets, changes }: Movement): boolean {
  return manyFalls <= resets && gaugeLike * changes <= resets;
}

/** Says that something is no counter. */
export function notCounter(say: Say, names: readonly string[], { resets, changes, least = 0 }: Movement): Diagnostic {
  const text = `\`${names.join('`, `')}\``;
  return least < 0
    ? say('doctor/not-a-counter', `${text} is no counter: it was ${least}`)
    : say('doctor/not-a-counter', `${text} is no counter: it fell in ${count(resets)} of ${count(changes)} changes`);
}
