import { timestamp } from '../../base/index.ts';
import { Labels } from '../../series/index.ts';
import { expandAlertTemplate, readAlertTemplate } from './alert-template.ts';

/**
 * What the text of an alert would say at a value, for whoever reads it before it fires. Labels that only a firing alert knows stand as
 * their names in angle brackets, and queries have no answers.
 */
export function previewAlertText(alert: string, text: string, value: number): string {
  const read = readAlertTemplate(alert, text);
  if (!read.ok) return text;
  const labels = Labels.from([...text.matchAll(/\blabels\.(\w+)/gi)].map(([, name = '']) => [name, `<${name}>`]));
  const data = { labels, externalLabels: Labels.from([]), externalUrl: '', value };
  const expanded = expandAlertTemplate(read.template, data, {
    now: timestamp(0),
    answer: () => ({ ok: true, samples: [] }),
  });
  return expanded.kind === 'text' ? expanded.text : text;
}
