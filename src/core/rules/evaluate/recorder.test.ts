import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Labels, type Series } from '../../series/index.ts';
import { mergeSamples } from './recorder.ts';

const labels = Labels.from([['__name__', 'up']]);

/** A series with a sample at each time; every third time has a stale marker instead. */
function seriesAt(times: readonly number[], value: number): Series {
  const stale = times.flatMap((time, index) => (isStale(time) ? [index] : []));
  return {
    labels,
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, (time) => (isStale(time) ? Number.NaN : value + time)),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
  };
}

function isStale(time: number): boolean {
  return time % 3 === 0;
}

test('the samples of two series are those of both in order of time, whether they overlap or follow one another', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(times, times, fc.constantFrom(-100, 0, 100), (one, two, moved) => {
      const first = one.toSorted((a, b) => a - b);
      const second = two.map((time) => time + moved).toSorted((a, b) => a - b);
      const all = [...new Set([...first, ...second])].sort((a, b) => a - b);
      const merged = mergeSamples(seriesAt(first, 0.25), seriesAt(second, 0.5));
      expect([...merged.timestamps]).toEqual(all);
      expect([...merged.values]).toEqual(
        all.map((time) => (isStale(time) ? Number.NaN : time + (first.includes(time) ? 0.25 : 0.5))),
      );
      expect([...(merged.staleMarkers ?? [])]).toEqual(all.flatMap((time, index) => (isStale(time) ? [index] : [])));
    }),
  );
});
