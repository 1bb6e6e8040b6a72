import type { Service } from '../../slo/index.ts';
import { header } from '../mark.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { splitGroups } from './groups.ts';

/** A jsonnet mixin in the form that monitoring-mixins settled: alerts, rules, boards and a configuration that whoever imports it can change. */
export const mixinTarget: ArtefactTarget = {
  name: 'mixin',
  about: 'a jsonnet mixin: prometheusAlerts, prometheusRules, grafanaDashboards',
  folder: 'mixin',
  packsRules: true,
  ofService: serviceFiles,
  ofAll: mixinFiles,
};

const reading = 'How to use it: docs/reference/targets.md of Nines.';
const boardsFolder = 'dashboards/';

/** The groups of a service as a jsonnet object, and its boards as they are. */
function serviceFiles(service: Service, context: GenerateContext): TargetFiles {
  const { file, diagnostics } = context.rulesOf(service);
  const { alerts, rules } = splitGroups(file.groups);
  const text = `${slashed([service])}${JSON.stringify({ alerts, rules }, undefined, 2)}\n`;
  const boards = context.filesOf('grafana', service);
  const files = new Map([[`services/${service.name}.libsonnet`, text], ...boardFiles(boards)]);
  return { files, diagnostics: [...diagnostics, ...(boards?.diagnostics ?? [])] };
}

function boardFiles(boards: TargetFiles | undefined): readonly (readonly [string, string])[] {
  return [...(boards?.files ?? [])]
    .filter(([path]) => path.endsWith('.json'))
    .map(([path, text]) => [boardsFolder + path, text]);
}

function mixinFiles(services: readonly Service[], context: GenerateContext, paths: readonly string[]): TargetFiles {
  const boards = context.commonFilesOf('grafana', services);
  const common = boardFiles(boards);
  const boardPaths = [...paths, ...common.map(([path]) => path)].filter((path) => path.startsWith(boardsFolder));
  const names = services.map(({ name }) => JSON.stringify(name));
  const text = `${slashed(services)}{
  _config+:: {
    // The services whose alerts and rules are wanted.
    services: [${names.join(', ')}],
    // Labels to add to every alert, for routing.
    alertLabels: {},
  },

  local all = {
${names.map((name) => `    ${name}: import ${JSON.stringify(`services/${JSON.parse(name)}.libsonnet`)},\n`).join('')}  },
  local wanted = [all[name] for name in $._config.services],
  local labelled(group) = group { rules: [rule { labels+: $._config.alertLabels } for rule in group.rules] },

  prometheusAlerts+:: { groups+: [labelled(group) for service in wanted for group in service.alerts] },

  prometheusRules+:: { groups+: [group for service in wanted for group in service.rules] },

  grafanaDashboards+:: {
${boardPaths
  .toSorted()
  .map((path) => `    ${JSON.stringify(path.slice(boardsFolder.length))}: import ${JSON.stringify(path)},\n`)
  .join('')}  },
}
`;
  const files = new Map([['mixin.libsonnet', text], ...common]);
  return { files, diagnostics: boards?.diagnostics ?? [] };
}

function slashed(services: readonly Service[]): string {
  return header(services, reading)
    .split('\n')
    .map((line) => `// ${line}\n`)
    .join('');
}
