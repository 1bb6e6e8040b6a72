import { type Duration, formatDuration } from '../../base/index.ts';
import type { Contact, Service } from '../../slo/index.ts';
import type { YamlNode, YamlPath } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { isThere, itemsAt, reportMissing, requiredText, textAt } from '../dialect-reading.ts';
import { nameAt, plainName, type SloDraft, sayUnsupported, serviceOf } from '../dialect-service.ts';
import { readCondition, readConditions, readPolicies } from './alerts.ts';
import { criticalities, oneOf, readSloAnnotations } from './annotations.ts';
import { hasOwnIndicators, readComposite } from './composite.ts';
import { contactOf, contactsOf } from './contacts.ts';
import { readAlphaThreshold, readMetric, readSli } from './indicator.ts';
import { readLabels } from './labels.ts';
import { readMethod, readObjective } from './objective.ts';
import {
  annotationsOf,
  collectObjects,
  descriptionOf,
  type Objects,
  type OpensloObject,
  objectiveSuffix,
  readObject,
  titleOf,
} from './objects.ts';
import type { ReadSli } from './sli.ts';
import { readTimeWindow } from './time-window.ts';

/** What reading OpenSLO objects needs to know. */
export interface OpensloContext {
  /** Further objects that may be referred to. */
  readonly pool: readonly YamlNode[];
  /** Whether these are all, so that a reference that leads nowhere is an error. */
  readonly isComplete: boolean;
  /** The one period that Sloth has, where the documents are meant for it. */
  readonly slothPeriod?: Duration;
}

/** Reads OpenSLO objects; the SLOs of one service become a service. */
export function readOpenslo(
  readings: readonly Reading[],
  { pool, isComplete, slothPeriod }: OpensloContext,
): readonly Service[] {
  const own = readings.flatMap((reading) => readObject(reading) ?? []);
  const objects = collectObjects(own, pool, isComplete);
  const services = new Map<string, { readonly slos: SloDraft[]; readonly told: Contact[] }>();
  const hasObjectives = own.some(({ kind }) => kind === 'SLO');
  for (const object of own) {
    if (object.kind !== 'SLO') {
      // What an objective uses is read there; objects by themselves are decoded so that a library of them can be checked.
      if (!hasObjectives) checkAlone(objects, object);
      continue;
    }
    const name = nameAt(object.reading, serviceKey(object));
    const slos = readSlo(objects, object);
    if (slothPeriod !== undefined) checkSlothPeriod(object, slos, slothPeriod);
    if (name === undefined) continue;
    const service = services.get(name) ?? { slos: [], told: [] };
    services.set(name, service);
    service.slos.push(...slos);
    service.told.push(...contactsOf(objects, object));
  }
  return [...services].flatMap(([name, { slos, told }]) =>
    slos.length === 0 ? [] : (serviceWith(objects, name, slos, told) ?? []),
  );
}

/** Sloth reads objectives of OpenSLO too, but judges all of them over the period that its flag sets. */
function checkSlothPeriod(
  { reading, path, version }: OpensloObject,
  slos: readonly SloDraft[],
  length: Duration,
): void {
  if (slos.every(({ period }) => period?.kind === 'rolling' && period.length === length)) return;
  const key = version === 'v1alpha' ? 'timeWindows' : 'timeWindow';
  const help = 'set the period by `--default-slo-period`, or leave out `--from sloth`: the document is good OpenSLO';
  sayUnsupported(
    reading,
    [...path, 'spec', key, 0],
    `Sloth judges over ${formatDuration(length)}, and over nothing else`,
    help,
  );
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

function serviceWith(
  objects: Objects,
  name: string,
  slos: readonly SloDraft[],
  told: readonly Contact[],
): Service | undefined {
  const object = objects.ofKind('Service').find((each) => plainName(each.name) === name);
  const contacts = contactsIn(objects, name, told);
  if (object === undefined) return serviceOf({ name, contacts, slos });
  const description = descriptionOf(object);
  const annotations = annotationsOf(object);
  const job = annotations.get('job');
  const criticality = oneOf(criticalities)(annotations.get('criticality') ?? '');
  return serviceOf({
    name,
    title: titleOf(object) ?? name,
    ...(description === undefined ? {} : { description }),
    owner: annotations.get('owner') ?? '',
    ...(job === undefined ? {} : { job }),
    ...(criticality === undefined ? {} : { criticality }),
    contacts,
    slos,
  });
}

/** Those that say they are the service's, in their order, and those that its alerts tell. */
function contactsIn(objects: Objects, service: string, told: readonly Contact[]): readonly Contact[] {
  const own = objects
    .ofKind('AlertNotificationTarget')
    .flatMap((object) => (annotationsOf(object).get('service') === service ? (contactOf(object) ?? []) : []));
  return [...new Map([...own, ...told].map((contact) => [contact.name, contact])).values()];
}

function readSlo(objects: Objects, object: OpensloObject): readonly SloDraft[] {
  const { reading, path, version } = object;
  const spec = [...path, 'spec'];
  const name = nameAt(reading, [...path, 'metadata', 'name']);
  const description = descriptionOf(object);
  const period = readTimeWindow(object);
  const method = readMethod(object);
  const items = itemsAt(reading, [...spec, 'objectives']);
  if (items.length === 0) reportMissing(reading, [...spec, 'objectives']);
  const isComposite = hasOwnIndicators(object, items);
  const shared = isComposite ? undefined : readShared(objects, object, items);
  const alerts = readPolicies(objects, object);
  const labels = readLabels(object);
  const settings = readSloAnnotations(object, period?.kind === 'calendar' ? period.timeZone : undefined);
  const read = items.map((item) => (isComposite ? undefined : readObjective(object, item, shared, method)));
  const whole = {
    reading,
    ...(description === undefined ? {} : { description }),
    ...(period === undefined ? {} : { period }),
    ...(alerts === undefined ? {} : { alerts }),
    labels,
    ...settings,
  };
  const title = titleOf(object);
  // The parts are read in any case, so that all that is wrong with them is told.
  const own = { ...whole, name: name ?? '', title: title ?? name ?? '' };
  const parts = isComposite ? readComposite(objects, object, items, method ?? 'Occurrences', own) : [];
  if (name === undefined || period === undefined || alerts === undefined || method === undefined) return [];
  if (isComposite) return parts;
  return items.flatMap((item, index) => {
    const objective = read[index];
    if (objective === undefined) return [];
    // Ours have one target each; further ones become objectives of their own, of one family.
    const displayName = textAt(reading, [...item, 'displayName']);
    const full = `${name}${objectiveSuffix(displayName, index, items.length)}`;
    const isOne = items.length === 1;
    return [
      {
        ...whole,
        path: item,
        ...objective,
        name: full,
        title: isOne || title === undefined ? (title ?? full) : `${title}: ${displayName ?? index + 1}`,
        ...(isOne || version === 'v1alpha' ? {} : { family: name }),
      },
    ];
  });
}

/** What all objectives of an SLO measure; in v1alpha each has ratios of its own. */
function readShared(objects: Objects, object: OpensloObject, items: readonly YamlPath[]): ReadSli | undefined {
  const { reading, path, version } = object;
  if (version !== 'v1alpha') return readSli(objects, object, [...path, 'spec']);
  if (isThere(reading, [...path, 'spec', 'indicator'])) return readAlphaThreshold(object);
  for (const item of items)
    if (!isThere(reading, [...item, 'ratioMetrics'])) reportMissing(reading, [...item, 'ratioMetrics']);
  return undefined;
}
