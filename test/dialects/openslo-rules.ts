import { parseAllDocuments } from 'yaml';

/** Any part of a document. */
type Part = Readonly<Record<string, unknown>>;

/**
 * What OpenSLO's own validation of version 1 would refuse in documents, each with its place. The rules are those of its software development
 * kit for Go (pkg/openslo/v1), in our words.
 */
export function opensloFaults(written: string): readonly string[] {
  const faults: string[] = [];
  const documents = parseAllDocuments(written).map((each) => partOf(each.toJS()));
  for (const [index, document] of documents.entries()) {
    const say = (place: string, what: string): void => void faults.push(`${index}${place}: ${what}`);
    if (document['apiVersion'] !== 'openslo/v1') say('/apiVersion', 'no openslo/v1');
    checkObject(String(document['kind']), document, '', say);
  }
  const slis = new Set(documents.flatMap((each) => (each['kind'] === 'SLI' ? [nameOf(each)] : [])));
  for (const reference of written.matchAll(/indicatorRef: (\S+)/g))
    if (!slis.has(reference[1] ?? '')) faults.push(`there is no SLI ${reference[1]}`);
  return faults;
}

type Say = (place: string, what: string) => void;

const checks: Readonly<Record<string, (spec: Part, place: string, say: Say) => void>> = {
  SLO: checkSlo,
  SLI: checkSli,
  AlertPolicy: checkPolicy,
  AlertCondition: checkCondition,
  AlertNotificationTarget: (spec, place, say) => {
    if (!isText(spec['target'])) say(`${place}/target`, 'required');
  },
  Service: () => undefined,
};

function checkObject(kind: string, object: Part, place: string, say: Say): void {
  checkMetadata(partOf(object['metadata']), `${place}/metadata`, say);
  const spec = partOf(object['spec']);
  if (String(spec['description'] ?? '').length > 1050) say(`${place}/spec/description`, 'longer than 1050');
  const check = checks[kind];
  if (check === undefined) say(`${place}/kind`, `unknown ${kind}`);
  else check(spec, `${place}/spec`, say);
}

const labelKey = /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const annotationKey =
  /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

function checkMetadata(metadata: Part, place: string, say: Say): void {
  const { name, displayName, labels, annotations } = metadata;
  if (!isDnsLabel(name)) say(`${place}/name`, `no DNS label: ${name}`);
  if (displayName !== undefined && !(isText(displayName) && displayName.length <= 63))
    say(`${place}/displayName`, 'no text of at most 63 characters');
  for (const [key, values] of Object.entries(partOf(labels ?? {}))) {
    if (!labelKey.test(key)) say(`${place}/labels`, `no label: ${key}`);
    if (!(isText(values) || (Array.isArray(values) && values.every((each) => typeof each === 'string'))))
      say(`${place}/labels/${key}`, 'no list of texts');
  }
  for (const [key, value] of Object.entries(partOf(annotations ?? {}))) {
    if (!annotationKey.test(key)) say(`${place}/annotations`, `no annotation: ${key}`);
    if (typeof value !== 'string') say(`${place}/annotations/${key}`, 'no text');
  }
}

function checkSlo(spec: Part, place: string, say: Say): void {
  const objectives = listOf(spec['objectives']);
  const own = spec['indicator'] !== undefined || spec['indicatorRef'] !== undefined;
  const isComposite = objectives.some((each) => each['indicator'] !== undefined || each['indicatorRef'] !== undefined);
  if (own === isComposite) say(place, 'indicators stand in the specification or in the objectives');
  if (!isText(spec['service'])) say(`${place}/service`, 'required');
  checkIndicator(spec, place, say);
  const method = String(spec['budgetingMethod']);
  if (!['Occurrences', 'Timeslices', 'RatioTimeslices'].includes(method)) say(`${place}/budgetingMethod`, method);
  const windows = listOf(spec['timeWindow']);
  if (windows.length !== 1) say(`${place}/timeWindow`, 'not one');
  for (const window of windows) checkWindow(window, `${place}/timeWindow`, say);
  for (const [index, objective] of objectives.entries()) {
    const at = `${place}/objectives/${index}`;
    const { op, target, targetPercent, timeSliceTarget, timeSliceWindow, compositeWeight } = objective;
    if (op !== undefined && !operators.has(op)) say(at, `op ${op}`);
    if ((target === undefined) === (targetPercent === undefined)) say(at, 'target or targetPercent');
    if (target !== undefined && !(typeof target === 'number' && 0 <= target && target < 1)) say(at, `target ${target}`);
    if (
      method === 'Timeslices' &&
      !(typeof timeSliceTarget === 'number' && 0 < timeSliceTarget && timeSliceTarget <= 1)
    )
      say(at, `timeSliceTarget ${timeSliceTarget}`);
    if (method !== 'Occurrences' && !isLength(timeSliceWindow)) say(at, `timeSliceWindow ${timeSliceWindow}`);
    if (isComposite && compositeWeight !== undefined && !(Number(compositeWeight) > 0)) say(at, 'compositeWeight');
    checkIndicator(objective, at, say);
  }
  for (const [index, policy] of listOf(spec['alertPolicies']).entries())
    checkReferred('AlertPolicy', 'alertPolicyRef', policy, `${place}/alertPolicies/${index}`, say);
}

