import type { Service } from '../../slo/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { commented, header } from '../mark.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { alertmanagerConfig } from './alertmanager-config.ts';
import { dashboardObjects } from './dashboards.ts';
import { ruleObjects } from './rules.ts';

const packed = {
  packsRules: true,
  ofService: serviceObjects,
  ofAll: commonObjects,
};

/** Objects for the Prometheus operator and for Grafana's sidecar, to be applied as they are. */
export const operatorTarget: ArtefactTarget = {
  name: 'operator',
  about: 'Kubernetes objects: PrometheusRule, AlertmanagerConfig, ConfigMaps with dashboards',
  folder: 'kubernetes',
  ...packed,
  together: (services, context) => {
    const all = [...services.map((service) => serviceObjects(service, context)), commonObjects(services, context)];
    return {
      text: all.flatMap(({ files }) => [...files.values()]).join('---\n'),
      diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
    };
  },
};

/** The same objects with a list of them for Kustomize. */
export const kustomizeTarget: ArtefactTarget = {
  ...packed,
  name: 'kustomize',
  about: 'the objects of operator as a base for Kustomize',
  folder: 'kustomize',
  ofAll: (services, context, paths) => {
    const common = commonObjects(services, context);
    const list = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [...paths, ...common.files.keys()].toSorted(),
    };
    const text = `${commented(header(services, reading))}${printYaml(list)}`;
    return { files: new Map([...common.files, ['kustomization.yaml', text]]), diagnostics: common.diagnostics };
  },
};

/** The same objects as templates of a Helm chart. */
export const helmTarget: ArtefactTarget = {
  ...packed,
  name: 'helm',
  about: 'the objects of operator as templates of a Helm chart',
  folder: 'helm/templates',
  ofService: (service, context) => escaped(serviceObjects(service, context)),
  ofAll: (services, context) => escaped(commonObjects(services, context)),
};

const reading = 'How to apply them: docs/how-to/run-on-kubernetes.md of Nines.';

function serviceObjects(service: Service, context: GenerateContext): TargetFiles {
  const { objects, diagnostics } = ruleObjects(service, context);
  const mark = commented(header([service], reading));
  const boards = context.filesOf('grafana', service) ?? { files: new Map(), diagnostics: [] };
  const dashboards = dashboardObjects(boards, context.options.kubernetes, service);
  const files = new Map([[`${service.name}.yaml`, `${mark}${objects.join('---\n')}`]]);
  for (const [path, text] of dashboards.files) files.set(path, `${mark}${text}`);
  const routing = alertmanagerConfig(service, context.options.kubernetes);
  if (routing.text !== undefined) files.set(`${service.name}.alertmanagerconfig.yaml`, `${mark}${routing.text}`);
  return { files, diagnostics: [...diagnostics, ...dashboards.diagnostics, ...routing.diagnostics] };
}

function commonObjects(services: readonly Service[], context: GenerateContext): TargetFiles {
  const boards = context.commonFilesOf('grafana', services);
  if (boards === undefined) return { files: new Map(), diagnostics: [] };
  const { files, diagnostics } = dashboardObjects(boards, context.options.kubernetes, undefined);
  const mark = commented(header(services, reading));
  return { files: new Map([...files].map(([path, text]) => [path, `${mark}${text}`])), diagnostics };
}

/** Helm takes every file for a template. The braces in annotations are for Prometheus, so each is written as a template that gives braces. */
function escaped({ files, diagnostics }: TargetFiles): TargetFiles {
  const texts = [...files].map(([path, text]) => [path, text.replaceAll('{{', '{{ "{{" }}')] as const);
  return { files: new Map(texts), diagnostics };
}
