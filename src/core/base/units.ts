declare const unit: unique symbol;

/** A length of time in milliseconds. It may be negative where PromQL allows it (offsets). */
export type Duration = number & { readonly [unit]: 'ms' };

/** An instant: whole milliseconds since the Unix epoch, as Prometheus counts them. */
export type Timestamp = number & { readonly [unit]: 'epoch ms' };

/** A fraction of one. 99.9 % is 0.999. */
export type Ratio = number & { readonly [unit]: 'ratio' };

/** Checks that `ms` is a finite number of milliseconds. A bad value is our own mistake, hence the exception. */
export function duration(ms: number): Duration {
  if (!Number.isFinite(ms)) throw new RangeError(`not a duration: ${ms}`);
  return ms as Duration;
}

/** Checks that `ms` is a finite number of milliseconds since the epoch. */
export function timestamp(ms: number): Timestamp {
  if (!Number.isFinite(ms)) throw new RangeError(`not a timestamp: ${ms}`);
  return ms as Timestamp;
}

/** Gives a number the meaning "fraction of one". NaN is refused; values outside [0, 1] occur (an overspent budget). */
export function ratio(value: number): Ratio {
  if (Number.isNaN(value)) throw new RangeError('not a ratio: NaN');
  return value as Ratio;
}

export const second: Duration = duration(1000);
export const minute: Duration = duration(60_000);
export const hour: Duration = duration(3_600_000);
export const day: Duration = duration(86_400_000);
