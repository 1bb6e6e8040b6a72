import { type Timestamp, timestamp } from '../../base/index.ts';
import { dateMs } from '../template/time.ts';

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** An instant as promtool reads it: seconds since the epoch, or a date and time by RFC 3339. */
export function parseTimestamp(text: string): Timestamp | undefined {
  if (/^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(text)) return timestamp(Math.trunc(Number(text) * 1000));
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (month < 1 || 12 < month || day < 1 || 31 < day || 23 < hour || 59 < minute || 59 < second) return undefined;
  const fraction = Math.trunc(Number(`0.${match[7] ?? '0'}`) * 1000);
  const zone = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  return timestamp(dateMs(year, month, day) + ((hour * 60 + minute - zone) * 60 + second) * 1000 + fraction);
}
