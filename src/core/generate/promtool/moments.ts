import { day, type Timestamp, timestamp } from '../../base/index.ts';
import {
  calendarYears,
  endFrom,
  exclusionsOf,
  periodContaining,
  type Service,
  type Slo,
  startOfYear,
} from '../../slo/index.ts';
import { periodName, periodWords } from '../period-levels.ts';

/** A moment at which something changes for some objectives: an exclusion ends, a calendar period begins anew. */
export interface Moment {
  /** As it stands in the names of files. */
  readonly name: string;
  /** As the names of cases say it. */
  readonly what: string;
  readonly at: Timestamp;
  /** Whether all goes on failing until alerts are raised. */
  readonly raises: boolean;
  readonly slos: readonly Slo[];
}

/** The moments of a service, one for each exclusion and each calendar that its objectives go by. */
export function momentsOf(service: Service): readonly Moment[] {
  const slos = service.slos.filter(({ indicator }) => indicator.kind !== 'external');
  return [...exclusionEnds(service, slos), ...calendarTurns(slos)];
}

function exclusionEnds(service: Service, slos: readonly Slo[]): readonly Moment[] {
  return service.exclusions.flatMap((exclusion): readonly Moment[] => {
    const touches = (slo: Slo): boolean => exclusionsOf(service, slo).includes(exclusion);
    const members = new Set(slos.filter(touches).map(({ name }) => name));
    const touched = slos.filter((slo) => touches(slo) || partsOf(service, slo).some((part) => members.has(part)));
    const at = endFrom(exclusion.when, summerIn(exclusion.when.kind === 'once' ? 'UTC' : exclusion.when.timeZone));
    if (touched.length === 0 || at === undefined) return [];
    const { name } = exclusion;
    return [{ name: `end-of-${name}`, what: `the exclusion ${name} ends`, at, raises: true, slos: touched }];
  });
}

/** The names of the objectives of the service that a composite is made of. */
function partsOf(service: Service, { indicator }: Slo): readonly string[] {
  if (indicator.kind !== 'composite') return [];
  return indicator.members.flatMap((member) => (member.service === service.name ? [member.slo] : []));
}

function calendarTurns(slos: readonly Slo[]): readonly Moment[] {
  const turns = new Map<string, Moment>();
  for (const slo of slos) {
    for (const period of [slo.period, ...slo.furtherPeriods]) {
      if (period.kind !== 'calendar') continue;
      const name = periodName(period);
      turns.set(name, {
        name: `turn-of-${name.replaceAll('/', '-')}`,
        what: `the next ${periodWords(period)} begins`,
        at: periodContaining(period, summerIn(period.timeZone)).end,
        raises: false,
        slos: [...(turns.get(name)?.slos ?? []), slo],
      });
    }
  }
  return [...turns.values()];
}

/** A day among the years that rules know on which the clocks of the northern half are put forward. */
function summerIn(timeZone: string): Timestamp {
  return timestamp(startOfYear(calendarYears.first + 2, timeZone) + 190 * day);
}
