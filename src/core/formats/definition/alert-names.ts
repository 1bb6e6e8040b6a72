import type { YamlPath } from '../../yaml/index.ts';
import { checkAlertName } from './condition-alerts.ts';
import { type Reading, reportValue } from './reading.ts';

/**
 * Gives alerts the names that are written for them, in their order: `CheckoutBurn{Fast,Slow}` for two, or a list. One name is that of all
 * alerts on a budget, whose labels tell them apart.
 */
export function applyNames<Alert extends object>(
  reading: Reading,
  path: YamlPath,
  written: string | readonly string[] | undefined,
  alerts: readonly Alert[],
): readonly Alert[] {
  if (written === undefined) return alerts;
  const place = [...path, 'alertNames'];
  const names = typeof written === 'string' ? expandBraces(written) : written;
  const [only] = names;
  if (only !== undefined && names.length === 1 && 1 < alerts.length && alerts.every((alert) => 'longWindow' in alert)) {
    checkAlertName(reading, place, only);
    return alerts.map((alert) => ({ ...alert, name: only }));
  }
  if (names.length !== alerts.length) {
    reportValue(reading, place, {
      severity: 'error',
      code: 'alert/name',
      message: `there are ${names.length} names for ${alerts.length} alerts`,
      help: `write ${alerts.length} names in the order of the alerts, for example \`{${words.slice(0, alerts.length).join(',')}}\` behind what they share`,
    });
    return alerts;
  }
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) {
    reportValue(reading, place, {
      severity: 'error',
      code: 'alert/duplicate',
      message: `the name \`${repeated}\` stands there twice`,
      help: 'give each alert a name of its own',
    });
  }
  for (const [index, name] of names.entries())
    checkAlertName(reading, typeof written === 'string' ? place : [...place, index], name);
  return alerts.map((alert, index) => ({ ...alert, name: names[index] }));
}

const words = ['Fast', 'Medium', 'Slow', 'Trickle', 'Fifth', 'Sixth'] as const;

/** Most names that a text may stand for, and the longest such text: nobody has more alerts, and many braces would grow without end. */
const mostNames = 64;
const longestText = 500;

/** The words that a text with braces stands for, as in a shell: `A{B,C}D` is `ABD` and `ACD`. Braces do not nest. */
export function expandBraces(text: string): readonly string[] {
  if (longestText < text.length) return [text];
  const [, before, inside, after] = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(text) ?? [];
  if (before === undefined || inside === undefined || after === undefined) return [text];
  const rest = expandBraces(after);
  return inside
    .split(',')
    .flatMap((word) => rest.map((tail) => before + word.trim() + tail))
    .slice(0, mostNames);
}
