/** Text for figures that are not known. */
export const unknownText = '–';

/** A ratio as a percentage, with two digits of what tells it from 0 % and 100 %: 0.9995 is `99.95 %`, 0.00042 is `0.042 %`. */
export function formatPercent(ratio: number | null): string {
  if (ratio === null) return unknownText;
  const distance = Math.min(Math.abs(1 - ratio), Math.abs(ratio));
  const digits = distance === 0 ? 0 : Math.min(6, Math.max(1, Math.ceil(-Math.log10(distance))));
  return `${trimZeros((ratio * 100).toFixed(digits))} %`;
}

/** A target as its definition writes it, with the space that percentages have on the page. */
export function formatTarget(target: string): string {
  return target.replace(/\s*%/, ' %');
}

/** A share of the budget: whole percents, one digit below ten; an overspent budget is negative. */
export function formatShare(ratio: number | null): string {
  if (ratio === null) return unknownText;
  const percent = ratio * 100;
  return `${percent.toFixed(Math.abs(percent) < 10 ? 1 : 0).replace('-', '−')} %`;
}

/** How much of something there is, in whole percents; all of it only where nothing is missing. */
export function formatWholeShare(ratio: number | null): string {
  return ratio === null ? unknownText : `${Math.floor(ratio * 100 + 1e-9)} %`;
}

/** A count that people read: `320`, `3.2 k`, `1.25 M`. */
export function formatCount(count: number | null): string {
  if (count === null) return unknownText;
  const size = Math.abs(count);
  const [divisor, suffix] = size < 1000 ? [1, ''] : size < 1e6 ? [1e3, ' k'] : size < 1e9 ? [1e6, ' M'] : [1e9, ' G'];
  const scaled = count / divisor;
  const digits =
    size < 1000
      ? size < 10 && !Number.isInteger(count)
        ? 1
        : 0
      : Math.abs(scaled) < 10
        ? 2
        : Math.abs(scaled) < 100
          ? 1
          : 0;
  return `${trimZeros(scaled.toFixed(digits)).replace('-', '−')}${suffix}`;
}

/** A length of time in its natural unit: `43.2 min`, `3.5 h`, `12 d`. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return unknownText;
  const size = Math.abs(seconds);
  const [divisor, unit] =
    size < 120 ? [1, 's'] : size < 7200 ? [60, 'min'] : size < 172_800 ? [3600, 'h'] : [86_400, 'd'];
  return `${trimZeros((seconds / divisor).toFixed(1)).replace('-', '−')} ${unit}`;
}

/** A value in the unit of its definition: seconds, bytes and shares as one reads them, anything else as a number with its unit. */
export function formatValue(value: number, unit: string | null): string {
  switch (unit) {
    case 'seconds':
    case 's':
      return Math.abs(value) < 1 && value !== 0
        ? `${trimZeros((1000 * value).toPrecision(3))} ms`
        : formatSeconds(value);
    case 'ratio':
      return formatPercent(value);
    case 'bytes':
    case 'B':
      return formatBytes(value);
    default:
      return unit === null ? plainNumber(value) : `${plainNumber(value)} ${unit === 'percent' ? '%' : unit}`;
  }
}

/** Numbers that people still read at a glance stay as they are: a bound of 1000 is not 1 k. */
function plainNumber(value: number): string {
  if (10_000 <= Math.abs(value)) return formatCount(value);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  return `${trimZeros((bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1))} ${units[power]}`;
}

/** A window as it is written in rules: `5m`, `6h`, `3d`, `30d`. */
export function formatWindow(seconds: number): string {
  if (seconds % 86_400 === 0) return `${seconds / 86_400}d`;
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  const hours = Math.floor(seconds / 3600);
  if (seconds % 60 === 0) return `${hours === 0 ? '' : `${hours}h`}${(seconds / 60) % 60}m`;
  return `${seconds}s`;
}

/** A burn rate: `14.4×`. */
export function formatBurnRate(burnRate: number | null): string {
  if (burnRate === null) return unknownText;
  return `${trimZeros(burnRate.toFixed(burnRate < 10 ? 2 : 1))}×`;
}

/**
 * Labels for instants along an axis (seconds since the epoch, ascending): days where they are days apart, hours where the day
 * stays the same, both where a day begins among hours. In the reader's own time zone and words.
 */
export function formatTimes(seconds: readonly number[]): readonly string[] {
  const [first = 0, second = first] = seconds;
  const daily = 86_400 <= second - first;
  return seconds.map((time, index) => {
    const instant = new Date(time * 1000);
    const day = instant.toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
    if (daily) return day;
    const hour = instant.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
    const before = seconds[index - 1];
    const newDay = before === undefined || new Date(before * 1000).getDate() !== instant.getDate();
    return newDay ? `${hour}\n${day}` : hour;
  });
}

/** An instant (seconds since the epoch) to the minute, in the reader's own time zone and words. */
export function formatTime(seconds: number): string {
  const [time = ''] = formatTimes([seconds]).map((label) => label.split('\n').reverse().join(', '));
  return time;
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
