import { type Ratio, ratio } from '../../../base/index.ts';
import type { ChangeRisk, ErrorBudgetPolicy, PolicyState, Verdict } from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import { type Reading, reportKey, reportValue } from '../reading.ts';
import type { PolicyInput, PolicyStateInput, ServiceDetailsInput, VerdictInput } from './input.ts';
import { checkDate, isWritten, keepKnown, type Names, readShare } from './reading.ts';

/** What a policy may refer to. */
export interface PolicyNames {
  readonly slos: Names;
  readonly contacts: Names;
}

/** Reads the error budget policies. */
export function readPolicies(
  reading: Reading,
  inputs: ServiceDetailsInput['policies'],
  names: PolicyNames,
): readonly ErrorBudgetPolicy[] {
  return Object.entries(inputs ?? {}).map(([name, input]) => readPolicy(reading, name, input, names));
}

function readPolicy(reading: Reading, name: string, input: PolicyInput, names: PolicyNames): ErrorBudgetPolicy {
  const path = ['policies', name];
  const { title = name, description, slos, combine = 'worst', states, exceptions = [] } = input;
  for (const [index, { until }] of exceptions.entries())
    checkDate(reading, [...path, 'exceptions', index, 'until'], until);
  return {
    name,
    title,
    ...(description === undefined ? {} : { description }),
    slos: slos === undefined ? names.slos.known : keepKnown(reading, [...path, 'slos'], slos, names.slos),
    combine,
    wording: Object.values(states).some((state) => state.consumedBelow !== undefined) ? 'consumed' : 'remaining',
    states: readStates(reading, [...path, 'states'], states, names),
    exceptions,
  };
}

/** States must go down, and the last one must take the rest. */
function readStates(
  reading: Reading,
  path: YamlPath,
  inputs: PolicyInput['states'],
  names: PolicyNames,
): readonly PolicyState[] {
  const entries = Object.entries(inputs);
  if (entries.length === 0) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'policy/states',
      message: 'the policy has no states',
      help: 'add for example `healthy: { remainingAbove: 50% }` and `exhausted: {}`',
    });
    return [];
  }
  const wordings = new Set(
    entries.flatMap(([, state]) =>
      (['remainingAbove', 'consumedBelow'] as const).filter((key) => state[key] !== undefined),
    ),
  );
  if (1 < wordings.size) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'policy/states',
      message: 'some states speak of what remains and some of what is consumed',
      help: 'write all bounds with `remainingAbove`, or all with `consumedBelow`',
    });
  }
  let previous = 2;
  return entries.map(([name, state], index) => {
    const place = [...path, name];
    const above = readBound(reading, place, state);
    checkOrder(reading, place, { above, previous, isLast: index === entries.length - 1 });
    previous = above ?? previous;
    return readState(reading, place, name, state, above, names);
  });
}

/** The remaining share above which a state holds, in whichever words it was said. */
function readBound(reading: Reading, path: YamlPath, state: PolicyStateInput): Ratio | undefined {
  if (state.remainingAbove !== undefined) return readShare(reading, [...path, 'remainingAbove']);
  if (state.consumedBelow === undefined) return undefined;
  const consumed = readShare(reading, [...path, 'consumedBelow']);
  return consumed === undefined ? undefined : ratio(Number((1 - consumed).toFixed(12)));
}

interface Position {
  readonly above: Ratio | undefined;
  readonly previous: number;
  readonly isLast: boolean;
}

function checkOrder(reading: Reading, path: YamlPath, { above, previous, isLast }: Position): void {
  const bounded = isWritten(reading, [...path, 'remainingAbove']) || isWritten(reading, [...path, 'consumedBelow']);
  if (isLast && bounded) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'policy/states',
      message: 'the last state has a bound, so that a smaller budget is in no state',
      help: 'add a last state without a bound, such as `exhausted: {}`',
    });
  } else if (!isLast && !bounded) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'policy/states',
      message: 'only the last state has no bound: the states after this one are never reached',
      help: 'add `remainingAbove:` or `consumedBelow:`',
    });
  } else if (above !== undefined && previous <= above) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'policy/states',
      message: 'the state is never reached: the one before it takes all its budgets',
      help: 'order the states from the fullest budget to the emptiest',
    });
  }
}

