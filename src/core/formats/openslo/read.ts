import { duration, parseDuration } from '../../base/index.ts';
import type { Indicator, Period, Service, Slo, Target } from '../../slo/index.ts';
import { nodeAt, type YamlNode, type YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey } from '../definition/reading.ts';
import {
  checkKeys,
  flagAt,
  isThere,
  itemsAt,
  reportMissing,
  requiredText,
  say,
  sayLost,
  textAt,
  wordsAt,
} from '../dialect-reading.ts';
import {
  keepLabels,
  nameAt,
  periodAt,
  plainName,
  type SloDraft,
  sayUnsupported,
  serviceOf,
  targetAt,
} from '../dialect-service.ts';
import { readCondition, readConditions, readPolicies } from './alerts.ts';
import { readAlphaRatio, readMetric, readSli } from './indicator.ts';
import {
  annotationsOf,
  collectObjects,
  type Objects,
  type OpensloObject,
  objectiveSuffix,
  readObject,
  titleOf,
} from './objects.ts';

/** Reads OpenSLO objects; the SLOs of one service become a service. `pool` has further objects that may be referred to. */
export function readOpenslo(readings: readonly Reading[], pool: readonly YamlNode[]): readonly Service[] {
  const own = readings.flatMap((reading) => readObject(reading) ?? []);
  const objects = collectObjects(own, pool);
  const services = new Map<string, SloDraft[]>();
  const hasObjectives = own.some(({ kind }) => kind === 'SLO');
  for (const object of own) {
    if (object.kind !== 'SLO') {
      // What an objective uses is read there; objects by themselves are decoded so that a library of them can be checked.
      if (!hasObjectives) checkAlone(objects, object);
      continue;
    }
    const name = nameAt(object.reading, serviceKey(object));
    const slos = readSlo(objects, object);
    if (name !== undefined) services.set(name, [...(services.get(name) ?? []), ...slos]);
  }
  return [...services].flatMap(([name, slos]) => (slos.length === 0 ? [] : (serviceWith(objects, name, slos) ?? [])));
}

function serviceKey({ path, version }: OpensloObject): YamlPath {
  return [...path, 'spec', version === 'v2alpha' ? 'serviceRef' : 'service'];
}

function checkAlone(objects: Objects, object: OpensloObject): void {
  switch (object.kind) {
    case 'SLI':
      readMetric(objects, object);
      return;
    case 'AlertPolicy':
      readConditions(objects, object);
      return;
    case 'AlertCondition':
      readCondition(object);
      return;
    case 'AlertNotificationTarget':
      requiredText(object.reading, [...object.path, 'spec', 'target']);
      return;
    case 'DataSource':
      requiredText(object.reading, [...object.path, 'spec', 'type']);
      return;
    default:
      return;
  }
}

function serviceWith(objects: Objects, name: string, slos: readonly SloDraft[]): Service | undefined {
  const object = [...objects.values()].find((each) => each.kind === 'Service' && plainName(each.name) === name);
  if (object === undefined) return serviceOf({ name, slos });
  const description = textAt(object.reading, [...object.path, 'spec', 'description']);
  const annotations = annotationsOf(object);
  const job = annotations.get('job');
  return serviceOf({
    name,
    title: titleOf(object) ?? name,
    ...(description === undefined || description === '' ? {} : { description }),
    owner: annotations.get('owner') ?? '',
    ...(job === undefined ? {} : { job }),
    slos,
  });
}

function readSlo(objects: Objects, object: OpensloObject): readonly SloDraft[] {
  const { reading, path, version } = object;
  const spec = [...path, 'spec'];
  const name = nameAt(reading, [...path, 'metadata', 'name']);
  const description = textAt(reading, [...spec, 'description']);
  const period = readWindow(object);
  readMethod(object);
  const shared = version === 'v1alpha' ? undefined : readSli(objects, object);
  const alerts = readPolicies(objects, object);
  const labels = readLabels(object);
  const items = itemsAt(reading, [...spec, 'objectives']);
  if (items.length === 0) reportMissing(reading, [...spec, 'objectives']);
  return items.flatMap((item, index) => {
    const objective = readObjective(object, item, shared);
    if (name === undefined || period === undefined || objective === undefined || alerts === undefined) return [];
    // Ours have one target each; further ones become objectives of their own.
    const suffix = objectiveSuffix(textAt(reading, [...item, 'displayName']), index, items.length);
    return [
      {
        reading,
        path: item,
        ...settingsOf(object),
        ...objective,
        name: `${name}${suffix}`,
        title: titleOf(object) ?? `${name}${suffix}`,
        ...(description === undefined || description === '' ? {} : { description }),
        period,
        alerts,
        labels,
      },
    ];
  });
}

/** What our annotations say. */
function settingsOf(object: OpensloObject): Partial<Slo> {
  const annotations = annotationsOf(object);
  const minimum = annotations.get('minimum-bad-events');
  const noData = annotations.get('no-data');
  const absentFor = parseDuration(annotations.get('absent-for') ?? '');
  const runbook = annotations.get('runbook');
  return {
    ...(minimum === undefined || !/^\d+(\.\d+)?$/.test(minimum) ? {} : { minimumBadEvents: Number(minimum) }),
    ...(noData === 'good' || noData === 'bad' ? { noData } : {}),
    ...(absentFor === undefined ? {} : { absentFor }),
    ...(runbook === undefined ? {} : { runbook }),
  };
}

