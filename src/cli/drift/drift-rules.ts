import { unreachable } from '../../core/base/index.ts';
import { parseExpr, printExpr, withoutPlaces } from '../../core/promql/index.ts';
import type { Rule, RuleFile } from '../../core/rules/index.ts';
import type { Service } from '../../core/slo/index.ts';

/** A group of rules, as far as it is compared. */
interface LoadedGroup {
  readonly name: string;
  readonly seconds: number;
  /** The services that its rules are labelled with. */
  readonly services: ReadonlySet<string>;
  readonly rules: readonly RuleText[];
}

/** A rule in three parts: what it is known by, what it does and what it says. */
interface RuleText {
  /** `slo:errors:ratio{service="shop"}`; `alert ErrorBudgetBurn{severity="page"}`. */
  readonly subject: string;
  /** Its expression and how long it waits. */
  readonly meaning: string;
  /** By name, as they are written, with their templates. */
  readonly annotations: ReadonlyMap<string, string>;
}

/** One way in which the rules of a server are not those that follow from a definition. */
export interface Drift {
  readonly service: string;
  readonly group: string;
  /** The rule that is meant; undefined if it is the group as a whole. */
  readonly rule?: string;
  /** What differs: all of the group or rule, where only one side has it, or a part of it. */
  readonly aspect: 'group' | 'interval' | 'rule' | 'expression' | 'annotation';
  /** The name of the annotation that differs. */
  readonly annotation?: string;
  /** What the server has; undefined if it has nothing of the kind. */
  readonly loaded?: string;
  /** What follows from the definition; undefined if nothing of the kind does. */
  readonly wanted?: string;
}

/** How the rules in an answer of `GET /api/v1/rules` differ from those that follow from a service's definition. */
export function driftOf(service: Service, file: RuleFile, data: unknown): readonly Drift[] {
  const wanted = generatedGroups(file);
  const loaded = loadedGroups(data);
  // The name alone does not tell `shop` from `shop-api`; the labels of the rules do.
  const isOwn = ({ name, services }: LoadedGroup): boolean =>
    name.startsWith(`nines-${service.name}-`) && services.size === 1 && services.has(service.name);
  const names = new Set(wanted.map(({ name }) => name));
  const missing = wanted.filter(({ name }) => !loaded.some((group) => group.name === name));
  const left = loaded.filter((group) => isOwn(group) && !names.has(group.name));
  const changed = wanted.flatMap((group) => {
    const other = loaded.find(({ name }) => name === group.name);
    return other === undefined ? [] : groupDrift(group, other).map((each) => ({ group: group.name, ...each }));
  });
  return [
    ...missing.map(({ name }) => ({ group: name, aspect: 'group', wanted: name }) as const),
    ...changed,
    ...left.map(({ name }) => ({ group: name, aspect: 'group', loaded: name }) as const),
  ].map((each) => ({ service: service.name, ...each }));
}

/** A difference as a line of text. */
export function driftLine({ group, rule, aspect, annotation, loaded, wanted }: Drift): string {
  switch (aspect) {
    case 'group':
      return loaded === undefined
        ? `${group} is not loaded`
        : `${group} is loaded and does not follow from the definitions`;
    case 'interval':
      return `${group}: is evaluated every ${loaded}, not every ${wanted}`;
    case 'rule':
      return `${group}: ${rule} ${loaded === undefined ? 'is not loaded' : 'is loaded and not wanted'}`;
    case 'expression':
      return `${group}: ${rule} differs: ${loaded} is loaded, not ${wanted}`;
    case 'annotation': {
      const shown = (text: string | undefined): string => (text === undefined ? 'none' : JSON.stringify(text));
      return `${group}: ${rule} differs in its ${annotation}: ${shown(loaded)} is loaded, not ${shown(wanted)}`;
    }
    default:
      return unreachable(aspect);
  }
}

type InGroup = Omit<Drift, 'service' | 'group'>;

function groupDrift(wanted: LoadedGroup, loaded: LoadedGroup): readonly InGroup[] {
  const seconds = ({ seconds: each }: LoadedGroup): string => `${each} s`;
  const interval: readonly InGroup[] =
    wanted.seconds === loaded.seconds ? [] : [{ aspect: 'interval', loaded: seconds(loaded), wanted: seconds(wanted) }];
  const of = (rules: readonly RuleText[]) => new Map(rules.map((rule) => [rule.subject, rule]));
  const [before, after] = [of(loaded.rules), of(wanted.rules)];
  const absent = ({ subject, meaning }: RuleText): readonly InGroup[] =>
    before.has(subject) ? [] : [{ rule: subject, aspect: 'rule', wanted: meaning }];
  const left = ({ subject, meaning }: RuleText): readonly InGroup[] =>
    after.has(subject) ? [] : [{ rule: subject, aspect: 'rule', loaded: meaning }];
  return [
    ...interval,
    ...[...after.values()].flatMap((rule) => {
      const other = before.get(rule.subject);
      return other === undefined ? absent(rule) : ruleDrift(rule, other);
    }),
    ...[...before.values()].flatMap(left),
  ];
}

function ruleDrift(wanted: RuleText, loaded: RuleText): readonly InGroup[] {
  const rule = wanted.subject;
  const expression: readonly InGroup[] =
    wanted.meaning === loaded.meaning
      ? []
      : [{ rule, aspect: 'expression', loaded: loaded.meaning, wanted: wanted.meaning }];
  const names = [...new Set([...wanted.annotations.keys(), ...loaded.annotations.keys()])].toSorted();
  const texts = names.flatMap((annotation): readonly InGroup[] => {
    const [before, after] = [loaded.annotations.get(annotation), wanted.annotations.get(annotation)];
    if (before === after) return [];
    return [
      {
        rule,
        aspect: 'annotation',
        annotation,
        ...(before !== undefined && { loaded: before }),
        ...(after !== undefined && { wanted: after }),
      },
    ];
  });
  return [...expression, ...texts];
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
  const annotations = rule.kind === 'recording' ? new Map<string, string>() : rule.annotations;
  return { ...textOf(name, Object.fromEntries(rule.labels), printExpr(rule.expr), waits), annotations };
}

function textOf(
  name: string,
  labels: Readonly<Record<string, unknown>>,
  query: string,
  waits: string,
): Omit<RuleText, 'annotations'> {
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
  const { type, name, query, labels, annotations, duration, keepFiringFor } = rule;
  if (typeof name !== 'string' || typeof query !== 'string') return [];
  const own = isRecord(labels) ? labels : {};
  const seconds = (value: unknown): number => (typeof value === 'number' ? value : 0);
  if (type !== 'alerting') return [{ ...textOf(name, own, query, ''), annotations: new Map() }];
  const text = textOf(`alert ${name}`, own, query, waiting(seconds(duration), seconds(keepFiringFor)));
  return [{ ...text, annotations: new Map(isRecord(annotations) ? textsIn(annotations) : []) }];
}

function textsIn(value: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : []));
}

function listAt(value: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  const list = isRecord(value) ? value[key] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
