import { type CompositeMember, readTarget, type Target } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { reportKey, writtenAt } from '../definition/reading.ts';
import { isThere, requiredText, say, textAt } from '../dialect-reading.ts';
import { plainName, type SloDraft } from '../dialect-service.ts';
import { readSli, sliKeys } from './indicator.ts';
import { checkObjectiveKeys, type Method, readObjective, readObjectiveTarget } from './objective.ts';
import { type Objects, type OpensloObject, objectiveSuffix } from './objects.ts';

/** Whether objectives have indicators of their own, which makes the SLO one of several. */
export function hasOwnIndicators(object: OpensloObject, items: readonly YamlPath[]): boolean {
  if (object.version === 'v1alpha') return false;
  return items.some((item) => sliKeys(object).some((key) => isThere(object.reading, [...item, key])));
}

/** What the parts of a composite take from it. */
export type Whole = Omit<SloDraft, 'indicator' | 'target' | 'path'>;

interface Part {
  readonly member: CompositeMember;
  readonly target: Target;
  /** Where no SLO by itself is about the same. */
  readonly draft?: SloDraft;
}

/**
 * Reads an SLO whose objectives have indicators of their own: the mean of their error ratios by weight. An indicator that an SLO by itself
 * refers to stands for that SLO; any other becomes an objective without alerts.
 */
export function readComposite(
  objects: Objects,
  object: OpensloObject,
  items: readonly YamlPath[],
  method: Method,
  whole: Whole,
): readonly SloDraft[] {
  const { reading, path } = object;
  for (const key of sliKeys(object)) {
    if (!isThere(reading, [...path, 'spec', key])) continue;
    const message = `\`${key}\` stands in the specification and in the objectives`;
    say(reading, [...path, 'spec', key], 'error', 'dialect/type', message, 'keep one');
  }
  const parts = items.map((item, index) => readPart(objects, object, item, method, { index, of: items.length, whole }));
  const known = parts.flatMap((part) => part ?? []);
  const target = targetOf(object, known);
  if (known.length < parts.length || target === undefined) return [];
  const members = known.map(({ member }) => member);
  return [
    ...known.flatMap(({ draft }) => draft ?? []),
    { ...whole, path: [...path, 'spec'], indicator: { kind: 'composite', combine: 'weighted', members }, target },
  ];
}

function readPart(
  objects: Objects,
  object: OpensloObject,
  item: YamlPath,
  method: Method,
  { index, of, whole }: { readonly index: number; readonly of: number; readonly whole: Whole },
): Part | undefined {
  const { reading } = object;
  const weight = weightAt(object, item);
  const found = sloBehind(objects, object, item);
  if (found !== undefined) {
    checkObjectiveKeys(reading, item, false);
    const target = readObjectiveTarget(reading, item);
    if (weight === undefined || target === undefined) return undefined;
    return { member: { ...found, weight }, target };
  }
  const sli = readSli(objects, object, item);
  const objective = readObjective(object, item, sli, method);
  const service = plainName(
    writtenAt(reading, [...object.path, 'spec', object.version === 'v1' ? 'service' : 'serviceRef']),
  );
  if (weight === undefined || objective === undefined) return undefined;
  const displayName = textAt(reading, [...item, 'displayName']);
  const name = `${whole.name}${objectiveSuffix(displayName, index, Math.max(of, 2))}`;
  const { description: _, ...rest } = whole;
  const draft = { ...rest, path: item, ...objective, name, title: displayName ?? name, alerts: [] };
  return { member: { service, slo: name, weight }, target: objective.target, draft };
}

function weightAt({ reading }: OpensloObject, item: YamlPath): number | undefined {
  const at = [...item, 'compositeWeight'];
  if (!isThere(reading, at)) return 1;
  const text = requiredText(reading, at) ?? '';
  const weight = Number(text);
  if (0 < weight && Number.isFinite(weight)) return weight;
  say(reading, at, 'error', 'dialect/type', `\`${text}\` is no weight`, 'write a number above 0');
  return undefined;
}

/** The one SLO of one indicator that refers to the same SLI as an objective. */
function sloBehind(
  objects: Objects,
  object: OpensloObject,
  item: YamlPath,
): Pick<CompositeMember, 'service' | 'slo'> | undefined {
  const [, reference] = sliKeys(object);
  const name = textAt(object.reading, [...item, reference]);
  const [found, second] = name === undefined ? [] : (usersOf(objects).get(name) ?? []);
  return second === undefined ? found : undefined;
}

type Users = ReadonlyMap<string, readonly Pick<CompositeMember, 'service' | 'slo'>[]>;

/** The SLOs by the SLI that they refer to, found once for all composites. */
const users = new WeakMap<Objects, Users>();

function usersOf(objects: Objects): Users {
  const known = users.get(objects);
  if (known !== undefined) return known;
  const found = new Map<string, Pick<CompositeMember, 'service' | 'slo'>[]>();
  for (const object of objects.ofKind('SLO')) {
    const { reading, path, version, name } = object;
    const [, reference] = sliKeys(object);
    const sli = writtenAt(reading, [...path, 'spec', reference]);
    const service = plainName(writtenAt(reading, [...path, 'spec', version === 'v2alpha' ? 'serviceRef' : 'service']));
    // Several objectives of one SLO are several of ours, of which none is meant alone.
    const isOne = !isThere(reading, [...path, 'spec', 'objectives', 1]);
    if (sli !== '' && isOne) found.set(sli, [...(found.get(sli) ?? []), { service, slo: plainName(name) }]);
  }
  users.set(objects, found);
  return found;
}

/** The target of the whole: the one that all parts have, or the mean by weight, which is met when all parts are. */
function targetOf({ reading, path }: OpensloObject, parts: readonly Part[]): Target | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  if (parts.every(({ target }) => target.ratio === first.target.ratio)) return first.target;
  const weights = parts.reduce((sum, { member }) => sum + member.weight, 0);
  const mean = parts.reduce((sum, { member, target }) => sum + (member.weight / weights) * target.ratio, 0);
  const outcome = readTarget(String(Number(mean.toPrecision(9))));
  if (!outcome.ok) return undefined;
  reportKey(reading, [...path, 'spec', 'objectives'], {
    severity: 'info',
    code: 'dialect/assumed',
    message: `the target of the whole is taken for the mean of its parts' by weight, ${outcome.value.text}`,
    help: 'write the same target in each of them to say another',
  });
  return outcome.value;
}
