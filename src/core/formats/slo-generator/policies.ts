import { duration, formatDuration, ratio, second } from '../../base/index.ts';
import {
  type BurnRateTier,
  type ErrorBudgetPolicy,
  type PolicyState,
  type Slo,
  shortWindowOf,
} from '../../slo/index.ts';
import { nodeAt, type YamlNode, type YamlPath } from '../../yaml/index.ts';
import { alternatives, type Reading, reportKey, writtenAt } from '../definition/reading.ts';
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
} from '../dialect-reading.ts';
import { plainName } from '../dialect-service.ts';

/** An error budget policy of slo-generator's configuration: what it alerts on, over what period, and what is done when the budget is spent. */
export interface StepPolicy {
  readonly name: string;
  readonly period: Slo['period'];
  readonly alerts: readonly BurnRateTier[];
  /** What people do while the budget lasts, and when it is spent. */
  readonly words?: { readonly fine: string; readonly spent: string };
}

/** Whether a document is slo-generator's configuration, which has its error budget policies. */
export function isConfiguration(root: YamlNode): boolean {
  return root.kind === 'map' && root.entries.some(({ key }) => key === 'error_budget_policies');
}

/** The policies of configurations by name. Those of other files are looked up without a word about them. */
export function readStepPolicies(
  own: readonly Reading[],
  pool: readonly YamlNode[],
): ReadonlyMap<string, StepPolicy | undefined> {
  const beside = configurationsIn(pool).map(
    (root): Reading => ({ text: '', root, diagnostics: [], misspelt: new Set() }),
  );
  const found = new Map<string, StepPolicy | undefined>();
  for (const reading of [...beside, ...own]) {
    const node = nodeAt(reading.root, ['error_budget_policies']);
    if (node?.kind !== 'map') {
      say(reading, ['error_budget_policies'], 'error', 'dialect/type', 'this must be a map of policies', 'name them');
      continue;
    }
    for (const { key } of node.entries) found.set(key, readPolicy(reading, ['error_budget_policies', key], key));
  }
  return found;
}

/** The configurations of each pool, looked for once for all files that refer to them. */
const pools = new WeakMap<readonly YamlNode[], readonly YamlNode[]>();

function configurationsIn(pool: readonly YamlNode[]): readonly YamlNode[] {
  const found = pools.get(pool) ?? pool.filter(isConfiguration);
  pools.set(pool, found);
  return found;
}

interface Step {
  readonly name: string;
  readonly window: number;
  readonly burnRate: number;
  readonly alerts: boolean;
  readonly message: string;
  readonly messageOk: string;
}

function readPolicy(reading: Reading, path: YamlPath, name: string): StepPolicy | undefined {
  if (!checkKeys(reading, path, ['steps'])) return undefined;
  const items = itemsAt(reading, [...path, 'steps']);
  if (items.length === 0) reportMissing(reading, [...path, 'steps']);
  const read = items.map((item) => readStep(reading, item));
  const steps = read.flatMap((step) => step ?? []).toSorted((a, b) => a.window - b.window);
  const last = steps.at(-1);
  if (last === undefined || steps.length < read.length) return undefined;
  sayUnheard(reading, [...path, 'steps'], steps, last);
  const alerts = steps.filter((step) => step.alerts && step !== last).map(tierOf);
  const policy = {
    name: plainName(name),
    period: { kind: 'rolling', length: duration(last.window * second) },
    alerts,
  } as const;
  // Burning at the rate of one over the whole period is having spent the budget.
  const isBudget = last.burnRate === 1 && last.message !== '';
  return isBudget ? { ...policy, words: { fine: last.messageOk, spent: last.message } } : policy;
}

