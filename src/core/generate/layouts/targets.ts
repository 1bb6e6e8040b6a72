import { type MoreGroupKeys, printRuleGroups } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';
import { commented } from '../mark.ts';
import { ruleFileName, rulesHeader } from '../prometheus-target.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';

/** Rules as `mimirtool rules load` and `nines push` take them: one namespace for each service. */
export const mimirTarget: ArtefactTarget = {
  name: 'mimir',
  about: "rule files for Mimir's ruler, a namespace for each service, as mimirtool loads them",
  folder: 'mimir',
  packsRules: true,
  ofService: (service, context) => ruleFile(service, context, printYaml({ namespace: rulerNamespace(service) })),
};

/** The namespace in Mimir's ruler that belongs to a service. */
export function rulerNamespace({ name }: Service): string {
  return `nines-${name}`;
}

/**
 * Rules for Thanos's ruler. It says for each group what a part of the data that does not answer means; an answer without it counts too
 * few events, so by default the evaluation fails instead.
 */
export const thanosTarget: ArtefactTarget = {
  name: 'thanos',
  about: "rule files for Thanos's ruler, with its partial_response_strategy",
  folder: 'thanos',
  packsRules: true,
  ofService: (service, context) =>
    ruleFile(service, context, '', { partial_response_strategy: context.options.thanosPartialResponse }),
};

/** Rules for VictoriaMetrics' vmalert, which loads Prometheus's files but refuses groups without rules. */
export const vmalertTarget: ArtefactTarget = {
  name: 'vmalert',
  about: "rule files for VictoriaMetrics' vmalert",
  folder: 'vmalert',
  packsRules: true,
  ofService: (service, context) => {
    const { files, diagnostics } = ruleFile(service, context, '');
    const warning = aboutService(service, 'generate/vmalert', 'over vmalert the counts of events are not exact');
    return { files, diagnostics: [...diagnostics, warning] };
  },
};

function ruleFile(service: Service, { rulesOf }: GenerateContext, top: string, more: MoreGroupKeys = {}): TargetFiles {
  const { file, diagnostics } = rulesOf(service);
  const groups = file.groups.filter(({ rules }) => 0 < rules.length);
  const text = `${commented(rulesHeader([service]))}${top}groups:${printRuleGroups(groups, '  ', more)}`;
  return { files: new Map([[ruleFileName(service), text]]), diagnostics };
}
