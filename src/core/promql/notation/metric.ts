import { Labels, metricName } from '../../series/index.ts';
import type { Scanner } from './scanner.ts';
import { scanText } from './text-literal.ts';

/**
 * Reads the labels of one series.
 *
 *     metric = NAME | [NAME] "{" [ pair { "," pair } [","] ] "}"
 *     pair   = (LABEL | STRING) "=" STRING | STRING          a string alone is the metric's name
 */
export function scanMetric(scanner: Scanner): Labels {
  const name = scanner.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/y);
  const start = scanner.position;
  const afterSpaces = scanner.match(/[ \t]*(?=\{(?!\{))/y);
  if (!scanner.accept('{')) {
    scanner.position = start;
    if (name === '') throw scanner.unexpected('a metric', 'as in up{job="api"}');
    return Labels.of({ [metricName]: name });
  }
  // `up {job="api"}` is one metric in a query, but in a line of samples the space ends it.
  if (afterSpaces !== '') throw scanner.errorSince(start, 'space before "{"', 'write the labels right after the name');
  const pairs: [name: string, value: string][] = name === '' ? [] : [[metricName, name]];
  const seen = new Set(name === '' ? [] : [metricName]);
  for (;;) {
    scanner.skipSpaces();
    if (scanner.accept('}')) return Labels.from(pairs);
    const at = scanner.position;
    const [label, value] = scanPair(scanner);
    if (seen.has(label))
      throw scanner.errorSince(at, label === metricName ? 'metric name set twice' : `label ${label} set twice`);
    seen.add(label);
    pairs.push([label, value]);
    scanner.skipSpaces();
    if (!scanner.accept(',') && scanner.next !== '}') {
      throw scanner.unexpected('"," or "}" after a label');
    }
  }
}

function scanPair(scanner: Scanner): [label: string, value: string] {
  const quoted = scanText(scanner);
  const label = quoted ?? scanner.match(/[a-zA-Z_][a-zA-Z0-9_]*/y);
  if (label === '' && quoted === undefined) throw scanner.unexpected('a label');
  scanner.skipSpaces();
  if (quoted !== undefined && (scanner.next === ',' || scanner.next === '}')) return [metricName, quoted];
  scanner.expect('=', `after the label ${label}`);
  scanner.skipSpaces();
  const value = scanText(scanner);
  if (value === undefined) throw scanner.unexpected(`a string for the label ${label}`);
  return [label, value];
}
