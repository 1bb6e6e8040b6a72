import { type Outcome, type Ratio, ratio, type Severity } from '../../base/index.ts';
import {
  defaultMeasure,
  type Indicator,
  invariantTarget,
  type Measure,
  type Period,
  readErrorBudget,
  readPercentile,
  readTarget,
  type Target,
  targetParts,
} from '../../slo/index.ts';
import { nodeAt, type YamlPath } from '../../yaml/index.ts';
import { readShare } from './lengths.ts';
import { accept, alternatives, isToldAbout, type Reading, reportKey, reportValue, writtenAt } from './reading.ts';
import type { PartialSlo } from './slo-schema.ts';

/** A target, and what it is a share of if its text says so. */
export interface ReadTarget {
  readonly target: Target | undefined;
  readonly measure: Measure | 'wrong' | undefined;
}

/** The ways to say a target; one of them is enough. */
const ways = ['target', 'maxErrorRatio', 'percentile'] as const;

/** Where the target of an objective is said. */
export function targetPlace(path: YamlPath, input: PartialSlo): YamlPath {
  return [...path, ways.find((key) => input[key] !== undefined) ?? 'target'];
}

/** Reads the target of an objective, however it is said. An invariant, whose period is continuous, need not say that it is 100 %. */
export function readTargetOf(
  reading: Reading,
  path: YamlPath,
  input: PartialSlo,
  period: Period | undefined,
): ReadTarget {
  const given = ways.filter((key) => input[key] !== undefined);
  const [way, second] = given;
  if (second !== undefined) {
    reportKey(reading, [...path, second], {
      severity: 'error',
      code: 'slo/target',
      message: `${alternatives(given).replace(' or ', ' and ')} each say what the target is`,
      help: 'keep one of them',
    });
  }
  if (way === undefined) {
    if (period?.kind === 'continuous') return { target: invariantTarget, measure: undefined };
    if (!ways.some((key) => isToldAbout(reading, [...path, key]))) {
      reportKey(reading, path, {
        severity: 'error',
        code: 'definition/missing-key',
        message: '`target` is missing',
        help: 'add for example `target: 99.9%`',
      });
    }
    return { target: undefined, measure: undefined };
  }
  const place = [...path, way];
  const text = writtenAt(reading, place);
  if (way !== 'target') {
    if (way === 'percentile' && input.histogram === undefined) {
      reportKey(reading, place, {
        severity: 'error',
        code: 'slo/target',
        message: 'only observations of a histogram have percentiles',
        help: 'write `target:`, or `histogram:` and `below:`',
      });
    }
    const outcome = way === 'percentile' ? readPercentile(text) : readErrorBudget(text);
    return { target: accept(reading, place, outcome), measure: undefined };
  }
  return readMeasuredTarget(reading, place, text, period);
}

function readMeasuredTarget(reading: Reading, place: YamlPath, text: string, period: Period | undefined): ReadTarget {
  const parts = targetParts(text);
  if (parts.of !== undefined && parts.measure === undefined) {
    reportValue(reading, place, {
      severity: 'error',
      code: 'slo/measure',
      message: `\`${parts.of}\` is nothing that a target can be a share of`,
      help: 'write for example `99% of 1m slices` or `99% of 5m ratios`, from 10s to 1d long',
    });
    return { target: accept(reading, place, readTarget(parts.target)), measure: 'wrong' };
  }
  const isWhole = whole.test(parts.target);
  if (period?.kind === 'continuous') {
    if (!isWhole) {
      reportValue(reading, place, {
        severity: 'error',
        code: 'slo/target',
        message: 'what holds continuously holds always: its target is 100 %',
        help: 'remove the target, or write a period such as 30d',
      });
    }
    return { target: invariantTarget, measure: parts.measure };
  }
  // Only the objective itself can be an invariant; readers of other formats know no such thing.
  const outcome: Outcome<Target> = readTarget(parts.target);
  const hint = 'write a target below 100%, or `period: continuous` for what must never happen';
  const diagnostics = outcome.diagnostics.map((each) =>
    isWhole && /100 %/.test(each.message) && /%/.test(parts.target) ? { ...each, help: hint } : each,
  );
  return { target: accept(reading, place, { ...outcome, diagnostics }), measure: parts.measure };
}