function readState(
  reading: Reading,
  path: YamlPath,
  name: string,
  state: PolicyStateInput,
  above: Ratio | undefined,
  { contacts }: PolicyNames,
): PolicyState {
  const { description, actions = [], changes, always = [], profile = 'standard', notify = [] } = state;
  const { pace, deploymentsPerDay } = state;
  return {
    name,
    ...(above === undefined ? {} : { above }),
    ...(description === undefined ? {} : { description }),
    actions,
    changes: verdictsOf(changes),
    always,
    ...(pace === undefined ? {} : { pace }),
    ...(deploymentsPerDay === undefined ? {} : { deploymentsPerDay }),
    profile,
    notify: keepKnown(reading, [...path, 'notify'], notify, contacts),
    opensIncident: state.opensIncident ?? false,
  };
}

function verdictsOf(changes: PolicyStateInput['changes']): Readonly<Record<ChangeRisk, Verdict>> {
  if (changes === undefined) return { low: 'allow', medium: 'allow', high: 'allow' };
  if (isVerdict(changes)) return { low: changes, medium: changes, high: changes };
  const { low = 'allow', medium = low, high = medium } = changes;
  return { low, medium, high };
}

function isVerdict(changes: NonNullable<PolicyStateInput['changes']>): changes is VerdictInput {
  return typeof changes === 'string';
}

/** Reports policies that watch no objective. */
export function checkBound(reading: Reading, policies: readonly ErrorBudgetPolicy[]): void {
  for (const { name, slos } of policies) {
    if (0 < slos.length || reading.diagnostics.some(({ severity }) => severity === 'error')) continue;
    reportValue(reading, ['policies', name], {
      severity: 'error',
      code: 'policy/unbound',
      message: `the policy \`${name}\` watches no objective`,
      help: 'list objectives under `slos:`',
    });
  }
}

/** The policies as they are written. */
export function printPolicies(policies: readonly ErrorBudgetPolicy[], slos: readonly string[]): YamlValue | undefined {
  if (policies.length === 0) return undefined;
  return new Map(
    policies.map((policy) => [
      policy.name,
      {
        title: policy.title === policy.name ? undefined : policy.title,
        description: policy.description,
        slos: policy.slos.join('\n') === slos.join('\n') ? undefined : policy.slos,
        combine: policy.combine === 'worst' ? undefined : policy.combine,
        states: new Map(policy.states.map((state) => [state.name, stateOf(state, policy.wording)])),
        exceptions:
          policy.exceptions.length === 0
            ? undefined
            : policy.exceptions.map(({ change, reason, by, until }) => ({ change, reason, by, until })),
      },
    ]),
  );
}

function stateOf(state: PolicyState, wording: ErrorBudgetPolicy['wording']): YamlValue {
  const { above, description, actions, always, pace, deploymentsPerDay, profile, notify, opensIncident } = state;
  const bound = above === undefined ? undefined : wording === 'remaining' ? above : Number((1 - above).toFixed(12));
  return {
    remainingAbove: wording === 'remaining' ? percentage(bound) : undefined,
    consumedBelow: wording === 'consumed' ? percentage(bound) : undefined,
    description,
    actions: actions.length === 0 ? undefined : actions,
    changes: changesOf(state.changes),
    always: always.length === 0 ? undefined : always,
    pace,
    deploymentsPerDay,
    profile: profile === 'standard' ? undefined : profile,
    notify: notify.length === 0 ? undefined : notify,
    opensIncident: opensIncident ? true : undefined,
  };
}

function percentage(bound: number | undefined): string | undefined {
  return bound === undefined ? undefined : `${Number((100 * bound).toFixed(10))}%`;
}

function changesOf({ low, medium, high }: PolicyState['changes']): YamlValue | undefined {
  if (low !== medium || medium !== high) return { low, medium, high };
  return low === 'allow' ? undefined : low;
}
