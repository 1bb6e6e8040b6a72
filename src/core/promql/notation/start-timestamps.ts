import { type Duration, duration } from '../../base/index.ts';
import { mostSamples, type Scanner, scanNumber, scanSign, scanTimes } from './scanner.ts';

/**
 * Reads the start timestamps of a line's samples, one per step, each relative to the sample's own time; undefined where it is unknown.
 *
 *     offsets = { "_" ["x" N] | [("+" | "-")] DURATION [ [("+" | "-") DURATION] "x" N ] }
 */
export function scanStartTimestamps(scanner: Scanner): readonly (Duration | undefined)[] {
  const offsets: (Duration | undefined)[] = [];
  scanner.skipSpaces();
  while (!scanner.atEnd) {
    if (scanner.accept('_')) {
      const times = scanner.accept('x') ? scanTimes(scanner) : 1;
      for (let i = 0; i < times; i += 1) offsets.push(undefined);
    } else scanOffsets(scanner, offsets);
    if (mostSamples < offsets.length) throw scanner.error('too many samples', `at most ${mostSamples} a line`);
    if (!scanner.skipSpaces() && !scanner.atEnd) {
      throw scanner.unexpected('a space after the offset');
    }
  }
  return offsets;
}

function scanOffsets(scanner: Scanner, offsets: (Duration | undefined)[]): void {
  let offset = (scanSign(scanner) ?? 1) * scanLength(scanner);
  const sign = scanSign(scanner);
  const increment = sign === undefined ? 0 : sign * scanLength(scanner);
  offsets.push(duration(offset));
  if (!scanner.accept('x')) {
    if (sign !== undefined) throw scanner.error('increment without repetitions', 'as in -30s-1mx2');
    return;
  }
  for (let times = scanTimes(scanner); 0 < times; times -= 1) {
    offset += increment;
    offsets.push(duration(offset));
  }
}

/** Milliseconds. */
function scanLength(scanner: Scanner): number {
  const start = scanner.position;
  const seconds = scanNumber(scanner);
  if (seconds === undefined) throw scanner.unexpected('a duration', 'as in -30s');
  if (!Number.isFinite(seconds)) throw scanner.errorSince(start, 'not a duration');
  return Math.round(seconds * 1000);
}
