import type { MarkdownDocument } from '../../formats/index.ts';
import { parseExposition } from '../../series/index.ts';
import { metricsOfPage } from '../known-metrics.ts';
import type { DeclaredMetric } from './model.ts';

/** The metrics of pages that a document shows: blocks of code with the lines `# TYPE` of the exposition format. */
export function shownMetrics({ fences }: MarkdownDocument): ReadonlyMap<string, DeclaredMetric> {
  const found = new Map<string, DeclaredMetric>();
  for (const { text } of fences) {
    if (!/^# TYPE [a-zA-Z_:][\w:]* (?:counter|gauge|histogram|summary)\s*$/m.test(text)) continue;
    const page = parseExposition(text, 'text/plain');
    if (!page.ok) continue;
    for (const metric of metricsOfPage('', page.value).metrics) found.set(metric.name, metric);
  }
  return found;
}