function readStep(reading: Reading, path: YamlPath): Step | undefined {
  checkKeys(reading, path, ['name', 'window', 'burn_rate_threshold', 'alert', 'message_alert', 'message_ok']);
  const [window, burnRate] = ['window', 'burn_rate_threshold'].map((key) => {
    const text = requiredText(reading, [...path, key]);
    const value = Number(text);
    if (text === undefined) return undefined;
    if (0 < value && Number.isFinite(value)) return value;
    say(reading, [...path, key], 'error', 'dialect/type', `\`${key}\` is a number above 0`, 'write for example 3600');
    return undefined;
  });
  const alerts = flagAt(reading, [...path, 'alert']) === true;
  if (window === undefined || burnRate === undefined) return undefined;
  return {
    name: textAt(reading, [...path, 'name']) ?? formatDuration(duration(window * second)),
    window,
    burnRate,
    alerts,
    message: writtenAt(reading, [...path, 'message_alert']),
    messageOk: writtenAt(reading, [...path, 'message_ok']),
  };
}

/** What the message calls a ticket is one; other alerts page. */
function tierOf({ window, burnRate, message }: Step): BurnRateTier {
  const longWindow = duration(window * second);
  const severity = /\b(?:ticket|issue|jira)\b/i.test(message) ? 'ticket' : 'page';
  return { severity, longWindow, shortWindow: shortWindowOf(longWindow), burnRate, holdFor: duration(0) };
}

/** Steps that alert nobody are figures on a board; one over the whole period says what a spent budget means. */
function sayUnheard(reading: Reading, path: YamlPath, steps: readonly Step[], last: Step): void {
  const silent = steps.filter((step) => step !== last && !step.alerts).map(({ name }) => name);
  if (last.alerts || last.burnRate !== 1) silent.push(last.name);
  if (silent.length === 0) return;
  const subject = silent.length === 1 ? 'the step' : 'the steps';
  const [verb, pronoun] = silent.length === 1 ? ['is', 'it alerts'] : ['are', 'they alert'];
  const names = alternatives(silent).replace(' or ', ' and ');
  const message = `${subject} ${names} ${verb} not kept: ${pronoun} nobody, or over the whole period`;
  sayLost(reading, path, message, 'write what is done then as a state under `policies:`');
}

/** A policy as one of ours: what people do stands in it in words. */
export function budgetPolicyOf({ name, words }: StepPolicy, slos: readonly string[]): ErrorBudgetPolicy | undefined {
  if (words === undefined) return undefined;
  return {
    name,
    title: name,
    slos,
    combine: 'each',
    wording: 'remaining',
    states: [{ ...stateOf('fine', words.fine), above: ratio(0) }, stateOf('spent', words.spent)],
    exceptions: [],
  };
}

function stateOf(name: string, action: string): PolicyState {
  return {
    name,
    actions: action === '' ? [] : [action],
    changes: { low: 'allow', medium: 'allow', high: 'allow' },
    always: [],
    profile: 'standard',
    notify: [],
    opensIncident: false,
  };
}

/** Says what an objective gets from its policy, or from nowhere; gives the policy's part of it. */
export function policyAt(
  reading: Reading,
  policies: ReadonlyMap<string, StepPolicy | undefined>,
): StepPolicy | undefined {
  const at = ['spec', 'error_budget_policy'];
  const isNamed = isThere(reading, at);
  const name = isNamed ? (textAt(reading, at) ?? '') : 'default';
  const policy = policies.get(name);
  if (policy !== undefined) return policy;
  if (isNamed && !policies.has(name) && 0 < policies.size) {
    say(reading, at, 'error', 'dialect/reference', `there is no error budget policy \`${name}\``, 'correct the name');
    return undefined;
  }
  reportKey(reading, isNamed ? at : ['spec', 'goal'], {
    severity: 'info',
    code: 'dialect/assumed',
    message:
      'the format keeps periods and alerts in another file; thirty days and the alerts of the workbook are taken',
    help: 'give the file with `error_budget_policies` as well, or write `period:` and `alerts:` if they differ',
  });
  return undefined;
}
