import type { System } from './system.ts';

/** A row of what the five documents ask for, and what serves it. Its id, its words and its outcome make a test of their own. */
export type Row = ServedRow | LaterRow | OrganisationRow;

interface Named {
  /** As the list of requirements counts them: `COMFY-44`. */
  readonly id: string;
  /** What the row asks for, in a few words. */
  readonly says: string;
}

/** The software does it: the check fails once it no longer does. */
export interface ServedRow extends Named {
  readonly check: (system: System) => void | Promise<void>;
  /** What of the row is missing; absent if nothing is. */
  readonly partly?: string;
}

/** A later part of the software will do it; a check says what of it is there already. */
export interface LaterRow extends Named {
  readonly later: 'proof' | 'run' | 'web';
  readonly why: string;
  readonly check?: (system: System) => void;
}

/** Pure organisation: the object of the example that carries it, and words that it must hold. */
export interface OrganisationRow extends Named {
  /** Keys from the top of the definition, joined by dots; items of lists count from 0. */
  readonly organisation: string;
  readonly holds: string;
}

/** How a row is served. */
export function classOf(row: Row): 'served' | 'partly' | 'organisation' | 'later: proof' | 'later: run' | 'later: web' {
  if ('organisation' in row) return 'organisation';
  if ('later' in row) return `later: ${row.later}`;
  return row.partly === undefined ? 'served' : 'partly';
}
