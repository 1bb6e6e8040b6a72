import { closest } from '../../base/index.ts';
import type { DocumentCheck } from '../document-check.ts';

export const unknownKind: DocumentCheck = {
  id: 'unknown-kind',
  severity: 'warning',
  prose: true,
  meaning: 'The text names a kind of Kubernetes object that the Prometheus operator does not have.',
  remedy:
    'write the name of the kind: `PrometheusRule`, `AlertmanagerConfig`, `ServiceMonitor`, `PodMonitor`, `ScrapeConfig`',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) =>
      [...text.matchAll(/\b(?:Prometheus|Alertmanager|Service|Pod|Scrape)[A-Z]?\w*(?:Rule|Config|Monitor)\b/g)].flatMap(
        (match) => {
          const [name] = match;
          const near = kinds.has(name) ? undefined : closest(name, kinds);
          if (kinds.has(name) || !/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/.test(name)) return [];
          const at = start + match.index;
          const help = near === undefined ? undefined : `did you mean \`${near}\`?`;
          const message = `the operator has no kind \`${name}\``;
          return [{ message, ...(help === undefined ? {} : { help }), span: { start: at, end: at + name.length } }];
        },
      ),
    ),
};

/** Source: prometheus-operator, Documentation/api-reference. */
const kinds = new Set([
  'PrometheusRule',
  'AlertmanagerConfig',
  'ServiceMonitor',
  'PodMonitor',
  'ScrapeConfig',
  'PrometheusConfig',
]);
