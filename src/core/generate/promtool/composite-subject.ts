import { type Duration, duration, minute } from '../../base/index.ts';
import type { CompositeIndicator, Service, Slo } from '../../slo/index.ts';
import { identityLabels, recorded } from '../names.ts';
import { joinedUp, type Member } from './composite-sums.ts';
import type { World } from './made-series.ts';
import { testedTiers, tierLabels } from './objective-subject.ts';
import { isTurnedOn, levelAt } from './profiles.ts';
import type { Course, Expectations, Subject } from './subject.ts';
import { testedObjective } from './tested-objective.ts';
import { isBurning } from './windows.ts';

/** A composite as a subject: its first member is out, the others go on. A text says why there is none. */
export function compositeSubject(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  interval: Duration,
): Subject | string {
  const members = membersOf(service, indicator, interval);
  if (typeof members === 'string') return members;
  const [first] = members;
  if (first === undefined) return 'it has no members';
  const metrics = members.flatMap(({ tested }) => tested.source.metrics);
  const shared = metrics.find((metric, index) => metrics.indexOf(metric) < index);
  if (shared !== undefined) return `its members count the same metric ${shared}, so that none fails by itself`;
  const slices = members.map(({ tested: { slo: own } }) =>
    own.measure.kind === 'events' ? minute : own.measure.length,
  );
  const reach = Math.max(...members.map(({ tested }) => tested.source.reach));
  const unit = Math.max(...slices);
  const whole = (length: number): Duration => duration(Math.ceil(length / unit) * unit);
  return {
    name: slo.name,
    metrics,
    incident: `its member ${first.tested.slo.name} is out`,
    quiet: whole(Math.max(10 * minute, reach + 2 * minute)),
    length: whole(Math.max(20 * minute, reach + 10 * minute)),
    canBeMissing: false,
    series: (course) =>
      members.flatMap(({ tested }, index) =>
        tested.source.groups.flatMap((group, place) => group.series(courseOf(course, index + place))),
      ),
    expect: (course, world) => expectedOf(service, slo, indicator, members, { course, world }),
  };
}

function membersOf(service: Service, { members }: CompositeIndicator, interval: Duration): readonly Member[] | string {
  const found: Member[] = [];
  for (const { service: of, slo: name, weight } of members) {
    const slo = of === service.name ? service.slos.find((one) => one.name === name) : undefined;
    if (slo === undefined) return `its member ${of}/${name} is of another service`;
    if (slo.indicator.kind === 'composite') return `its member ${name} is a composite`;
    const tested = testedObjective(service, slo, interval);
    if (typeof tested === 'string') return `of its member ${name}, ${tested}`;
    found.push({ tested, weight });
  }
  return found;
}

/** The first group of the first member is out, all others go on. */
function courseOf(course: Course, place: number): Course {
  if (place === 0) return course;
  return { ...course, modes: course.modes.map((mode) => (mode === 'silent' ? mode : 0)) };
}

interface Play {
  readonly course: Course;
  readonly world: World;
}

function expectedOf(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  members: readonly Member[],
  { course, world }: Play,
): Expectations {
  const counts = members.map(({ tested }, index) =>
    tested.source.groups.map((group, place) => group.counted(courseOf(course, index + place), world)),
  );
  const { windows, errors } = joinedUp(service, slo, indicator, members, { counts, course, interval: world.interval });
  const labels = { ...identityLabels(service, slo), period: '' };
  const { errorBudget } = slo.target;
  const left = (evaluation: number): number | undefined => {
    const share = errors(evaluation);
    return share === undefined || errorBudget === 0 ? undefined : 1 - share / errorBudget;
  };
  // What a calendar period's budget will be at its end is not worked out here, so that all is possible.
  const level = levelAt(service, slo, [slo.period.kind === 'calendar' ? () => undefined : left]);
  return {
    alerts: testedTiers(service, slo).map((tier) => ({
      labels: tierLabels(service, slo, tier),
      isActive: isTurnedOn((evaluation) => isBurning(windows, slo, tier, evaluation), tier.profile, level, world),
      holdFor: tier.holdFor,
      keepFiringFor: tier.keepFiringFor ?? duration(0),
    })),
    figures:
      slo.period.kind === 'calendar'
        ? []
        : [
            { name: recorded.periodErrorRatio, labels, value: errors },
            { name: recorded.periodBudgetRemaining, labels, value: left },
          ],
  };
}
