import { type Diagnostic, type Duration, hour, minute } from '../../base/index.ts';
import type { Service } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';
import type { DayRange, TimeInterval } from './interval.ts';
import { timeIntervalsOf, type ZoneForm } from './time-intervals.ts';

/** A named stretch of time in which Alertmanager notifies nobody. */
export interface MuteInterval {
  readonly name: string;
  /** The objectives whose alerts it mutes, by name. */
  readonly slos: readonly string[];
  readonly timeIntervals: readonly YamlValue[];
}

export interface MuteIntervals {
  readonly intervals: readonly MuteInterval[];
  /** The exclusions that Alertmanager has no form for. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How the time intervals of a program are written. */
export interface TimeIntervalForm {
  readonly zones: ZoneForm;
  write(interval: TimeInterval): YamlValue;
}

/**
 * The exclusions of a service as time intervals of Alertmanager 0.24 and later. Those know weekdays, days of months and clocks in time zones,
 * but no beginning, no end and no "every other": exclusions that need these stay out of them.
 */
export function muteIntervals(service: Service, form: TimeIntervalForm = ofAlertmanager): MuteIntervals {
  const intervals: MuteInterval[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const exclusion of service.exclusions) {
    if (exclusion.slos.length === 0) continue;
    const found = timeIntervalsOf(exclusion, form.zones);
    const name = `${service.name}-${exclusion.name}`;
    if (found !== undefined)
      intervals.push({ name, slos: exclusion.slos, timeIntervals: found.map((one) => form.write(one)) });
    else {
      const message = `the exclusion ${exclusion.name} can't be written as a time interval of Alertmanager`;
      diagnostics.push(aboutService(service, 'generate/mute', message));
    }
  }
  return { intervals, diagnostics };
}

const ofAlertmanager: TimeIntervalForm = {
  zones: 'named',
  write: ({ start, end, weekdays, days, months, years, timeZone }) => ({
    times: [{ start_time: clock(start), end_time: clock(end) }],
    weekdays: weekdays?.map(weekdayName),
    days_of_month: days?.map(dayRange),
    months: months?.map(String),
    years: years?.map(String),
    location: timeZone,
  }),
};

/**
 * Those of an AlertmanagerConfig, which has no time zones.
 * Source: prometheus-operator, API reference, monitoring.coreos.com/v1alpha1, TimeInterval.
 */
export const ofOperator: TimeIntervalForm = {
  zones: 'utc',
  write: ({ start, end, weekdays, days, months, years }) => ({
    times: [{ startTime: clock(start), endTime: clock(end) }],
    weekdays: weekdays?.map(weekdayName),
    daysOfMonth: days?.map(({ start: first, end: last }) => ({ start: first, end: last })),
    months: months?.map(String),
    years: years?.map(String),
  }),
};

const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

function weekdayName(isoDay: number): string {
  return weekdayNames[isoDay - 1] ?? '';
}

function dayRange({ start, end }: DayRange): string {
  return start === end ? String(start) : `${start}:${end}`;
}

function clock(time: Duration): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(time / hour))}:${two(Math.floor((time % hour) / minute))}`;
}
