import { type Duration, duration, parseDuration } from '../../base/index.ts';
import { type BurnRateTier, shortWindowOf } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey } from '../definition/reading.ts';
import { checkKeys, flagAt, isThere, itemsAt, requiredText, say, sayLost, textAt } from '../dialect-reading.ts';
import { sayUnsupported } from '../dialect-service.ts';
import { oneOf, textsByName } from './annotations.ts';
import { readLabels } from './labels.ts';
import { annotationPrefix, annotationsOf, follow, type Objects, type OpensloObject, readInline } from './objects.ts';
import { operatorOf } from './threshold.ts';

/** The burn-rate alerts of an objective's policies, fastest first. */
export function readPolicies(objects: Objects, slo: OpensloObject): readonly BurnRateTier[] | undefined {
  const { reading, path } = slo;
  const items = itemsAt(reading, [...path, 'spec', 'alertPolicies']);
  const tiers = items.map((item) => {
    const policy = readPolicy(objects, slo, item);
    if (policy === 'elsewhere') return [];
    return policy === undefined ? undefined : readConditions(objects, policy);
  });
  if (tiers.some((each) => each === undefined)) return undefined;
  return tiers.flatMap((each) => each ?? []).toSorted((a, b) => a.longWindow - b.longWindow || b.burnRate - a.burnRate);
}

function readPolicy(objects: Objects, { reading, version }: OpensloObject, path: YamlPath): ReturnType<typeof follow> {
  if (isThere(reading, [...path, 'alertPolicyRef'])) {
    checkKeys(reading, path, ['alertPolicyRef']);
    return follow(objects, reading, [...path, 'alertPolicyRef'], 'AlertPolicy');
  }
  // Early documents of version 1 write the bare name.
  if (!isThere(reading, [...path, 'spec']) && !isThere(reading, [...path, 'kind']))
    return follow(objects, reading, path, 'AlertPolicy');
  return readInline(reading, path, version, 'AlertPolicy');
}

/** Checks a policy by itself, as it stands in a document; undefined if it has an error. */
export function readConditions(objects: Objects, policy: OpensloObject): readonly BurnRateTier[] | undefined {
  const { reading, path, version } = policy;
  const spec = [...path, 'spec'];
  for (const flag of ['alertWhenNoData', 'alertWhenResolved'])
    if (flagAt(reading, [...spec, flag]) === true)
      sayLost(
        reading,
        [...spec, flag],
        `\`${flag}\` is not kept`,
        'say by `absentFor:` how long series may be missing',
      );
  for (const item of itemsAt(reading, [...spec, 'notificationTargets'])) readTarget(objects, policy, item);
  const items = itemsAt(reading, [...spec, 'conditions']);
  if (items.length === 0) {
    say(reading, [...spec, 'conditions'], 'error', 'dialect/missing-key', '`conditions` is missing', 'add one');
    return undefined;
  }
  const off = flagAt(reading, [...spec, 'alertWhenBreaching']) === false;
  const tiers = items.map((item) => {
    const isReference = isThere(reading, [...item, 'conditionRef']);
    if (isReference) checkKeys(reading, item, ['conditionRef']);
    const condition = isReference
      ? follow(objects, reading, [...item, 'conditionRef'], 'AlertCondition')
      : readInline(reading, item, version, 'AlertCondition');
    if (condition === 'elsewhere') return 'left out';
    return condition === undefined ? undefined : readCondition(condition);
  });
  if (tiers.includes(undefined)) return undefined;
  return off ? [] : tiers.flatMap((tier) => (tier === undefined || tier === 'left out' ? [] : [tier]));
}

function readTarget(objects: Objects, { reading, version }: OpensloObject, path: YamlPath): void {
  const isReference = isThere(reading, [...path, 'targetRef']);
  if (isReference) checkKeys(reading, path, ['targetRef']);
  const at = [...path, isReference ? 'targetRef' : 'metadata'];
  const target = isReference
    ? objects.get('AlertNotificationTarget', textAt(reading, [...path, 'targetRef']) ?? '')
    : readInline(reading, path, version, 'AlertNotificationTarget');
  const name = target?.name ?? textAt(reading, [...path, 'targetRef']) ?? '';
  const channel = target === undefined ? undefined : textAt(target.reading, [...target.path, 'spec', 'target']);
  // Alerts go to Alertmanager anyway, and what we write says so.
  if (channel === ownTarget) return;
  if (target === undefined)
    say(
      reading,
      at,
      'warning',
      'dialect/reference',
      `there is no AlertNotificationTarget \`${name}\`, and nobody is noted as a contact`,
      'give the file that has it as well',
    );
  else
    reportKey(reading, at, {
      severity: 'info',
      code: 'dialect/assumed',
      message: `\`${name}\` becomes a contact; where its alerts go is up to Alertmanager`,
      help: 'write `notifications:` with a route by the labels of the alerts',
    });
}

/** What we write as the target of notifications: the Alertmanager behind Prometheus. */
export const ownTarget = 'alertmanager';

