import { type Diagnostic, placeOf } from '../base/index.ts';

/** What is no page of metrics at all: better said at once than by its first odd character. */
export function refusePage(text: string, contentType: string): Diagnostic | undefined {
  const span = { start: 0, end: Math.min(text.length, 1) };
  const wrong = (what: string, help: string): Diagnostic => ({
    severity: 'error',
    code: 'exposition/not-metrics',
    message: `this is ${what}, not a page of metrics`,
    help,
    span,
  });
  if (contentType.includes('protobuf'))
    return wrong('protobuf', 'ask for text: Accept: application/openmetrics-text, text/plain');
  const first = /\S/.exec(text)?.[0];
  if (contentType.includes('text/html') || first === '<')
    return wrong('HTML', 'check the path: metrics usually stand at /metrics');
  if (contentType.includes('application/json') || (first === '{' && /^\s*\{\s*"[^"]*"\s*:/.test(text)))
    return wrong('JSON', 'check the path: metrics usually stand at /metrics');
  if (/^[^\t\n\r -\uFFFC]/.test(text))
    return wrong('binary', 'check the encoding: compressed pages must be unpacked before they are read');
  return undefined;
}

/** Thrown inside the reader of a page and caught by it: the first error ends the reading. */
export class PageError extends Error {
  override readonly name: string = 'PageError';
  readonly code: string;
  readonly start: number;
  readonly end: number;
  readonly help: string | undefined;

  constructor(code: string, message: string, start: number, end: number, help?: string) {
    super(message);
    this.code = code;
    this.start = start;
    this.end = end;
    this.help = help;
  }
}

/** The error as a diagnostic with its line, which a scraper shows without the page. */
export function describePageError(text: string, error: PageError): Diagnostic {
  const { line } = placeOf(text, error.start);
  return {
    severity: 'error',
    code: `exposition/${error.code}`,
    message: `line ${line}: ${error.message}`,
    ...(error.help === undefined ? {} : { help: error.help }),
    span: { start: error.start, end: Math.max(error.end, error.start) },
  };
}
