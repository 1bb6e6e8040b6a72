import { formatDuration, parseInstant } from '../../../base/index.ts';
import { type Exclusion, type ExclusionTime, occurs } from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import { type Reading, reportKey, reportValue } from '../reading.ts';
import type { ExclusionInput, ServiceDetailsInput } from './input.ts';
import { checkDate, checkTimeZone, isDate, keepKnown, type Names, readPositive } from './reading.ts';

/** Reads the time that does not count: recurring by `every`, `start` and `for`, or once by `from` and `to`. */
export function readExclusions(
  reading: Reading,
  inputs: ServiceDetailsInput['exclusions'],
  names: Names,
): readonly Exclusion[] {
  return Object.entries(inputs ?? {}).flatMap(([name, input]) => {
    const path = ['exclusions', name];
    const { reason, owner, slos } = input;
    const kept = slos === undefined ? names.known : keepKnown(reading, [...path, 'slos'], slos, names);
    const when = readTime(reading, path, input);
    return when === undefined ? [] : [{ name, reason, owner, slos: kept, when }];
  });
}

const recurringKeys = ['every', 'start', 'for', 'timeZone'] as const;
const onceKeys = ['from', 'to'] as const;

function readTime(reading: Reading, path: YamlPath, input: ExclusionInput): ExclusionTime | undefined {
  const recurring = recurringKeys.filter((key) => input[key] !== undefined);
  const once = onceKeys.filter((key) => input[key] !== undefined);
  const refuse = (message: string): undefined => {
    const help = 'write `every:`, `start:` and `for:`, or `from:` and `to:`';
    reportKey(reading, path, { severity: 'error', code: 'exclusion/time', message, help });
    return undefined;
  };
  if (0 < recurring.length && 0 < once.length) return refuse('the exclusion is both recurring and single');
  if (0 < once.length) {
    const { from, to } = input;
    if (from === undefined || to === undefined) return refuse('a single exclusion has a start and an end');
    return readOnce(reading, path, from, to);
  }
  const { every, start, timeZone = 'UTC' } = input;
  if (every === undefined || start === undefined || input.for === undefined)
    return refuse('the exclusion does not say when it is');
  const length = readPositive(reading, [...path, 'for'], input.for);
  const zoneIsKnown = checkTimeZone(reading, [...path, 'timeZone'], timeZone);
  const startIsRight = isLocalTime(start);
  if (!startIsRight) {
    reportValue(reading, [...path, 'start'], {
      severity: 'error',
      code: 'exclusion/time',
      message: `\`${start}\` is not a local time`,
      help: 'write for example 2026-01-04T02:00; the zone stands in `timeZone`',
    });
  }
  const ruleIsRight = isRecurrenceRule(every);
  if (!ruleIsRight) {
    reportValue(reading, [...path, 'every'], {
      severity: 'error',
      code: 'exclusion/rule',
      message: `\`${every}\` is not a rule of recurrence`,
      help: 'write a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=SU',
    });
  }
  if (length === undefined || !zoneIsKnown || !startIsRight || !ruleIsRight) return undefined;
  const when = { kind: 'recurring', rule: every, start, length, timeZone } as const;
  if (occurs(when)) return when;
  reportValue(reading, [...path, 'every'], {
    severity: 'error',
    code: 'exclusion/rule',
    message: `\`${every}\` never comes true`,
    help: 'write a rule that has an occurrence after `start`',
  });
  return undefined;
}

function readOnce(reading: Reading, path: YamlPath, from: string, to: string): ExclusionTime | undefined {
  checkDate(reading, [...path, 'from'], from);
  checkDate(reading, [...path, 'to'], to);
  const [start, end] = [from, to].map((text) => parseInstant(text.includes('T') ? text : `${text}T00:00Z`));
  if (start === undefined || end === undefined) return undefined;
  if (start < end) return { kind: 'once', from, to };
  reportValue(reading, [...path, 'to'], {
    severity: 'error',
    code: 'exclusion/time',
    message: 'the exclusion ends before it begins',
    help: 'exchange `from` and `to`',
  });
  return undefined;
}

function isLocalTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) && isDate(`${text.slice(0, 16)}:00Z`);
}

/** Whether a text has the form of a rule of RFC 5545, section 3.3.10: parts, one of which is the frequency. */
export function isRecurrenceRule(text: string): boolean {
  return (
    /^[A-Z]+=[^;=]+(;[A-Z]+=[^;=]+)*$/.test(text) &&
    !/(^|;)(INTERVAL|COUNT)=0*(;|$)/.test(text) &&
    /(^|;)FREQ=(MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)/.test(text)
  );
}

/** The exclusions as they are written. */
export function printExclusions(exclusions: readonly Exclusion[], slos: readonly string[]): YamlValue | undefined {
  if (exclusions.length === 0) return undefined;
  return new Map(
    exclusions.map(({ name, reason, owner, slos: touched, when }) => [
      name,
      {
        reason,
        owner,
        slos: touched.join('\n') === slos.join('\n') ? undefined : touched,
        ...timeOf(when),
      },
    ]),
  );
}

function timeOf(when: ExclusionTime): Readonly<Record<string, YamlValue | undefined>> {
  if (when.kind === 'once') return { from: when.from, to: when.to };
  return {
    every: when.rule,
    start: when.start,
    for: formatDuration(when.length),
    timeZone: when.timeZone === 'UTC' ? undefined : when.timeZone,
  };
}
