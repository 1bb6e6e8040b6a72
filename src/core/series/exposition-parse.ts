import { failure, type Outcome, success, type Timestamp, timestamp } from '../base/index.ts';
import type { Exposition, ExpositionFormat, ExpositionSample, MetricFamily, MetricType } from './exposition.ts';
import {
  backslash,
  carriageReturn,
  closeBrace,
  colon,
  comma,
  endOfText,
  equal,
  hash,
  isBlank,
  isDigit,
  isEndOfWord,
  isLetter,
  lineFeed,
  openBrace,
  quote,
  zero,
} from './exposition-characters.ts';
import { describePageError, PageError, refusePage } from './exposition-refuse.ts';
import { formatBound, parseFloatText, unescapeHelp, unescapeValue } from './exposition-text.ts';
import { Labels, metricName } from './labels.ts';

/** Bounds on a page from outside, and what the scraper remembers of the page before. */
export interface ExpositionOptions {
  /** Most samples a page may have (Prometheus: sample_limit). */
  readonly maxSamples?: number;
  /** Most labels a sample may have, the name not counted (label_limit). */
  readonly maxLabels?: number;
  /** Longest label value in UTF-16 code units (label_value_length_limit). */
  readonly maxLabelValueLength?: number;
  /**
   * Label sets by their text on the page, read here and added to. A scraper that keeps one a target spends nothing on series it knows;
   * `le` and `quantile` are normalised in it.
   */
  readonly known?: Map<string, Labels>;
}

const defaultMaxSamples = 1_000_000;
const defaultMaxLabels = 64;
const defaultMaxLabelValueLength = 65_536;

/**
 * Reads a page of metrics: the classic text format 0.0.4, or OpenMetrics 1.0 if the content type says so. Exemplars are skipped;
 * `le` and `quantile` come out in the form in which Prometheus 3 stores them (`le="20"` as `20.0`). A page with an error gives
 * nothing but the first error, as a scrape of it fails as a whole.
 * Sources: prometheus/docs, exposition_formats.md; OpenMetrics 1.0; prometheus, model/textparse.
 */
export function parseExposition(
  text: string,
  contentType = 'text/plain',
  options: ExpositionOptions = {},
): Outcome<Exposition> {
  const refusal = refusePage(text, contentType);
  if (refusal !== undefined) return failure(refusal);
  const format = contentType.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
  try {
    return success(new PageReader(text, format, options).read());
  } catch (error) {
    if (error instanceof PageError) return failure(describePageError(text, error));
    throw error;
  }
}

/** One pass over the text by character codes. The position always stands between two tokens. */
class PageReader {
  readonly #text: string;
  readonly #format: ExpositionFormat;
  readonly #maxSamples: number;
  readonly #maxLabels: number;
  readonly #maxLabelValueLength: number;
  readonly #known: Map<string, Labels> | undefined;
  readonly #families = new Map<string, { -readonly [K in keyof MetricFamily]: MetricFamily[K] }>();
  readonly #samples: ExpositionSample[] = [];
  /** Bounds in the stored form: a page repeats a few of them thousands of times. */
  readonly #bounds = new Map<string, string>();
  #position = 0;
  /** The type of the last TYPE line, by which `le` and `quantile` are known to be numbers. */
  #type: MetricType = 'unknown';
  #ended = false;

  constructor(text: string, format: ExpositionFormat, options: ExpositionOptions) {
    this.#text = text;
    this.#format = format;
    this.#maxSamples = options.maxSamples ?? defaultMaxSamples;
    this.#maxLabels = options.maxLabels ?? defaultMaxLabels;
    this.#maxLabelValueLength = options.maxLabelValueLength ?? defaultMaxLabelValueLength;
    this.#known = options.known;
  }

