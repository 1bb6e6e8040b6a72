import type { Duration } from '../../base/index.ts';
import type { Condition, ConditionIndicator } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { readLength } from './lengths.ts';
import type { Catalogue } from './metrics.ts';
import { readComparison, readCounters } from './queries.ts';
import { alternatives, isToldAbout, type Reading, reportKey, reportValue } from './reading.ts';
import type { ConditionInput } from './slo-input.ts';

/** A window below this holds fewer than two scrapes at the usual interval of thirty seconds. */
const shortestProgress = 60_000;

/** Reads a condition: a comparison in PromQL, or a map with one of its other forms. */
export function readCondition(
  reading: Reading,
  path: YamlPath,
  input: string | ConditionInput,
  catalogue: Catalogue,
): ConditionIndicator | undefined {
  const condition = readStatement(reading, path, input, catalogue);
  return condition === undefined ? undefined : { kind: 'condition', condition };
}

const forms = ['increases', 'neverIncreases', 'all', 'any'] as const;

function readStatement(
  reading: Reading,
  path: YamlPath,
  input: string | ConditionInput,
  catalogue: Catalogue,
): Condition | undefined {
  if (typeof input === 'string') {
    const comparison = readComparison(reading, path, 'holds', catalogue);
    return comparison === undefined ? undefined : { kind: 'comparison', ...comparison };
  }
  const form = readForm(reading, path, input, forms);
  if (form === undefined) return undefined;
  if (form === 'all' || form === 'any') {
    refuseWithin(reading, path, input.within, form);
    const of = (input[form] ?? []).map((part, index) =>
      readStatement(reading, [...path, form, index], part, catalogue),
    );
    return readParts(reading, [...path, form], form, of);
  }
  const counter = readCounters(reading, [...path, form], input[form] ?? '', catalogue);
  const within = readWithin(reading, path, input.within);
  if (counter === undefined || within === undefined) return undefined;
  return { kind: form === 'increases' ? 'progress' : 'invariant', counter, within };
}

/** The one of several keys that a map has; none or several are reported. */
export function readForm<Key extends string>(
  reading: Reading,
  path: YamlPath,
  input: { readonly [K in Key]?: unknown },
  keys: readonly Key[],
): Key | undefined {
  const given = keys.filter((key) => input[key] !== undefined);
  const [first, second] = given;
  if (second !== undefined) {
    reportKey(reading, [...path, second], {
      severity: 'error',
      code: 'condition/form',
      message: `${alternatives(given).replace(' or ', ' and ')} say two things`,
      help: 'keep one of them, or put both under `all:` or `any:`',
    });
    return undefined;
  }
  if (first === undefined && !keys.some((key) => isToldAbout(reading, [...path, key]))) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'condition/form',
      message: 'it does not say what is looked at',
      help: `add ${alternatives(keys)}`,
    });
  }
  return first;
}

/** The parts of `all` or `any`: at least two, or the list says nothing. */
export function readParts<Part, Kind extends 'all' | 'any'>(
  reading: Reading,
  path: YamlPath,
  kind: Kind,
  parts: readonly (Part | undefined)[],
): { readonly kind: Kind; readonly of: readonly Part[] } | undefined {
  const of = parts.flatMap((part) => (part === undefined ? [] : [part]));
  if (parts.length === 0) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'condition/form',
      message: `\`${kind}\` has no parts`,
      help: 'list at least one',
    });
    return undefined;
  }
  return of.length === parts.length ? { kind, of } : undefined;
}

/** The stretch of `increases`, `stalled` and their like. */
export function readWithin(reading: Reading, path: YamlPath, text: string | undefined): Duration | undefined {
  const place = [...path, 'within'];
  if (text === undefined) {
    if (!isToldAbout(reading, place)) {
      reportValue(reading, path, {
        severity: 'error',
        code: 'definition/missing-key',
        message: '`within` is missing',
        help: 'add the stretch, for example `within: 5m`',
      });
    }
    return undefined;
  }
  const within = readLength(reading, place, text);
  if (within !== undefined && within < shortestProgress) {
    reportValue(reading, place, {
      severity: 'warning',
      code: 'condition/window',
      message: 'a stretch of less than a minute may hold fewer than two scrapes: no increase could be seen',
      help: 'make it at least four scrape intervals long',
    });
  }
  return within;
}

/** Says that a key has no meaning beside another one. */
export function refuseWithin(reading: Reading, path: YamlPath, within: unknown, form: string): void {
  if (within === undefined) return;
  reportKey(reading, [...path, 'within'], {
    severity: 'error',
    code: 'condition/form',
    message: `\`within\` means nothing beside \`${form}\``,
    help: 'remove it',
  });
}
