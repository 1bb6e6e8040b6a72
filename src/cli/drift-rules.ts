import { parseExpr, printExpr, withoutPlaces } from '../core/promql/index.ts';
import type { Rule, RuleFile } from '../core/rules/index.ts';
import type { Service } from '../core/slo/index.ts';

/** A group of rules, as far as it is compared. */
interface LoadedGroup {
  readonly name: string;
  readonly seconds: number;
  /** The services that its rules are labelled with. */
  readonly services: ReadonlySet<string>;
  readonly rules: readonly RuleText[];
}

/** A rule in two parts: what it is known by, and what it does. */
interface RuleText {
  /** `slo:errors:ratio{service="shop"}`; `alert ErrorBudgetBurn{severity="page"}`. */
  readonly subject: string;
  /** Its expression and how long it waits. */
  readonly meaning: string;
}

/** How the rules in an answer of `GET /api/v1/rules` differ from those that follow from a service's definition, a line each. */
export function driftOf(service: Service, file: RuleFile, data: unknown): readonly string[] {
  return differencesOf(service, generatedGroups(file), loadedGroups(data));
}

/** In words, group by group. */
function differencesOf(
  service: Service,
  wanted: readonly LoadedGroup[],
  loaded: readonly LoadedGroup[],
): readonly string[] {
  // The name alone does not tell `shop` from `shop-api`; the labels of the rules do.
  const isOwn = ({ name, services }: LoadedGroup): boolean =>
    name.startsWith(`nines-${service.name}-`) && services.size === 1 && services.has(service.name);
  const names = new Set(wanted.map(({ name }) => name));
  const missing = wanted.filter(({ name }) => !loaded.some((group) => group.name === name));
  const left = loaded.filter((group) => isOwn(group) && !names.has(group.name));
  const changed = wanted.flatMap((group) => {
    const other = loaded.find(({ name }) => name === group.name);
    return other === undefined ? [] : rulesThatDiffer(group, other).map((line) => `${group.name}: ${line}`);
  });
  return [
    ...missing.map(({ name }) => `${name} is not loaded`),
    ...changed,
    ...left.map(({ name }) => `${name} is loaded and does not follow from the definitions`),
  ];
}

function rulesThatDiffer(wanted: LoadedGroup, loaded: LoadedGroup): readonly string[] {
  const interval =
    wanted.seconds === loaded.seconds ? [] : [`is evaluated every ${loaded.seconds} s, not every ${wanted.seconds} s`];
  const of = (rules: readonly RuleText[]) => new Map(rules.map((rule) => [rule.subject, rule.meaning]));
  const [before, after] = [of(loaded.rules), of(wanted.rules)];
  return [
    ...interval,
    ...[...after].flatMap(([subject, meaning]) => {
      const other = before.get(subject);
      if (other === undefined) return [`${subject} is not loaded`];
      return other === meaning ? [] : [`${subject} differs: ${other} is loaded, not ${meaning}`];
    }),
    ...[...before.keys()].flatMap((subject) => (after.has(subject) ? [] : [`${subject} is loaded and not wanted`])),
  ];
}

/** The groups that follow from a definition. */
function generatedGroups({ groups }: RuleFile): readonly LoadedGroup[] {
  return groups.map(({ name, interval, rules }) => ({
    name,
    seconds: (interval ?? 0) / 1000,
    services: new Set(rules.flatMap(({ labels }) => labels.get('service') ?? [])),
    rules: rules.map(ruleText),
  }));
}

function ruleText(rule: Rule): RuleText {
  const name = rule.kind === 'recording' ? rule.record : `alert ${rule.alert}`;
  const waits = rule.kind === 'recording' ? '' : waiting(rule.holdFor / 1000, rule.keepFiringFor / 1000);
  return textOf(name, Object.fromEntries(rule.labels), printExpr(rule.expr), waits);
}

function textOf(name: string, labels: Readonly<Record<string, unknown>>, query: string, waits: string): RuleText {
  const shown = Object.keys(labels)
    .toSorted()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return { subject: `${name}{${shown.join(',')}}`, meaning: `${canonical(query)}${waits}` };
}

function waiting(hold: number, keep: number): string {
  return `${hold === 0 ? '' : ` for ${hold}s`}${keep === 0 ? '' : ` kept for ${keep}s`}`;
}

/** The same expression is printed alike, whoever printed it before. */
function canonical(query: string): string {
  const parsed = parseExpr(query);
  return parsed.ok ? printExpr(withoutPlaces(parsed.value)) : query;
}

/** The groups in an answer of `GET /api/v1/rules`; what is not as Prometheus writes it is left out. */
function loadedGroups(data: unknown): readonly LoadedGroup[] {
  return listAt(data, 'groups').flatMap((group) => {
    const { name, interval } = group;
    if (typeof name !== 'string' || typeof interval !== 'number') return [];
    const rules = listAt(group, 'rules');
    const services = rules.flatMap(({ labels }) => (isRecord(labels) ? serviceIn(labels) : []));
    return [{ name, seconds: interval, services: new Set(services), rules: rules.flatMap(loadedRule) }];
  });
}

function serviceIn(labels: Readonly<Record<string, unknown>>): readonly string[] {
  const service = labels['service'];
  return typeof service === 'string' ? [service] : [];
}

function loadedRule(rule: Readonly<Record<string, unknown>>): readonly RuleText[] {
  const { type, name, query, labels, duration, keepFiringFor } = rule;
  if (typeof name !== 'string' || typeof query !== 'string') return [];
  const own = isRecord(labels) ? labels : {};
  const seconds = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return type === 'alerting'
    ? [textOf(`alert ${name}`, own, query, waiting(seconds(duration), seconds(keepFiringFor)))]
    : [textOf(name, own, query, '')];
}

function listAt(value: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
