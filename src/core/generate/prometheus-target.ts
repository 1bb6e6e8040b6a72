import { printRuleFile, type RuleFile } from '../rules/index.ts';
import type { Service } from '../slo/index.ts';
import { generateKeptRules } from './keep-names/kept-rules.ts';
import type { KeepNames } from './keep-names/options.ts';
import { header } from './mark.ts';
import type { GenerateOptions } from './options.ts';
import type { ArtefactTarget, TargetFiles } from './target.ts';

/** Prometheus rules, one file a service. */
export const prometheusTarget: ArtefactTarget = {
  name: 'prometheus',
  about: 'recording and alerting rules, one file a service',
  folder: 'prometheus',
  packsRules: true,
  ofService: (service, { rulesOf, options }) => {
    if (options.keepNames !== undefined) return keptFiles(service, options, options.keepNames);
    const { file, diagnostics } = rulesOf(service);
    return {
      files: new Map([[ruleFileName(service), printRuleFile(file, { header: loadedHeader([service]) })]]),
      diagnostics,
    };
  },
  together: (services, { rulesOf }) => {
    const generated = services.map(rulesOf);
    const groups = generated.flatMap(({ file }) => file.groups);
    return {
      text: printRuleFile({ groups }, { header: loadedHeader(services) }),
      diagnostics: generated.flatMap(({ diagnostics }) => diagnostics),
    };
  },
};

/** Under the names of another tool: its file, which can be compared with the one it made, and beside it the file of events that it reads. */
function keptFiles(service: Service, options: GenerateOptions, keep: KeepNames): TargetFiles {
  const { kept, events, diagnostics } = generateKeptRules([service], options, keep);
  const reading = 'What is kept and what differs on purpose: docs/reference/keep-names.md of Nines.';
  const text = (file: RuleFile): string => printRuleFile(file, { header: header([service], reading) });
  const files = new Map([
    ...(events.groups.length === 0 ? [] : [[`${service.name}.events.rules.yaml`, text(events)] as const]),
    [ruleFileName(service), text(kept)] as const,
  ]);
  return { files, diagnostics };
}

/** The comment above rules that Prometheus itself loads, with the entry of prometheus.yml for the file of a service. */
function loadedHeader(services: readonly Service[]): string {
  const [service, ...more] = services;
  if (service === undefined || 0 < more.length) return rulesHeader(services);
  const entry = `rule_files: [${ruleFileName(service)}]`;
  return `${rulesHeader(services)}\nLoaded by this entry of prometheus.yml, with the folder before the name: ${entry}`;
}

/** The name of a service's rule file, wherever rules are loaded from files. */
export function ruleFileName(service: Service): string {
  return `${service.name}.rules.yaml`;
}

/** The comment above generated rules. */
export function rulesHeader(services: readonly Service[]): string {
  return header(
    services,
    'What the rules record and how exact it is: docs/reference/generated-rules.md and docs/explanation/exact-rules.md of Nines.',
  );
}
