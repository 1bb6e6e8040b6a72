import { type Diagnostic, type Duration, duration, formatDuration, second } from '../../base/index.ts';
import { type MoreGroupKeys, printRuleGroups, type Rule, type RuleFile } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';
import { commented } from '../mark.ts';
import { ruleFileName, rulesHeader } from '../prometheus-target.ts';
import { formatServerVersion, isAtLeast, type ServerVersion } from '../server-version.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { type LateRules, lateRules } from './late-rules.ts';

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

/**
 * Rules for VictoriaMetrics' vmalert, which loads Prometheus's files but refuses groups without rules. It stores what it records with a delay, and
 * VictoriaMetrics answers as of half a minute ago unless it is asked without its cache.
 */
export const vmalertTarget: ArtefactTarget = {
  name: 'vmalert',
  about: "rule files for VictoriaMetrics' vmalert",
  folder: 'vmalert',
  packsRules: true,
  ofService: (service, context) => {
    const { rulesOf, options } = context;
    const { file, diagnostics } = rulesOf(service);
    const late = lateRules(file, options.interval);
    const knowsKeeping = isAtLeast(options.vmalertVersion, keepingVmalert);
    const files = filesOf(service, knowsKeeping ? late.file : withoutKeeping(late.file), '', {
      params: { nocache: ['1'] },
    });
    const lost = knowsKeeping ? [] : keepingProblems(service, late.file);
    const own = [...delayProblems(service, late, options.interval), ...lost];
    return { files, diagnostics: [...diagnostics, ...own] };
  },
};

/** vmalert writes every five seconds, and VictoriaMetrics finds what was written about a second later. */
const shortestLateInterval: Duration = duration(10 * second);

function delayProblems(service: Service, { alertDelay }: LateRules, interval: Duration): readonly Diagnostic[] {
  const every = formatDuration(interval);
  if (interval < shortestLateInterval) {
    const text = `rules every ${every} leave vmalert no time to store what they record, unless its -remoteWrite.flushInterval is shorter`;
    return [{ ...aboutService(service, 'generate/vmalert', text), severity: 'warning' }];
  }
  if (alertDelay === 0) return [];
  const text = `over vmalert alerts come up to ${formatDuration(alertDelay)} later than over Prometheus`;
  return [aboutService(service, 'generate/vmalert', text)];
}

/** The first vmalert that knows `keep_firing_for`; an older one refuses the whole file. Source: VictoriaMetrics, changelog of 1.92.0. */
const keepingVmalert: ServerVersion = { major: 1, minor: 92 };

function withoutKeeping({ groups }: RuleFile): RuleFile {
  const ended = (rule: Rule): Rule => (rule.kind === 'alerting' ? { ...rule, keepFiringFor: duration(0) } : rule);
  return { groups: groups.map((group) => ({ ...group, rules: group.rules.map(ended) })) };
}

function keepingProblems(service: Service, { groups }: RuleFile): readonly Diagnostic[] {
  const kept = groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.kind === 'alerting' && 0 < rule.keepFiringFor ? [rule.alert] : [])),
  );
  if (kept.length === 0) return [];
  const names = [...new Set(kept)].toSorted().join(', ');
  const text = `over vmalert ${names} will end with what raised it: \`keepFiringFor\` is known from vmalert ${formatServerVersion(keepingVmalert)} on`;
  return [aboutService(service, 'generate/vmalert-version', text)];
}

function ruleFile(service: Service, { rulesOf }: GenerateContext, top: string, more: MoreGroupKeys = {}): TargetFiles {
  const { file, diagnostics } = rulesOf(service);
  return { files: filesOf(service, file, top, more), diagnostics };
}

function filesOf(service: Service, file: RuleFile, top: string, more: MoreGroupKeys): ReadonlyMap<string, string> {
  const groups = file.groups.filter(({ rules }) => 0 < rules.length);
  const text = `${commented(rulesHeader([service]))}${top}groups:${printRuleGroups(groups, '  ', more)}`;
  return new Map([[ruleFileName(service), text]]);
}
