import type { Diagnostic } from '../../base/index.ts';
import type { Service } from '../../slo/index.ts';
import { aboutService } from '../codes.ts';
import type { KubernetesOptions } from '../options.ts';
import type { TargetFiles } from '../target.ts';
import { nameProblems, objectName } from './names.ts';
import { printObject, printObjectHead } from './object.ts';

/** What a ConfigMap may hold. Source: Kubernetes, "ConfigMaps are not designed to hold large chunks of data: 1 MiB". */
const largestConfigMap = 1_000_000;

/** ConfigMaps by file name, each with a dashboard of the Grafana target; Grafana's sidecar finds them by the label. */
export function dashboardObjects(
  boards: TargetFiles,
  options: KubernetesOptions,
  service: Service | undefined,
): TargetFiles {
  const files = new Map<string, string>();
  const diagnostics: Diagnostic[] = [...boards.diagnostics];
  for (const [path, text] of boards.files) {
    if (!path.endsWith('.json')) continue;
    const board = path.slice(0, -'.json'.length).replaceAll('/', '.').toLowerCase();
    const name = objectName('dashboard', board);
    if (service !== undefined) {
      diagnostics.push(...nameProblems(service, name));
      if (largestConfigMap < text.length) {
        const message = `the dashboard \`${name}\` has ${text.length} bytes, and a ConfigMap takes ${largestConfigMap}`;
        diagnostics.push(aboutService(service, 'generate/too-large', message));
      }
    }
    const head = printObjectHead('v1', 'ConfigMap', name, options, { grafana_dashboard: '1' });
    const file = path.split('/').at(-1) ?? path;
    files.set(`${board}.dashboard.yaml`, printObject(head, { data: { [file]: text.trimEnd() } }));
  }
  return { files, diagnostics };
}
