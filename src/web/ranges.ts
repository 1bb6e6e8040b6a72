/** The stretches of time that charts offer, in seconds. */
export const ranges = { '24h': 86_400, '7d': 604_800, '30d': 2_592_000 } as const satisfies Record<string, number>;

export type RangeName = keyof typeof ranges;

export const rangeNames: readonly RangeName[] = ['24h', '7d', '30d'];

/** The range that an address names; a week if it names none. */
export function readRange(value: unknown): RangeName {
  return rangeNames.find((name) => name === value) ?? '7d';
}

/** A step that gives a chart about 500 points, and at least one a minute. Seconds. */
export function chartStep(rangeSeconds: number): number {
  return Math.max(60, Math.ceil(rangeSeconds / 500 / 60) * 60);
}
