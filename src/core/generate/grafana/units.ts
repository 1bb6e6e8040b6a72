/** How Grafana names the units that definitions use; any other word is shown behind the values. */
const known: Readonly<Record<string, string>> = {
  seconds: 's',
  s: 's',
  milliseconds: 'ms',
  ms: 'ms',
  minutes: 'm',
  hours: 'h',
  days: 'd',
  bytes: 'bytes',
  // Decimal megabytes: what a query divided by 1e6 gives.
  megabytes: 'decmbytes',
  MB: 'decmbytes',
  MiB: 'mbytes',
  percent: 'percent',
  '%': 'percent',
  ratio: 'percentunit',
  'requests/s': 'reqps',
  'events/s': 'cps',
  'operations/s': 'ops',
  'bytes/s': 'Bps',
  count: 'short',
};

/** The unit of Grafana for a unit of a definition. */
export function grafanaUnit(unit: string | undefined): string {
  if (unit === undefined || unit === '') return 'short';
  return known[unit] ?? `suffix: ${unit}`;
}

/** A bound in words: seconds below one in milliseconds. */
export function boundText(value: number, unit: string | undefined): string {
  if (unit !== 'seconds' && unit !== 's') return unit === undefined ? String(value) : `${value} ${unit}`;
  return value < 1 ? `${Number((value * 1000).toPrecision(6))} ms` : `${value} s`;
}
