import { formatHistogram } from '../../series/index.ts';
import { formatFloat } from './float-text.ts';
import { durationText, timeText } from './time.ts';
import { labelsValue, sampleValue, type Value } from './value.ts';

/** What makes the text of the parts that a composite value consists of. */
export type FormatPart = (value: Value) => string;

/** A value as an action or `%v` prints it. */
export function printValue(value: Value): string {
  switch (value.kind) {
    case 'missing':
      return '<no value>';
    case 'nil':
      return '<nil>';
    case 'bool':
      return String(value.value);
    case 'int':
      return value.value.toString();
    case 'named int':
      return value.name;
    case 'float':
      return formatFloat(value.value, 'g', undefined);
    case 'string':
      return value.value;
    case 'histogram':
      return formatHistogram(value.histogram);
    case 'time':
      return timeText(value.ms);
    case 'duration':
      return durationText(value.nanoseconds);
    case 'map':
    case 'samples':
    case 'sample':
    case 'data':
      return printComposite(value, printValue);
  }
}

/** A map, list or struct, whose parts `%s`, `%q`, `%d` and the like reach one by one. */
export function printComposite(value: Value, part: FormatPart): string {
  switch (value.kind) {
    case 'map': {
      const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : b < a ? 1 : 0));
      return `map[${entries.map(([key, item]) => `${part({ kind: 'string', value: key, type: 'string' })}:${part(inner(item))}`).join(' ')}]`;
    }
    case 'samples':
      // Go prints the addresses of the samples; ours have none, and output must not vary.
      return `[${value.samples.map((_, index) => `0xc${(index * 16).toString(16).padStart(9, '0')}`).join(' ')}]`;
    case 'sample':
      return `{${part(labelsValue(value.sample.labels))} ${part(sampleValue(value.sample.value))}}`;
    case 'data': {
      const { labels, externalLabels, externalUrl, value: sample } = value.data;
      const fields = [
        labelsValue(labels),
        labelsValue(externalLabels),
        { kind: 'string', value: externalUrl, type: 'string' } as const,
        sampleValue(sample),
      ];
      return `{${fields.map(part).join(' ')}}`;
    }
    default:
      return part(value);
  }
}

/** Go's fmt.Sprint: a space between two operands of which neither is a string. */
export function sprint(values: readonly Value[]): string {
  let text = '';
  for (const [index, value] of values.entries()) {
    if (0 < index && value.kind !== 'string' && values[index - 1]?.kind !== 'string') text += ' ';
    text += printArgument(value);
  }
  return text;
}

/** A value given to a printing function: what is missing has become a nil. */
export function printArgument(value: Value): string {
  return value.kind === 'missing' ? '<nil>' : printValue(value);
}

function inner(value: Value): Value {
  return value.kind === 'missing' ? { kind: 'nil', type: 'interface {}' } : value;
}
