import type { PolicyStatus, SloSummary } from '../../core/api/index.ts';
import type { ErrorBudgetPolicy, PolicyState, Service } from '../../core/slo/index.ts';

/** What each policy of a service asks for at the budgets as they stand. */
export function policyStatuses(service: Service, slos: readonly SloSummary[]): readonly PolicyStatus[] {
  return service.policies.flatMap((policy) => {
    const watched = slos.filter(({ name }) => policy.slos.includes(name));
    return policy.combine === 'each'
      ? watched.map((slo) => statusOf(policy, [slo], slo.name))
      : [statusOf(policy, watched, null)];
  });
}

function statusOf(policy: ErrorBudgetPolicy, slos: readonly SloSummary[], slo: string | null): PolicyStatus {
  const { name, title } = policy;
  // Old figures decide nothing.
  const known = slos.flatMap(({ title: of, budget, outdated }) =>
    budget.remainingRatio === null || outdated ? [] : [{ of, left: budget.remainingRatio }],
  );
  const [worst] = known.toSorted((a, b) => a.left - b.left);
  if (worst === undefined)
    return { name, title, slo, state: null, reason: 'none of its budgets is known', actions: [] };
  const state = stateAt(policy.states, worst.left);
  const unknown = slos.length - known.length;
  const rest = unknown === 0 ? '' : `; nothing is known about ${unknown} more`;
  const whose = known.length === 1 ? worst.of : `${worst.of}, the worst of ${known.length},`;
  return {
    name,
    title,
    slo,
    state: state?.name ?? null,
    reason: `${whose} has ${leftText(worst.left)}${rest}`,
    actions: state?.actions ?? [],
  };
}

/** A state holds above its lower end; the last one has none. */
function stateAt(states: readonly PolicyState[], left: number): PolicyState | undefined {
  return states.find(({ above }) => above === undefined || above < left);
}

/** Rounded down: a budget that is almost spent is not said to be there. */
function leftText(left: number): string {
  if (left < 0) return `overspent its budget by ${Math.ceil(-left * 1000 - 1e-9) / 10}%`;
  return `${Math.floor(left * 1000 + 1e-9) / 10}% of its budget left`;
}
