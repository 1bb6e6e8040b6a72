import {
  type Duration,
  day,
  duration,
  formatDuration,
  minute,
  parseDuration,
  second,
  unreachable,
} from '../base/index.ts';
import type { Indicator } from './model/indicator.ts';
import type { Measure } from './model.ts';
import { queryStep } from './window-query.ts';

/** The slices by which conditions are judged where nothing else is said. */
export const defaultSlice: Duration = minute;

const shortestSlice = duration(10 * second);

/**
 * What a target is a share of where it does not say: conditions are judged by slices of a minute, shares that queries give by the mean of
 * slices long enough for a rate, everything else by events.
 */
export function defaultMeasure(indicator: Indicator): Measure {
  switch (indicator.kind) {
    case 'condition':
      return { kind: 'slices', length: defaultSlice };
    case 'queries':
      return { kind: 'slice-ratios', length: queryStep };
    case 'ratio':
    case 'distribution':
    case 'composite':
    case 'external':
      return { kind: 'events' };
    default:
      return unreachable(indicator);
  }
}

/** The parts of a target's text: `99%`, and of `99% of 1m slices` what it is a share of; undefined where that cannot be read. */
export interface TargetParts {
  readonly target: string;
  /** The text behind `of`. */
  readonly of?: string;
  readonly measure?: Measure;
}

/** Takes a target's text apart. Slices are from ten seconds to a day long. */
export function targetParts(text: string): TargetParts {
  const [, target, of] = /^(.*?)\s+of\s+(.*)$/s.exec(text) ?? [];
  if (target === undefined || of === undefined) return { target: text };
  const [, length = '', kind = ''] = /^(\S+)\s+(slice|ratio)s?$/.exec(of.trim()) ?? [];
  const slice = parseDuration(length);
  if (slice === undefined || slice < shortestSlice || day < slice)
    return { target, of, ...(of.trim() === 'events' && { measure: { kind: 'events' } as const }) };
  return { target, of, measure: { kind: kind === 'ratio' ? 'slice-ratios' : 'slices', length: slice } };
}

/** What a target is a share of, as definitions write it behind the target: ` of 1m slices`; nothing for events. */
export function measureText(measure: Measure): string {
  switch (measure.kind) {
    case 'events':
      return '';
    case 'slices':
      return ` of ${formatDuration(measure.length)} slices`;
    case 'slice-ratios':
      return ` of ${formatDuration(measure.length)} ratios`;
    default:
      return unreachable(measure);
  }
}

/** Whether a target is a share of the same by two measures. */
export function sameMeasure(a: Measure, b: Measure): boolean {
  return measureText(a) === measureText(b);
}