/** Reads one condition: how fast the budget burns over one window. One that is met while it burns slowly is told and left out. */
export function readCondition(condition: OpensloObject): BurnRateTier | 'left out' | undefined {
  const { reading, path } = condition;
  const at = [...path, 'spec', 'condition'];
  if (!checkKeys(reading, at, ['kind', 'op', 'threshold', 'lookbackWindow', 'alertAfter'])) {
    say(reading, at, 'error', 'dialect/missing-key', '`condition` is missing', 'add it');
    return undefined;
  }
  const kind = requiredText(reading, [...at, 'kind']);
  if (kind !== undefined && kind !== 'burnrate')
    return sayUnsupported(reading, [...at, 'kind'], `alerts of the kind \`${kind}\` are not known`, 'write `burnrate`');
  const op = textAt(reading, [...at, 'op']);
  if (op !== undefined && operatorOf(op) === undefined) {
    const message = `\`${op}\` is no comparison`;
    say(reading, [...at, 'op'], 'error', 'dialect/type', message, 'write lt, lte, gt or gte');
    return undefined;
  }
  if (op === 'gte')
    reportKey(reading, [...at, 'op'], {
      severity: 'info',
      code: 'dialect/assumed',
      message: 'the alert fires above the rate, not at it',
      help: 'nothing is to be done',
    });
  const threshold = requiredText(reading, [...at, 'threshold']);
  const burnRate = Number(threshold);
  if (threshold !== undefined && !(0 < burnRate && Number.isFinite(burnRate)))
    say(
      reading,
      [...at, 'threshold'],
      'error',
      'dialect/type',
      `\`${threshold}\` is no burn rate`,
      'write for example 14.4',
    );
  const longWindow = lengthAt(reading, [...at, 'lookbackWindow']);
  const holdFor = isThere(reading, [...at, 'alertAfter']) ? lengthAt(reading, [...at, 'alertAfter']) : duration(0);
  const severity = severityOf(condition);
  if (threshold === undefined || !(0 < burnRate) || longWindow === undefined || holdFor === undefined) return undefined;
  if (kind === undefined || longWindow === 0) return undefined;
  if (op === 'lt' || op === 'lte') {
    const message = `an alert while the budget burns at ${burnRate} or less fires when all is well, and is left out`;
    sayLost(reading, [...at, 'op'], message, 'write `gt`');
    return 'left out';
  }
  return {
    severity,
    longWindow,
    shortWindow: shortWindow(condition, longWindow),
    burnRate,
    holdFor,
    ...tierWords(condition),
  };
}

const profiles = ['standard', 'enhanced', 'maximum'] as const;

/** What OpenSLO has no keys for, and the labels of the condition. */
function tierWords(condition: OpensloObject): Partial<BurnRateTier> {
  const annotations = annotationsOf(condition);
  const labels = readLabels(condition);
  const words = readWords(condition, annotations.get('annotations'));
  const keepFiringFor = parseDuration(annotations.get('keep-firing-for') ?? '');
  const name = annotations.get('alert-name');
  const profile = oneOf(profiles)(annotations.get('profile') ?? '');
  return {
    ...(keepFiringFor === undefined ? {} : { keepFiringFor }),
    ...(name === undefined ? {} : { name }),
    ...(profile === undefined ? {} : { profile }),
    ...(labels.size === 0 ? {} : { labels }),
    ...(words.size === 0 ? {} : { annotations: words }),
  };
}

/** The annotations of the alert, which stand in one of the condition as JSON. */
function readWords({ reading, path }: OpensloObject, text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) return new Map();
  const words = textsByName(text);
  if (words !== undefined) return words;
  const at = [...path, 'metadata', 'annotations', `${annotationPrefix}annotations`];
  const message = `\`${text}\` is no map of annotations`;
  say(reading, at, 'error', 'dialect/type', message, 'write what `nines export` writes, or remove it');
  return new Map();
}

function shortWindow(condition: OpensloObject, longWindow: Duration): Duration {
  const { reading, path } = condition;
  const written = annotationsOf(condition).get('short-window');
  const annotated = written === undefined ? undefined : parseDuration(written);
  if (annotated !== undefined) return annotated;
  reportKey(reading, [...path, 'spec', 'condition', 'lookbackWindow'], {
    severity: 'info',
    code: 'dialect/assumed',
    message: 'a short window is added, a twelfth of this one, so that the alert ends soon after the trouble',
    help: 'nothing is to be done',
  });
  return shortWindowOf(longWindow);
}

function severityOf({ reading, path }: OpensloObject): BurnRateTier['severity'] {
  const at = [...path, 'spec', 'severity'];
  const word = (requiredText(reading, at) ?? '').toLowerCase();
  if (word === 'page' || word === 'ticket' || word === 'info') return word;
  const meant = /crit|high|emerg|sev-?[01]$/.test(word) ? 'page' : /info|low/.test(word) ? 'info' : 'ticket';
  if (word !== '')
    say(
      reading,
      at,
      'info',
      'dialect/assumed',
      `the severity \`${word}\` becomes \`${meant}\``,
      'check that it is what you mean',
    );
  return meant;
}

function lengthAt(reading: Reading, path: YamlPath): Duration | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  if (length === undefined)
    say(reading, path, 'error', 'dialect/type', `\`${text}\` is no length of time`, 'write for example `1h`');
  return length;
}