function readLabels({ reading, path, version }: OpensloObject): ReadonlyMap<string, string> {
  const at = [...path, 'metadata', 'labels'];
  const places = new Map<string, { value: string; path: YamlPath }>();
  // Version 1 has lists of values, the others single ones.
  const lists = version === 'v1' && isThere(reading, at);
  if (!lists) for (const [label, value] of wordsAt(reading, at)) places.set(label, { value, path: [...at, label] });
  else {
    for (const label of keysAt(reading, at)) {
      const place = [...at, label];
      const values = isList(reading, place) ? itemsAt(reading, place) : [place];
      const [first, second] = values;
      const value = first === undefined ? undefined : textAt(reading, first);
      if (second !== undefined)
        sayLost(
          reading,
          place,
          `of the values of \`${label}\` only the first is kept`,
          'a label of an alert has one value',
        );
      if (value !== undefined) places.set(label, { value, path: place });
    }
  }
  return keepLabels(reading, places);
}

function keysAt(reading: Reading, path: YamlPath): readonly string[] {
  const node = nodeAt(reading.root, path);
  return node?.kind === 'map' ? node.entries.map(({ key }) => key) : [];
}

function isList(reading: Reading, path: YamlPath): boolean {
  return nodeAt(reading.root, path)?.kind === 'list';
}

function readMethod({ reading, path }: OpensloObject): void {
  const at = [...path, 'spec', 'budgetingMethod'];
  const method = requiredText(reading, at);
  if (method === undefined || method === 'Occurrences') return;
  if (method === 'Timeslices' || method === 'RatioTimeslices') {
    sayUnsupported(
      reading,
      at,
      'a budget of time slices is not supported: objectives count events',
      'write `Occurrences` if each request shall count the same',
    );
    return;
  }
  say(reading, at, 'error', 'dialect/type', `\`${method}\` is no budgeting method`, 'write `Occurrences`');
}

function readWindow({ reading, path, version }: OpensloObject): Period | undefined {
  const key = version === 'v1alpha' ? 'timeWindows' : 'timeWindow';
  const [at, second] = itemsAt(reading, [...path, 'spec', key]);
  if (at === undefined) {
    reportMissing(reading, [...path, 'spec', key]);
    return undefined;
  }
  if (second !== undefined)
    say(reading, second, 'error', 'dialect/type', 'an objective has one time window', 'make an objective of each');
  checkKeys(
    reading,
    at,
    version === 'v1alpha' ? ['unit', 'count', 'isRolling', 'calendar'] : ['duration', 'isRolling', 'calendar'],
  );
  const rolling = flagAt(reading, [...at, 'isRolling']);
  if (isThere(reading, [...at, 'calendar']) || rolling === false) {
    return sayUnsupported(
      reading,
      isThere(reading, [...at, 'calendar']) ? [...at, 'calendar'] : [...at, 'isRolling'],
      'a calendar period is not supported: objectives are judged over the time up to now',
      'write `isRolling: true` and leave `calendar` out',
    );
  }
  if (rolling === undefined)
    reportKey(reading, at, {
      severity: 'info',
      code: 'dialect/assumed',
      message: 'the time window is taken for a rolling one',
      help: 'write `isRolling: true` to say so',
    });
  if (version !== 'v1alpha') return periodAt(reading, [...at, 'duration']);
  const unit = requiredText(reading, [...at, 'unit']);
  const count = requiredText(reading, [...at, 'count']);
  if (unit === undefined || count === undefined) return undefined;
  const days = { hour: 1 / 24, day: 1, week: 7 }[unit.toLowerCase()];
  if (days === undefined || !/^\d{1,5}$/.test(count))
    return sayUnsupported(
      reading,
      [...at, 'unit'],
      `\`${count} ${unit}\` is no fixed length of time`,
      'write days or weeks',
    );
  const length = duration(Math.round(Number(count) * days * 86_400_000));
  return { kind: 'rolling', length };
}

function readObjective(
  { reading, version }: OpensloObject,
  path: YamlPath,
  shared: Indicator | undefined,
): { readonly indicator: Indicator; readonly target: Target } | undefined {
  const common = ['displayName', 'op', 'value', 'target', 'timeSliceTarget', 'timeSliceWindow'];
  checkKeys(
    reading,
    path,
    version === 'v1alpha'
      ? [...common, 'ratioMetrics']
      : [...common, 'targetPercent', 'indicator', 'indicatorRef', 'sli', 'sliRef', 'compositeWeight'],
  );
  for (const key of ['indicator', 'indicatorRef', 'sli', 'sliRef', 'compositeWeight'])
    if (isThere(reading, [...path, key]))
      return sayUnsupported(
        reading,
        [...path, key],
        'an objective made of several indicators is not supported',
        'make an SLO of each',
      );
  const target = readObjectiveTarget(reading, path);
  if (version !== 'v1alpha')
    return target === undefined || shared === undefined ? undefined : { indicator: shared, target };
  if (!isThere(reading, [...path, 'ratioMetrics'])) {
    return sayUnsupported(
      reading,
      path,
      'an indicator that compares a measured value with a threshold has no events to count',
      'write `ratioMetrics` of counters',
    );
  }
  const indicator = readAlphaRatio(reading, [...path, 'ratioMetrics']);
  return target === undefined || indicator === undefined ? undefined : { indicator, target };
}

function readObjectiveTarget(reading: Reading, path: YamlPath): Target | undefined {
  if (!isThere(reading, [...path, 'targetPercent'])) return targetAt(reading, [...path, 'target'], 'fraction');
  if (isThere(reading, [...path, 'target']))
    say(
      reading,
      [...path, 'targetPercent'],
      'error',
      'dialect/type',
      '`target` and `targetPercent` are both given',
      'keep one',
    );
  return targetAt(reading, [...path, 'targetPercent'], 'percent');
}
