/**
 * What long work polls so that it can be stopped. It throws to stop: the core has no clock and no signal of its own, the shell
 * builds one from a deadline, a budget or an AbortSignal.
 */
export type Checkpoint = () => void;

/** For work that nobody will want to stop. */
export const noCheckpoint: Checkpoint = () => {};

/** The work was told to stop: by its caller, or because its time was up. */
export class Cancelled extends Error {
  override readonly name: string = 'Cancelled';
}
