import { printRuleFile } from '../rules/index.ts';
import type { Service } from '../slo/index.ts';
import { header } from './mark.ts';
import type { ArtefactTarget } from './target.ts';

/** Prometheus rules, one file a service. */
export const prometheusTarget: ArtefactTarget = {
  name: 'prometheus',
  about: 'recording and alerting rules, one file a service',
  folder: 'prometheus',
  ofService: (service, { rulesOf }) => {
    const { file, diagnostics } = rulesOf(service);
    const text = printRuleFile(file, { header: rulesHeader([service]) });
    return { files: new Map([[ruleFileName(service), text]]), diagnostics };
  },
  together: (services, { rulesOf }) => {
    const generated = services.map(rulesOf);
    const groups = generated.flatMap(({ file }) => file.groups);
    return {
      text: printRuleFile({ groups }, { header: rulesHeader(services) }),
      diagnostics: generated.flatMap(({ diagnostics }) => diagnostics),
    };
  },
};

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
