import { expect, test } from 'vitest';
import { formatDiagnostic, type Subject } from '../core/base/index.ts';
import { readServices } from '../core/formats/index.ts';
import type { LoadedFile } from './definitions.ts';
import { atSubjects } from './subjects.ts';

const shop = loaded('shop.yaml', [
  'apiVersion: nines/v1',
  'service: shop',
  'slos:',
  '  checkout: { target: 99.9%, bad: "errors_total{}", total: "requests_total{}" }',
]);
const sloth = loaded('sloth.yaml', [
  'version: "prometheus/v1"',
  'service: search',
  'slos:',
  '  - name: fast',
  '    objective: 99',
  '    sli: { events: { error_query: "sum(rate(errors_total[{{.window}}]))", total_query: "sum(rate(requests_total[{{.window}}]))" } }',
  '    alerting: { name: SearchSlow }',
]);

test.each<[string, Subject | undefined, string]>([
  ['an objective of ours at its key', { service: 'shop', slo: 'checkout' }, 'shop.yaml:4:3'],
  ['a service of ours at its key', { service: 'shop' }, 'shop.yaml:2:1'],
  ["another format's objective at its name", { service: 'search', slo: 'fast' }, 'sloth.yaml:4:11'],
  ['an objective that its file does not spell out, at the top', { service: 'shop', slo: 'absent' }, 'shop.yaml:1:1'],
  ['what is about all services, at the top of the first file', undefined, 'shop.yaml:1:1'],
])('%s', (_, subject, place) => {
  const found = { severity: 'warning', code: 'generate/example', message: 'so', span: { start: 0, end: 0 } } as const;
  const [diagnostic] = atSubjects({ files: [shop, sloth] }, [subject === undefined ? found : { ...found, subject }]);
  expect(diagnostic === undefined ? '' : formatDiagnostic(diagnostic)).toContain(`${place} warning`);
});

function loaded(name: string, lines: readonly string[]): LoadedFile {
  const source = { name, text: lines.join('\n') };
  const outcome = readServices(source);
  return { source, services: outcome.ok ? outcome.value : [], diagnostics: [] };
}
