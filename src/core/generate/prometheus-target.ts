import { printRuleFile, type RuleFile } from '../rules/index.ts';
import type { Service } from '../slo/index.ts';
import { printYaml } from '../yaml/index.ts';
import { generateKeptRules } from './keep-names/kept-rules.ts';
import type { KeepNames } from './keep-names/options.ts';
import { commented, header } from './mark.ts';
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
    const text = printRuleFile(file, { header: rulesHeader([service]) });
    return { files: new Map([[ruleFileName(service), text]]), diagnostics };
  },
  ofAll: (services, _context, paths) => ({
    files: new Map(paths.length === 0 ? [] : [[ruleFilesName, ruleFilesEntry(services, paths)]]),
    diagnostics: [],
  }),
  together: (services, { rulesOf }) => {
    const generated = services.map(rulesOf);
    const groups = generated.flatMap(({ file }) => file.groups);
    return {
      text: printRuleFile({ groups }, { header: rulesHeader(services) }),
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

/** Not `.yaml`, so that nobody's pattern for rule files takes it for one. */
const ruleFilesName = 'rule_files.txt';

/** What stands in prometheus.yml so that it loads the rule files. */
function ruleFilesEntry(services: readonly Service[], paths: readonly string[]): string {
  const where =
    'The entry of prometheus.yml that loads these files. Put the folder before their names, if it is another one.';
  const text = printYaml({ rule_files: paths.filter((path) => path.endsWith('.rules.yaml')).toSorted() });
  return `${commented(header(services, where))}\n${text}`;
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
