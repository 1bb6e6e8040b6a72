import { textOf } from './builtins.ts';
import { FunctionError, nilPointer, type ParameterType, type TemplateFunction } from './function.ts';
import { printValue } from './print-value.ts';
import { civil, dateMs, formatTime, monthNames, weekdayNames } from './time.ts';
import { boolValue, floatValue, intValue, labelsValue, missing, sampleValue, textValue, type Value } from './value.ts';

/** What a name behind a dot finds in a value: a field, a method to be called, or nothing. */
export type Member =
  | { readonly kind: 'field'; readonly value: Value }
  | { readonly kind: 'entry'; readonly value: Value }
  | { readonly kind: 'method'; readonly method: TemplateFunction }
  | { readonly kind: 'none' };

const none: Member = { kind: 'none' };

/** Looks a name up in a value, as Go's reflection would find it in the type behind it. */
export function memberOf(receiver: Value, name: string): Member {
  switch (receiver.kind) {
    case 'data':
      return field(dataFields[name]?.(receiver));
    case 'sample':
      return field(sampleFields[name]?.(receiver));
    case 'histogram':
      if (name === 'String') return method([], () => textValue(printValue(receiver)));
      return field(histogramFields[name]?.(receiver));
    case 'map':
      return {
        kind: 'entry',
        value: receiver.entries.get(name) ?? (receiver.element === 'string' ? textValue('') : missing),
      };
    case 'time':
      return timeMethod(receiver.ms, name);
    case 'duration':
      return durationMethod(receiver.nanoseconds, name);
    case 'named int':
      return name === 'String' ? method([], () => textValue(receiver.name)) : none;
    default:
      return none;
  }
}

type Of<K extends Value['kind']> = Extract<Value, { readonly kind: K }>;

const dataFields: Readonly<Record<string, (value: Of<'data'>) => Value>> = {
  Labels: ({ data }) => labelsValue(data.labels),
  ExternalLabels: ({ data }) => labelsValue(data.externalLabels),
  ExternalURL: ({ data }) => textValue(data.externalUrl),
  Value: ({ data }) => sampleValue(data.value),
};

const sampleFields: Readonly<Record<string, (value: Of<'sample'>) => Value>> = {
  Labels: ({ sample }) => labelsValue(sample.labels),
  Value: ({ sample }) => sampleValue(sample.value),
};

const histogramFields: Readonly<Record<string, (value: Of<'histogram'>) => Value>> = {
  Count: ({ histogram }) => floatValue(histogram.count),
  Sum: ({ histogram }) => floatValue(histogram.sum),
  ZeroCount: ({ histogram }) => floatValue(histogram.zeroCount),
  ZeroThreshold: ({ histogram }) => floatValue(histogram.zeroThreshold),
  Schema: ({ histogram }) => intValue(histogram.schema),
};

function field(value: Value | undefined): Member {
  return value === undefined ? none : { kind: 'field', value };
}

function method(parameters: readonly ParameterType[], call: (args: readonly Value[]) => Value): Member {
  return { kind: 'method', method: { parameters, call } };
}