/** What the target of an objective is a share of: as written, or the default of its kind; `sliceTarget` belongs to slices of events. */
export function readMeasure(
  reading: Reading,
  path: YamlPath,
  input: PartialSlo,
  indicator: Indicator,
  written: ReadTarget['measure'],
): Measure {
  // What cannot be read has been told about.
  if (written === 'wrong') return defaultMeasure(indicator);
  const measure = written ?? defaultMeasure(indicator);
  const place = [...path, 'sliceTarget'];
  const sliceTarget = input.sliceTarget === undefined ? undefined : readSliceTarget(reading, place);
  const say = (at: YamlPath, message: string, help: string, severity: Severity = 'error'): void =>
    reportAt(reading, at, { severity, code: 'slo/measure', message, help });
  if (indicator.kind === 'condition') {
    if (measure.kind === 'slice-ratios') {
      if (input.sliceTarget !== undefined)
        say(place, '`sliceTarget` is about slices that are good or bad', 'remove it');
      return measure;
    }
    // Without a share the condition has to hold throughout the slice.
    if (measure.kind === 'slices')
      return sliceTarget === undefined || sliceTarget === 1 ? measure : { ...measure, sliceTarget };
    say(
      [...path, 'target'],
      'a condition has no events: it is judged by time slices',
      'write for example `99% of 1m slices`',
    );
    return defaultMeasure(indicator);
  }
  if (measure.kind === 'events' && indicator.kind === 'queries') {
    say(
      [...path, 'target'],
      'queries give the share of a time slice, not events to count',
      'write for example `99% of 5m ratios`',
    );
    return defaultMeasure(indicator);
  }
  if (measure.kind === 'slices') {
    if (sliceTarget !== undefined) return { ...measure, sliceTarget };
    // Another system's value may be good or bad as a whole.
    if (!isToldAbout(reading, place) && indicator.kind !== 'external')
      say([...path, 'target'], 'nothing says when a slice is good', 'add for example `sliceTarget: 95%`');
    return measure;
  }
  if (input.sliceTarget !== undefined)
    say(place, '`sliceTarget` is about slices, and the target is not', 'write for example `target: 99% of 1m slices`');
  return measure;
}

/** The share of a slice's events that have to be good, or of its evaluations at which a condition has to hold; all of them may have to. */
function readSliceTarget(reading: Reading, place: YamlPath): Ratio | undefined {
  return whole.test(writtenAt(reading, place)) ? ratio(1) : readShare(reading, place, '95%');
}

const whole = /^\s*(?:100(?:\.0*)?\s*%|1(?:\.0*)?)\s*$/;

function reportAt(reading: Reading, path: YamlPath, remark: Parameters<typeof reportValue>[2]): void {
  if (nodeAt(reading.root, path) === undefined) reportKey(reading, path.slice(0, -1), remark);
  else reportValue(reading, path, remark);
}

/** Percentiles to show, as shares. */
export function readQuantiles(reading: Reading, path: YamlPath, input: PartialSlo): readonly Ratio[] {
  if (input.quantiles === undefined) return [];
  if (input.histogram === undefined) {
    reportKey(reading, [...path, 'quantiles'], {
      severity: 'error',
      code: 'slo/target',
      message: 'only observations of a histogram have percentiles',
      help: 'remove the line',
    });
  }
  const ratios = new Set<Ratio>();
  for (const [index, text] of input.quantiles.entries()) {
    const at = [...path, 'quantiles', index];
    const target = accept(reading, at, readPercentile(text));
    if (target === undefined) continue;
    if (ratios.has(target.ratio)) {
      const message = `the percentile \`${text}\` stands there twice`;
      reportValue(reading, at, { severity: 'error', code: 'slo/target', message, help: 'remove one' });
    }
    ratios.add(target.ratio);
  }
  return [...ratios];
}
