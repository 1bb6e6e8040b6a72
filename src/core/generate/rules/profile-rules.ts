import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import {
  type AlertProfile,
  type ErrorBudgetPolicy,
  isReachable,
  type PolicyState,
  policiesOn,
  profileLevels,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import { periodLabel, recorded } from '../names.ts';
import { record } from './record.ts';
import { labelled } from './sums.ts';

const { add, aggregate, binary, by, compare, multiply, number, on, or, selector } = build;

/** What else must hold for an alert of a profile to fire. */
export function whileActive(expr: Expr, profile: AlertProfile, own: Readonly<Record<string, string>>): Expr {
  if (profile === 'standard') return expr;
  // Alerts of a service as a whole have no objective, and must not go by the level of any.
  const active = compare('>=', selector(recorded.alertProfile, { slo: '', ...own }), profileLevels[profile]);
  return binary('and', expr, active, { matching: on() });
}

/**
 * The level of the profile that the policies turn on, from the budgets that the rules record: a state of a policy switches alerts without
 * anybody's doing. There is no such series without a policy, or if all its states have the standard profile.
 */
export function profileRules(
  service: Service,
  slo: Slo | undefined,
  own: Readonly<Record<string, string>>,
): readonly RecordingRule[] {
  if (!isReachable(service, slo, 'enhanced')) return [];
  const parts = policiesOn(service, slo).map((policy) => levelBy(policy.states, budgetOf(service, slo, policy)));
  const numbered = parts.map((part, index) => (parts.length === 1 ? part : labelled(part, 'policy', String(index))));
  const [first, ...rest] = numbered;
  if (first === undefined) return [];
  return [
    record(
      recorded.alertProfile,
      parts.length === 1 ? first : aggregate('max', by(), or(first, ...rest)),
      own,
      'The alert profile that the state of the error budget policy turns on: 0 standard, 1 enhanced, 2 maximum.',
    ),
  ];
}

/** The budget that a policy looks at: the objective's own, or the worst of those that it watches. */
function budgetOf(service: Service, slo: Slo | undefined, policy: ErrorBudgetPolicy): Expr {
  const names = slo !== undefined && policy.combine === 'each' ? [slo.name] : policy.slos;
  const watched = service.slos.filter(({ name }) => names.includes(name));
  const isCalendar = ({ period }: Slo): boolean => period.kind === 'calendar';
  // What is left of a calendar period's budget says little in its first days; what will be left at its end does.
  const [first = number(0), ...rest] = [
    ...budgetsOf(
      service,
      watched.filter((one) => !isCalendar(one)),
      recorded.periodBudgetRemaining,
    ),
    ...budgetsOf(service, watched.filter(isCalendar), recorded.periodProjectedBudget),
  ];
  return aggregate('min', by(), or(first, ...rest));
}

function budgetsOf(service: Service, slos: readonly Slo[], figure: string): readonly Expr[] {
  const [only = '', ...more] = slos.map(({ name }) => name);
  if (only === '') return [];
  const which = more.length === 0 ? only : (['=~', [only, ...more].join('|')] as const);
  const hasFurther = slos.some(({ furtherPeriods }) => 0 < furtherPeriods.length);
  return [selector(figure, { service: service.name, slo: which, ...(hasFurther && { [periodLabel]: '' }) })];
}

/** States stand from the fullest budget to the emptiest; of neighbours with the same profile the lowest bound says it all. */
function levelBy(states: readonly PolicyState[], budget: Expr): Expr {
  const decisive = states.filter(({ profile }, index) => states[index + 1]?.profile !== profile);
  const [first = multiply(0, budget), ...rest] = decisive.map(({ above, profile }) => {
    const holds = above === undefined ? budget : compare('>', budget, above);
    const zero = multiply(0, holds);
    return profileLevels[profile] === 0 ? zero : add(zero, profileLevels[profile]);
  });
  return or(first, ...rest);
}
