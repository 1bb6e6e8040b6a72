import type { Span } from '../../base/index.ts';
import { type Expr, parseExpr, selectorsOf, typeOf } from '../../promql/index.ts';
import { type QueriesIndicator, windowStandIn, windowsIn, windowWord } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { checkSelector } from './check-selector.ts';
import type { Catalogue } from './metrics.ts';
import { canonicalExpr } from './queries.ts';
import { alternatives, isToldAbout, type Reading, type Remark, reportInside, reportKey, writtenAt } from './reading.ts';
import type { QueriesInput } from './slo-input.ts';

/** The word for the window, in any of its spellings. */
const word = /\{\{-?\s*\.window\s*-?\}\}/g;

const forms = ['good', 'bad', 'goodRatio', 'badRatio'] as const;

/** Reads queries over a window that is filled in: a number of events by another one, or a share. */
export function readQueries(
  reading: Reading,
  path: YamlPath,
  input: QueriesInput,
  catalogue: Catalogue,
): QueriesIndicator | undefined {
  const [form, second] = forms.filter((key) => input[key] !== undefined);
  if (second !== undefined) {
    const message = `\`${form}\` and \`${second}\` are both given; one of them says which events count`;
    reportKey(reading, [...path, second], remark(message, 'keep one of them'));
    return undefined;
  }
  if (form === undefined) {
    if (!forms.some((key) => isToldAbout(reading, [...path, key])))
      reportKey(reading, path, remark('it says no query', `add ${alternatives(forms)}`));
    return undefined;
  }
  const counts = form === 'good' || form === 'goodRatio' ? 'good' : 'bad';
  const events = readWindowQuery(reading, [...path, form], catalogue);
  if (form === 'goodRatio' || form === 'badRatio') {
    if (input.total !== undefined) {
      const help = 'remove it, or write two numbers of events';
      reportKey(reading, [...path, 'total'], remark('`total` means nothing beside a share', help));
      return undefined;
    }
    return events === undefined ? undefined : { kind: 'queries', counts, events };
  }
  if (input.total === undefined) {
    if (!isToldAbout(reading, [...path, 'total']))
      reportKey(reading, path, remark('`total` is missing', 'add the query of all events, or write the share alone'));
    return undefined;
  }
  const total = readWindowQuery(reading, [...path, 'total'], catalogue);
  return events === undefined || total === undefined ? undefined : { kind: 'queries', counts, events, total };
}

function readWindowQuery(reading: Reading, path: YamlPath, catalogue: Catalogue): Expr | undefined {
  const text = writtenAt(reading, path);
  const query = parseWindowQuery(text, word);
  if (query.kind === 'wrong') {
    for (const { span, ...rest } of query.remarks) reportInside(reading, path, span, rest);
    return undefined;
  }
  for (const selector of selectorsOf(query.expr)) checkSelector(reading, path, selector, 'query', catalogue);
  return canonicalExpr(query.expr);
}

/** A query with the window in its place, or what is wrong with it. */
export type WindowQuery =
  | { readonly kind: 'query'; readonly expr: Expr }
  | { readonly kind: 'wrong'; readonly remarks: readonly (Remark & { readonly span: Span })[] };

/** Parses a query in which a word stands for the window: PromQL that gives series, with the word as the range of a selector or a subquery. */
export function parseWindowQuery(text: string, window: RegExp): WindowQuery {
  let windows = 0;
  // The word becomes one that takes the same room where it can, so that places in the tree are places in the text.
  const filled = text.replace(window, (found: string) => {
    windows += 1;
    return windowStandIn.padStart(found.length);
  });
  const whole = { start: 0, end: text.length };
  const wrong = (message: string, help: string): WindowQuery => ({
    kind: 'wrong',
    remarks: [{ ...remark(message, help), span: whole }],
  });
  if (windows === 0)
    return wrong(
      'the query has no window to fill in',
      `write \`[${windowWord}]\` for the range, such as \`rate(x[${windowWord}])\``,
    );
  const parsed = parseExpr(filled);
  if (!parsed.ok)
    return {
      kind: 'wrong',
      remarks: parsed.diagnostics.map(({ message, help, span }) => ({
        ...remark(message, help ?? 'correct the query'),
        span,
      })),
    };
  if (typeOf(parsed.value) !== 'vector')
    return wrong(`the query gives a ${typeOf(parsed.value)}, not a number for each series`, 'ask for a metric');
  if (windowsIn(parsed.value) !== windows)
    return wrong('the window can only be the range of a selector or of a subquery', `write \`x[${windowWord}]\``);
  return { kind: 'query', expr: parsed.value };
}

function remark(message: string, help: string): Remark {
  return { severity: 'error', code: 'definition/query', message, help };
}
