import { alertsOf } from '../document/facts.ts';
import { urgencyOf } from '../document/severities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const nameVsSeverity: DocumentCheck = {
  id: 'name-vs-severity',
  severity: 'warning',
  meaning: 'The name of an alert says another severity than its label: who reads the name acts on the wrong one.',
  remedy: 'leave the severity out of the name, or make both the same',
  inspect: (document) => [
    ...alertsOf(document).flatMap(({ name, nameSpan, labels }) => problem(name, labels.get('severity'), nameSpan)),
    ...document.describedAlerts.flatMap(({ name, severity, span }) => problem(name, severity, span)),
  ],
};

function problem<S>(name: string, severity: string | undefined, span: S): readonly { message: string; span: S }[] {
  const word = severityWord(name);
  const [said, labelled] = [urgencyOf(word ?? ''), urgencyOf(severity ?? '')];
  if (word === undefined || said === undefined || labelled === undefined || said === labelled) return [];
  return [{ message: `\`${name}\` says ${word.toLowerCase()} and has the severity \`${severity}\``, span }];
}

/** A severity as the first or the last word of a name; what it is about may be critical too: a path, a job, a page. */
function severityWord(name: string): string | undefined {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  const [first = '', second = ''] = words;
  const last = words.at(-1) ?? '';
  const isKind = /^(?:Path|Section|Service|Job|Pod|Tool|Endpoint|Process|Task|Component|Node|Event|Level)s?$/i;
  if (/^(?:critical|warning)$/i.test(first) && 1 < words.length && !isKind.test(second)) return first;
  return 1 < words.length && /^(?:critical|warning|page|ticket|info)$/i.test(last) ? last : undefined;
}