/** The methods of Go's time.Time that make sense in a message; the time is always in UTC. */
function timeMethod(ms: number, name: string): Member {
  const date = civil(ms);
  switch (name) {
    case 'Format':
      return method(['string'], ([layout = missing]) => textValue(formatTime(ms, textOf(layout))));
    case 'String':
      return method([], () => textValue(printValue({ kind: 'time', ms })));
    case 'Unix':
      return method([], () => ({ kind: 'int', value: BigInt(Math.floor(ms / 1000)), type: 'int64' }));
    case 'UnixMilli':
      return method([], () => ({ kind: 'int', value: BigInt(ms), type: 'int64' }));
    case 'UnixNano':
      return method([], () => ({ kind: 'int', value: BigInt(ms) * 1_000_000n, type: 'int64' }));
    case 'Year':
      return method([], () => intValue(date.year));
    case 'Month':
      return method([], () => ({
        kind: 'named int',
        value: BigInt(date.month),
        name: monthNames[date.month - 1] ?? '',
        type: 'time.Month',
      }));
    case 'Weekday':
      return method([], () => ({
        kind: 'named int',
        value: BigInt(date.weekday),
        name: weekdayNames[date.weekday] ?? '',
        type: 'time.Weekday',
      }));
    case 'Day':
      return method([], () => intValue(date.day));
    case 'Hour':
      return method([], () => intValue(date.hour));
    case 'Minute':
      return method([], () => intValue(date.minute));
    case 'Second':
      return method([], () => intValue(date.second));
    case 'Nanosecond':
      return method([], () => intValue(date.millisecond * 1_000_000));
    case 'YearDay':
      return method([], () => intValue(date.yearDay));
    case 'IsZero':
      return method([], () => boolValue(false));
    case 'UTC':
      return method([], () => ({ kind: 'time', ms }));
    case 'AddDate':
      return method(['value', 'value', 'value'], (shift) => {
        const [years = 0, months = 0, days = 0] = shift.map(wholeNumber);
        const midnight = ms - (((ms % 86_400_000) + 86_400_000) % 86_400_000);
        return { kind: 'time', ms: dateMs(date.year + years, date.month + months, date.day + days) + ms - midnight };
      });
    case 'Add':
      return method(['value'], ([length = missing]) => ({
        kind: 'time',
        ms: ms + Number(nanosecondsOf(length) / 1_000_000n),
      }));
    case 'Sub':
      return method(['value'], ([other = missing]) => ({
        kind: 'duration',
        nanoseconds: BigInt(ms - timeOf(other)) * 1_000_000n,
      }));
    case 'Before':
      return method(['value'], ([other = missing]) => boolValue(ms < timeOf(other)));
    case 'After':
      return method(['value'], ([other = missing]) => boolValue(timeOf(other) < ms));
    case 'Equal':
      return method(['value'], ([other = missing]) => boolValue(ms === timeOf(other)));
    default:
      return none;
  }
}

/** The methods of Go's time.Duration. */
function durationMethod(nanoseconds: bigint, name: string): Member {
  const inUnits = (unit: number): Member => method([], () => floatValue(Number(nanoseconds) / unit));
  const wholeUnits = (unit: bigint): Member =>
    method([], () => ({ kind: 'int', value: nanoseconds / unit, type: 'int64' }));
  switch (name) {
    case 'String':
      return method([], () => textValue(printValue({ kind: 'duration', nanoseconds })));
    case 'Hours':
      return inUnits(3.6e12);
    case 'Minutes':
      return inUnits(6e10);
    case 'Seconds':
      return inUnits(1e9);
    case 'Milliseconds':
      return wholeUnits(1_000_000n);
    case 'Microseconds':
      return wholeUnits(1000n);
    case 'Nanoseconds':
      return wholeUnits(1n);
    case 'Abs':
      return method([], () => ({ kind: 'duration', nanoseconds: nanoseconds < 0n ? -nanoseconds : nanoseconds }));
    case 'Truncate':
      return method(['value'], ([unit = missing]) => ({
        kind: 'duration',
        nanoseconds: truncate(nanoseconds, nanosecondsOf(unit)),
      }));
    case 'Round':
      return method(['value'], ([unit = missing]) => ({
        kind: 'duration',
        nanoseconds: round(nanoseconds, nanosecondsOf(unit)),
      }));
    default:
      return none;
  }
}

function truncate(length: bigint, unit: bigint): bigint {
  return unit <= 0n ? length : length - (length % unit);
}

/** To the nearest multiple, halves away from zero. */
function round(length: bigint, unit: bigint): bigint {
  if (unit <= 0n) return length;
  const size = length < 0n ? -length : length;
  const rounded = ((size + unit / 2n) / unit) * unit;
  return length < 0n ? -rounded : rounded;
}

function wholeNumber(value: Value): number {
  if (value.kind !== 'int') throw new FunctionError('expected integer');
  return Number(value.value);
}

function nanosecondsOf(value: Value): bigint {
  if (value.kind === 'duration') return value.nanoseconds;
  if (value.kind === 'int') return value.value;
  throw new FunctionError(nilPointer);
}

function timeOf(value: Value): number {
  if (value.kind === 'time') return value.ms;
  throw new FunctionError(nilPointer);
}
