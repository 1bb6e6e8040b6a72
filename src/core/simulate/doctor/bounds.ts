/** From this many bad events on that the target allows, having none is remarkable. */
export const manyAllowed = 10;
/** A share of the time so large that one may call it always. */
export const nearlyAlways = 0.95;
/** Fewer steps with events than this say nothing about habits. */
export const minimumSteps = 6;
/** An objective without events for a tenth of the time has no figures for much of it. */
export const manyIdle = 0.1;
