import { type Diagnostic, duration, formatDuration, minute } from '../../base/index.ts';
import { formatInstant } from '../../promql/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { doctorCodes } from './codes.ts';
import type { DoctorRange } from './facts.ts';

/** Makes a finding about an objective, with the severity and the remedy of its code where nothing else is said. */
export type Say = (code: string, message: string, more?: Partial<Pick<Diagnostic, 'severity' | 'help'>>) => Diagnostic;

/** Says things about one objective. */
export function sayer({ service, slo }: { readonly service: Service; readonly slo: Slo }): Say {
  return (code, message, more = {}) => {
    const known = doctorCodes.find((entry) => entry.code === code);
    if (known === undefined) throw new RangeError(`unregistered code ${code}`);
    return {
      severity: known.severity,
      code,
      message: `${service.name}/${slo.name}: ${message}`,
      help: known.remedy,
      span: { start: 0, end: 0 },
      ...more,
    };
  };
}

/** Findings without repetitions. */
export function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((each) => [`${each.code} ${each.message}`, each])).values()];
}

/** Gaps at least this long are told. Prometheus looks back five minutes, so that shorter ones can't be seen anyway. */
const shortestGap = 10 * minute;

/** Stretches without samples between others with samples. */
export function gapFindings(
  say: Say,
  text: string,
  series: Float64Array,
  { step, from }: DoctorRange,
): readonly Diagnostic[] {
  const first = series.findIndex((value) => 0 < value);
  const last = series.findLastIndex((value) => 0 < value);
  const gaps: { readonly at: number; readonly steps: number }[] = [];
  for (let i = first; i < last; i += 1) {
    if (0 < (series[i] ?? 0)) continue;
    const at = i;
    while (!(0 < (series[i] ?? 0))) i += 1;
    gaps.push({ at, steps: i - at });
  }
  const long = gaps.filter(({ steps }) => shortestGap <= steps * step);
  const [longest] = long.toSorted((a, b) => b.steps - a.steps);
  if (longest === undefined) return [];
  const at = formatInstant(from + longest.at * step)
    .slice(0, 16)
    .replace('T', ' ');
  const length = formatDuration(duration(longest.steps * step));
  const many = long.length === 1 ? 'a gap' : `${long.length} gaps, the longest`;
  return [say('doctor/gaps', `\`${text}\` has ${many} of ${length} about ${at} UTC`)];
}

/** A number of things as people read it: `12,345`. */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** The same of what may be less than ten. */
export function few(value: number): string {
  return value < 10 ? String(Number(value.toPrecision(2))) : count(value);
}

/** A share as people read it. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}
