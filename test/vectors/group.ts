import type { Facts } from './facts.ts';
import type { Json, Vector } from './vector.ts';

/**
 * Figures by the names that vectors expect them under. Each is calculated by the product when it is asked for. Findings that vectors put
 * in words take the words, and give them back if they say the same.
 */
export type Answers = Readonly<Record<string, (words: Json) => unknown>>;

/** What answers a group, from the figures of a vector's input. The group's file is at hand for inputs that refer to another vector. */
export type Group = (facts: Facts, vector: Vector, all: readonly Vector[]) => Answers;
