/** One thing that differs in meaning between two definitions. */
export interface Difference {
  readonly service: string;
  /** Absent if the difference is the service's own. */
  readonly slo?: string;
  /** What differs, by the word of the definition: `target`, `period`, `indicator`, `alert`, `slo`. */
  readonly aspect: string;
  /** Absent if there was nothing before. */
  readonly before?: string;
  /** Absent if there is nothing any more. */
  readonly after?: string;
}

/** A difference; what was not there before, or is no longer, is left out. */
export function difference(
  place: Pick<Difference, 'service' | 'slo' | 'aspect'>,
  before: string | undefined,
  after: string | undefined,
): Difference {
  return {
    ...place,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