function checkIndicator(holder: Part, place: string, say: Say): void {
  const { indicator, indicatorRef } = holder;
  if (indicator !== undefined && indicatorRef !== undefined) say(place, 'indicator and indicatorRef');
  if (indicatorRef !== undefined && !isDnsLabel(indicatorRef)) say(`${place}/indicatorRef`, String(indicatorRef));
  if (indicator !== undefined) checkObject('SLI', partOf(indicator), `${place}/indicator`, say);
}

function checkWindow(window: Part, place: string, say: Say): void {
  const { duration, isRolling, calendar } = window;
  if (!isLength(duration)) say(place, `duration ${duration}`);
  if ((isRolling === true) === (calendar !== undefined)) say(place, 'rolling or of the calendar');
  if (calendar === undefined) return;
  const { startTime, timeZone } = partOf(calendar);
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(startTime))) say(place, `startTime ${startTime}`);
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(timeZone) });
  } catch {
    say(place, `timeZone ${timeZone}`);
  }
}

function checkSli(spec: Part, place: string, say: Say): void {
  const { thresholdMetric, ratioMetric } = spec;
  if ((thresholdMetric === undefined) === (ratioMetric === undefined)) say(place, 'one of both metrics');
  if (thresholdMetric !== undefined) checkMetric(thresholdMetric, `${place}/thresholdMetric`, say);
  if (ratioMetric === undefined) return;
  const { counter, good, bad, total, raw, rawType } = partOf(ratioMetric);
  const at = `${place}/ratioMetric`;
  if (counter !== undefined && typeof counter !== 'boolean') say(at, `counter ${counter}`);
  if ((total === undefined) === (raw === undefined)) say(at, 'total or raw');
  const parts = [good, bad, raw].filter((each) => each !== undefined);
  if (parts.length !== 1) say(at, 'one of good, bad and raw');
  if (raw !== undefined && rawType !== 'success' && rawType !== 'failure') say(at, `rawType ${rawType}`);
  for (const metric of [good, bad, total, raw]) if (metric !== undefined) checkMetric(metric, at, say);
}

function checkMetric(metric: unknown, place: string, say: Say): void {
  const { metricSourceRef, spec } = partOf(partOf(metric)['metricSource']);
  if (metricSourceRef !== undefined && !isDnsLabel(metricSourceRef)) say(place, `metricSourceRef ${metricSourceRef}`);
  if (Object.keys(partOf(spec)).length === 0) say(place, 'metricSource has no spec');
}

function checkPolicy(spec: Part, place: string, say: Say): void {
  const conditions = listOf(spec['conditions']);
  const targets = listOf(spec['notificationTargets']);
  if (conditions.length !== 1) say(`${place}/conditions`, 'not one');
  if (targets.length === 0) say(`${place}/notificationTargets`, 'none');
  for (const each of conditions) checkReferred('AlertCondition', 'conditionRef', each, `${place}/conditions`, say);
  for (const each of targets) checkReferred('AlertNotificationTarget', 'targetRef', each, `${place}/targets`, say);
}

/** A reference, or the object itself with its kind. */
function checkReferred(kind: string, key: string, item: Part, place: string, say: Say): void {
  const isInline = item['spec'] !== undefined;
  if (isInline === (item[key] !== undefined)) say(place, `${key} or spec`);
  if (!isInline && !isDnsLabel(item[key])) say(place, `${key} ${item[key]}`);
  if (!isInline) return;
  if (item['kind'] !== kind) say(`${place}/kind`, String(item['kind']));
  checkObject(kind, item, place, say);
}

function checkCondition(spec: Part, place: string, say: Say): void {
  if (!isText(spec['severity'])) say(`${place}/severity`, 'required');
  const { kind, op, threshold, lookbackWindow, alertAfter } = partOf(spec['condition']);
  if (kind !== 'burnrate') say(place, `kind ${kind}`);
  if (!operators.has(op)) say(place, `op ${op}`);
  if (typeof threshold !== 'number') say(place, `threshold ${threshold}`);
  if (!isLength(lookbackWindow)) say(place, `lookbackWindow ${lookbackWindow}`);
  if (alertAfter !== undefined && !isLength(alertAfter)) say(place, `alertAfter ${alertAfter}`);
}

const operators: ReadonlySet<unknown> = new Set(['gt', 'lt', 'gte', 'lte']);

function isLength(value: unknown): boolean {
  return typeof value === 'string' && /^\d+[mhdwMQY]$/.test(value);
}

function isDnsLabel(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function nameOf(object: Part): string {
  return String(partOf(object['metadata'])['name']);
}

function partOf(value: unknown): Part {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function listOf(value: unknown): readonly Part[] {
  return Array.isArray(value) ? value.map(partOf) : [];
}