  read(): Exposition {
    const { length } = this.#text;
    while (this.#position < length) {
      this.#skipBlanks();
      const code = this.#code();
      if (code === lineFeed || code === carriageReturn) this.#position += 1;
      else if (code === endOfText) break;
      else if (this.#ended) throw this.#error('after-eof', 'nothing may follow "# EOF"');
      else if (code === hash) this.#readComment();
      else this.#readSample();
    }
    if (this.#format === 'openmetrics' && !this.#ended)
      throw new PageError('truncated', 'the page ends without "# EOF"', length, length, 'the page was cut off');
    return { families: [...this.#families.values()], samples: this.#samples };
  }

  /** comment = "#" ( "HELP" name text | "TYPE" name type | "UNIT" name unit | "EOF" | anything ) "\n" */
  #readComment(): void {
    const start = this.#position;
    const end = this.#lineEnd();
    this.#position += 1;
    this.#skipBlanks();
    const keyword = this.#word(end);
    if (keyword === 'EOF' && this.#format === 'openmetrics') this.#ended = true;
    else if (keyword === 'HELP' || keyword === 'TYPE' || (keyword === 'UNIT' && this.#format === 'openmetrics')) {
      this.#skipBlanks();
      const name = this.#code() === quote ? this.#quoted() : this.#word(end);
      if (name === '') throw new PageError('metadata', `expected a metric name after ${keyword}`, start, end);
      // One blank parts the name from the text; further ones belong to a HELP text.
      const text = this.#text.slice(Math.min(this.#position + 1, end), end).replace(/\r$/, '');
      this.#describe(keyword, name, text, start, end);
    }
    this.#position = end;
  }

  #describe(keyword: 'HELP' | 'TYPE' | 'UNIT', name: string, text: string, start: number, end: number): void {
    const known = this.#families.get(name);
    const family = known ?? { name, type: 'unknown' };
    if (known === undefined) this.#families.set(name, family);
    if (keyword === 'HELP') family.help = text.includes('\\') ? unescapeHelp(text, this.#format) : text;
    else if (keyword === 'UNIT') family.unit = text.trim();
    else {
      const type = metricTypes.get(text.trim());
      if (type === undefined)
        throw new PageError('type', `"${text.trim()}" is no metric type`, start, end, `one of ${typeNames}`);
      family.type = type;
      this.#type = type;
    }
  }

  /** sample = ( name [ labels ] | labels ) value [ timestamp ] [ exemplar ] "\n" */
  #readSample(): void {
    const start = this.#position;
    const labels = this.#readSeries(start);
    this.#requireBlank('expected a value after the series');
    const value = this.#number('value');
    let time: Timestamp | undefined;
    let code = this.#skipBlanks();
    if (code !== lineFeed && code !== endOfText && code !== hash && code !== carriageReturn) {
      const at = this.#position;
      const written = this.#number('timestamp');
      // OpenMetrics counts seconds, with a fraction; the classic format whole milliseconds.
      const ms = this.#format === 'openmetrics' ? Math.round(written * 1000) : written;
      if (!Number.isSafeInteger(ms))
        throw new PageError('timestamp', 'a timestamp is a whole number of milliseconds', at, this.#position);
      time = timestamp(ms);
      code = this.#skipBlanks();
    }
    if (code === hash && this.#format === 'openmetrics') {
      this.#position = this.#lineEnd();
      code = this.#code();
    }
    if (code === carriageReturn) code = this.#next();
    if (code !== lineFeed && code !== endOfText)
      throw this.#error('sample', 'expected the end of the line after the value or timestamp');
    if (this.#maxSamples <= this.#samples.length)
      throw new PageError(
        'limit',
        `more than ${this.#maxSamples} samples`,
        start,
        this.#position,
        'raise the sample limit',
      );
    this.#samples.push(time === undefined ? { labels, value } : { labels, value, timestamp: time });
  }

  /** The labels of the series that begins at `start`, from what is known where its text is. */
  #readSeries(start: number): Labels {
    const name = this.#code() === openBrace ? '' : this.#readName();
    const afterName = this.#position;
    const pairs: (readonly [string, string])[] = [];
    let code = this.#skipBlanks();
    if (code !== openBrace) {
      // The value is parted from a bare name by a blank, which the caller wants to see.
      this.#position = afterName;
      return this.#labelsOf(name, pairs, start, afterName);
    }
    if (this.#known !== undefined) {
      const end = this.#seriesEnd();
      const labels = end === undefined ? undefined : this.#known.get(this.#knownKey(start, end));
      if (labels !== undefined && end !== undefined) {
        this.#position = end;
        return labels;
      }
    }
    let wholeName = name;
    this.#position += 1;
    for (;;) {
      code = this.#skipBlanks();
      if (code === closeBrace) break;
      const at = this.#position;
      const quoted = code === quote;
      const label = quoted ? this.#quoted() : this.#readLabelName();
      code = this.#skipBlanks();
      if (quoted && (code === comma || code === closeBrace)) {
        if (wholeName !== '') throw new PageError('name', 'the sample has two metric names', at, this.#position);
        wholeName = label;
      } else {
        if (code !== equal) throw this.#error('labels', `expected "=" after the label name "${label}"`);
        this.#position += 1;
        if (this.#skipBlanks() !== quote)
          throw this.#error('labels', `expected the value of "${label}" in double quotes`);
        const value = this.#quoted();
        if (this.#maxLabelValueLength < value.length)
          throw new PageError('limit', `the value of "${label}" is too long`, at, this.#position);
        for (const [other] of pairs)
          if (other === label) throw new PageError('labels', `the label "${label}" stands twice`, at, this.#position);
        pairs.push([label, this.#normalized(label, value)]);
        code = this.#skipBlanks();
      }
      if (code === comma) this.#position += 1;
      else if (code !== closeBrace) throw this.#error('labels', 'expected "," or "}" after a label');
    }
    this.#position += 1;
    if (this.#maxLabels < pairs.length)
      throw new PageError(
        'limit',
        `more than ${this.#maxLabels} labels`,
        start,
        this.#position,
        'raise the label limit',
      );
    return this.#labelsOf(wholeName, pairs, start, this.#position);
  }

  /** Prometheus 3 stores the numbers in `le` and `quantile` in one form. Source: model/textparse/interface.go. */
  #normalized(label: string, value: string): string {
    const isBound =
      (this.#type === 'histogram' && label === 'le') || (this.#type === 'summary' && label === 'quantile');
    if (!isBound) return value;
    const known = this.#bounds.get(value);
    if (known !== undefined) return known;
    const number = parseFloatText(value);
    const bound = number === undefined ? value : formatBound(number);
    this.#bounds.set(value, bound);
    return bound;
  }

  #labelsOf(name: string, pairs: (readonly [string, string])[], start: number, end: number): Labels {
    if (name === '') throw new PageError('name', 'the sample has no metric name', start, end);
    const key = this.#known === undefined ? '' : this.#knownKey(start, end);
    const known = this.#known?.get(key);
    if (known !== undefined) return known;
    pairs.push([metricName, name]);
    const labels = Labels.from(pairs);
    this.#known?.set(key, labels);
    return labels;
  }

  /** The same text under another type may normalise differently, so the two kinds of family are kept apart. */
  #knownKey(start: number, end: number): string {
    const series = this.#text.slice(start, end);
    return this.#type === 'histogram' || this.#type === 'summary' ? `${this.#type} ${series}` : series;
  }

  /** Where the braces that open here close, by the quotes alone; undefined if they don't on this line. */
  #seriesEnd(): number | undefined {
    const text = this.#text;
    for (let i = this.#position + 1; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code === closeBrace) return i + 1;
      if (code === lineFeed) return undefined;
      if (code !== quote) continue;
      for (i += 1; i < text.length && text.charCodeAt(i) !== quote; i += 1)
        if (text.charCodeAt(i) === backslash) i += 1;
    }
    return undefined;
  }

  /** name = [a-zA-Z_:] { [a-zA-Z0-9_:] } */
  #readName(): string {
    const start = this.#position;
    let code = this.#code();
    if (!isLetter(code) && code !== colon)
      throw this.#error('sample', 'expected a metric name, a comment or an empty line');
    while (isLetter(code) || isDigit(code) || code === colon) code = this.#next();
    return this.#text.slice(start, this.#position);
  }

  /** label = [a-zA-Z_] { [a-zA-Z0-9_] } */
  #readLabelName(): string {
    const start = this.#position;
    let code = this.#code();
    if (!isLetter(code)) throw this.#error('labels', 'expected a label name or "}"');
    while (isLetter(code) || isDigit(code)) code = this.#next();
    return this.#text.slice(start, this.#position);
  }

  /** A string in double quotes; `\\`, `\"` and `\n` are escapes, any other backslash stands for itself. */
  #quoted(): string {
    const text = this.#text;
    const start = this.#position + 1;
    let escaped = false;
    for (let i = start; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code === quote) {
        this.#position = i + 1;
        const raw = text.slice(start, i);
        return escaped ? unescapeValue(raw) : raw;
      }
      if (code === lineFeed) break;
      if (code === backslash && text.charCodeAt(i + 1) !== lineFeed) {
        escaped = true;
        i += 1;
      }
    }
    throw new PageError('quote', 'a quoted text does not end on its line', start - 1, this.#lineEnd());
  }

  /** Digits are added up as they pass; what has more than digits is read by the language's own reader. */
  #number(what: 'value' | 'timestamp'): number {
    const text = this.#text;
    const start = this.#position;
    let code = this.#code();
    let sum = 0;
    while (isDigit(code)) {
      sum = sum * 10 + (code - zero);
      code = this.#next();
    }
    const end = isEndOfWord(code) ? this.#position : this.#wordEnd();
    this.#position = end;
    if (isEndOfWord(code) && start < end && end - start <= 15) return sum;
    const word = text.slice(start, end);
    const value = parseFloatText(word);
    if (value === undefined)
      throw new PageError(what, word === '' ? `expected a ${what}` : `"${word}" is no ${what}`, start, end);
    return value;
  }

  #word(lineEnd: number): string {
    const start = this.#position;
    while (this.#position < lineEnd && !isBlank(this.#code())) this.#position += 1;
    return this.#text.slice(start, this.#position);
  }

  #wordEnd(): number {
    let end = this.#position;
    while (end < this.#text.length && !isEndOfWord(this.#text.charCodeAt(end))) end += 1;
    return end;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#position);
    return end === -1 ? this.#text.length : end;
  }

  #code(): number {
    return this.#position < this.#text.length ? this.#text.charCodeAt(this.#position) : endOfText;
  }

  #next(): number {
    this.#position += 1;
    return this.#code();
  }

  #skipBlanks(): number {
    let code = this.#code();
    while (isBlank(code)) code = this.#next();
    return code;
  }

  /** A bare name and its value need a blank between them; after a brace the blank may be missing. */
  #requireBlank(message: string): void {
    const before = this.#text.charCodeAt(this.#position - 1);
    const code = this.#code();
    if (!isBlank(code) && before !== closeBrace) throw this.#error('sample', message);
    this.#skipBlanks();
  }

  #error(code: string, message: string): PageError {
    return new PageError(code, message, this.#position, Math.min(this.#position + 1, this.#text.length));
  }
}

const metricTypes: ReadonlyMap<string, MetricType> = new Map<string, MetricType>([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'unknown'],
  ['unknown', 'unknown'],
  ['info', 'info'],
  ['stateset', 'stateset'],
  ['gaugehistogram', 'gaugehistogram'],
]);
const typeNames: string = [...metricTypes.keys()].join(', ');
