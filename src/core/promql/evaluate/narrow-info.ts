import type { Labels, Matcher, Selection } from '../../series/index.ts';
import { identifyingLabels } from '../plan/info.ts';

/** More values than this in one expression are harder on a source than series too many. */
const mostValues = 500;

/**
 * Narrows the selection of info series to those that can belong to the series at hand: by the values that the identifying labels have
 * there. Undefined if none of them has any, so that there is nothing to add.
 */
export function narrowToSeries(selection: Selection, series: readonly Labels[]): Selection | undefined {
  const matchers: Matcher[] = [];
  let any = false;
  for (const name of identifyingLabels) {
    const values = new Set(series.map((labels) => labels.get(name)).filter((value) => value !== ''));
    if (values.size === 0) continue;
    any = true;
    if (mostValues < values.size) continue;
    matchers.push({ name, operator: '=~', value: [...values].sort().map(quoteRegex).join('|') });
  }
  return any ? { ...selection, matchers: [...selection.matchers, ...matchers] } : undefined;
}

/** The regular expression that matches a text and nothing else. */
function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
