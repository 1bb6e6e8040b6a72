import type { Objective, Query } from './model.ts';

/** An objective as a text states it, before its words are understood. */
export type Statement = Pick<Objective, 'name' | 'span' | 'statement' | 'section'> & {
  /** The words that hold the target itself. */
  readonly target: string;
  /** The queries that stand with it; undefined if they are those of its section. */
  readonly queries?: readonly Query[];
  /** Milliseconds, if a column of its own says it. */
  readonly period?: number;
};
