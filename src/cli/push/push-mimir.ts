import { formatDuration } from '../../core/base/index.ts';
import { type GenerateOptions, generateRules, rulerNamespace } from '../../core/generate/index.ts';
import { printExpr } from '../../core/promql/index.ts';
import { printRuleGroup, type Rule, type RuleGroup, readRuleFile } from '../../core/rules/index.ts';
import type { Service } from '../../core/slo/index.ts';
import { nodeToValue, type PlainValue, readYaml } from '../../core/yaml/index.ts';
import { type PushApi, refused } from './push-api.ts';
import type { PushPlan, PushStep } from './push-plan.ts';
import { valueDifference } from './value-difference.ts';

/** All namespaces and groups that Nines writes begin so; nothing else on the server is its own. */
const ours = 'nines-';

const rulesPath = 'prometheus/config/v1/rules';

/**
 * Compares the rules of services with those of Mimir's ruler. A group of one of their namespaces that is not generated any more is deleted;
 * with `prune`, those of namespaces of services that are not among them as well.
 * Source: Grafana Mimir, reference of the HTTP API, "Ruler rules configuration".
 */
export async function planMimir(
  api: PushApi,
  services: readonly Service[],
  options: GenerateOptions,
  prune: boolean,
): Promise<PushPlan> {
  const there = await readGroups(api);
  const steps: PushStep[] = [];
  const deletions: PushStep[] = [];
  let unchanged = 0;
  const wanted = new Set<string>();
  for (const service of services.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const namespace = rulerNamespace(service);
    wanted.add(namespace);
    const before = there.get(namespace) ?? new Map<string, RuleGroup>();
    const { groups } = generateRules(service, options).file;
    for (const group of groups) {
      const old = before.get(group.name);
      const difference = old === undefined ? [] : valueDifference(groupValue(old), groupValue(group));
      if (old !== undefined && difference.length === 0) unchanged += 1;
      else steps.push(writeGroup(namespace, group, old === undefined ? 'create' : 'change', difference));
    }
    const names = new Set(groups.map(({ name }) => name));
    for (const name of before.keys()) if (!names.has(name)) deletions.push(deleteGroup(namespace, name));
  }
  for (const [namespace, groups] of there) {
    if (!prune || wanted.has(namespace) || !namespace.startsWith(ours)) continue;
    for (const name of groups.keys()) if (name.startsWith(ours)) deletions.push(deleteGroup(namespace, name));
  }
  // What is new comes first, so that an interruption leaves rather too many alerts than too few.
  return { steps: [...steps, ...deletions], unchanged };
}

function writeGroup(
  namespace: string,
  group: RuleGroup,
  kind: 'create' | 'change',
  difference: readonly string[],
): PushStep {
  const body = { type: 'application/yaml', text: printRuleGroup(group) };
  const path = `${rulesPath}/${encodeURIComponent(namespace)}`;
  return {
    kind,
    what: `group ${namespace}/${group.name}`,
    difference: kind === 'create' ? [`${group.rules.length} rules`] : difference,
    send: (api) => api.send('POST', path, body),
  };
}

function deleteGroup(namespace: string, name: string): PushStep {
  const path = `${rulesPath}/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return {
    kind: 'delete',
    what: `group ${namespace}/${name}`,
    difference: [],
    send: (api) => api.send('DELETE', path),
  };
}

/** The groups by namespace. A tenant without any gets the answer 404. */
async function readGroups(api: PushApi): Promise<ReadonlyMap<string, ReadonlyMap<string, RuleGroup>>> {
  const answer = await api.send('GET', rulesPath);
  if (answer.status === 404 && /no rule groups|not found/i.test(answer.body)) return new Map();
  if (answer.status !== 200) throw refused(`${api.address} does not show its rules`, answer);
  const yaml = readYaml(answer.body);
  const value = yaml.ok && yaml.value[0] !== undefined ? nodeToValue(yaml.value[0]) : null;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Error(`${api.address} is no ruler of Mimir: its list of rules is no map of namespaces`);
  }
  return new Map(Object.entries(value).map(([namespace, groups]) => [namespace, readNamespace(namespace, groups)]));
}

/** A group that cannot be read counts as one that differs in everything: it has no rules here. */
function readNamespace(namespace: string, groups: PlainValue): ReadonlyMap<string, RuleGroup> {
  const list = Array.isArray(groups) ? groups : [];
  return new Map(
    list.flatMap((group): (readonly [string, RuleGroup])[] => {
      const name: unknown = Object(group).name;
      if (typeof name !== 'string') return [];
      const read = readRuleFile(
        { name: namespace, text: JSON.stringify({ groups: [group] }) },
        { ignoreUnknownFields: true },
      );
      const known = read.ok ? read.value.groups[0] : undefined;
      return [[name, known ?? { name, labels: new Map(), rules: [] }]];
    }),
  );
}

/** A group by what it means: its rules under what they record or raise, their expressions printed alike. */
function groupValue(group: RuleGroup): PlainValue {
  const rules = Object.fromEntries(group.rules.map((rule, index) => [ruleKey(rule, index), ruleValue(rule)]));
  return {
    ...(group.interval !== undefined && { interval: formatDuration(group.interval) }),
    ...(group.limit !== undefined && group.limit !== 0 && { limit: group.limit }),
    ...(0 < group.labels.size && { labels: Object.fromEntries(group.labels) }),
    order: group.rules.map(ruleName),
    rules,
  };
}

/** Rules of one group may share a name and differ in labels, so these belong to the key; equal ones are told apart by their place. */
function ruleKey(rule: Rule, index: number): string {
  const labels = [...rule.labels].map(([name, value]) => `${name}=${JSON.stringify(value)}`).toSorted();
  return `${ruleName(rule)}{${labels.join(',')}}${labels.length === 0 ? `#${index}` : ''}`;
}

function ruleName(rule: Rule): string {
  return rule.kind === 'recording' ? rule.record : rule.alert;
}

function ruleValue(rule: Rule): PlainValue {
  const expr = printExpr(rule.expr);
  if (rule.kind === 'recording') return { expr };
  const { holdFor, keepFiringFor, annotations } = rule;
  return {
    expr,
    for: formatDuration(holdFor),
    keep_firing_for: formatDuration(keepFiringFor),
    annotations: Object.fromEntries(annotations),
  };
}
