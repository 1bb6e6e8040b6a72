import { type Duration, duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import type { CompositeIndicator, Service, Slo } from '../../slo/index.ts';
import { levelsOf } from '../levels.ts';
import { composedNeeds } from '../rules/composite-rules.ts';
import { type Joining, joinedUp, type Member } from './composite-sums.ts';
import { excludedIn, withoutExcluded } from './excluded.ts';
import type { World } from './made-series.ts';
import { testedTiers, tierLabels } from './objective-subject.ts';
import { figuresOf } from './period-figures.ts';
import { isTurnedOn, levelAt } from './profiles.ts';
import type { Course, Expectations, Subject } from './subject.ts';
import { testedObjective } from './tested-objective.ts';
import { isBurning } from './windows.ts';

/** A composite as tests see it. */
export interface TestedComposite extends Joining {
  readonly service: Service;
  readonly slo: Slo;
  /** What time it is at the first evaluation. */
  readonly begins: Timestamp;
}

/** What is needed to test a composite; a text says why it can't be. */
export function testedComposite(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  interval: Duration,
): TestedComposite | string {
  const members = membersOf(service, indicator, interval);
  if (typeof members === 'string') return members;
  if (members.length === 0) return 'it has no members';
  const metrics = members.flatMap(({ tested }) => tested.source.metrics);
  const shared = metrics.find((metric, index) => metrics.indexOf(metric) < index);
  if (shared !== undefined) return `its members count the same metric ${shared}, so that none fails by itself`;
  const levels = levelsOf(slo, interval, composedNeeds(service, slo, interval));
  return { service, slo, indicator, members, levels, begins: timestamp(0) };
}

/** The same with the clock put forward. */
export function compositeAt(composite: TestedComposite, begins: Timestamp): TestedComposite {
  const members = composite.members.map(({ tested, weight }) => ({ tested: { ...tested, begins }, weight }));
  return { ...composite, members, begins };
}

/** A composite as a subject: its first member is out, the others go on. */
export function compositeSubject(composite: TestedComposite): Subject {
  const { slo, members } = composite;
  const [out = slo.name] = members.map(({ tested }) => tested.slo.name);
  const slices = members.map(({ tested: { slo: own } }) =>
    own.measure.kind === 'events' ? minute : own.measure.length,
  );
  const reach = Math.max(...members.map(({ tested }) => tested.source.reach));
  const unit = Math.max(...slices);
  const whole = (length: number): Duration => duration(Math.ceil(length / unit) * unit);
  return {
    name: slo.name,
    metrics: members.flatMap(({ tested }) => tested.source.metrics),
    incident: `its member ${out} is out`,
    quiet: whole(Math.max(10 * minute, reach + 2 * minute)),
    length: whole(Math.max(20 * minute, reach + 10 * minute)),
    canBeMissing: false,
    series: (course) =>
      members.flatMap(({ tested }, index) =>
        tested.source.groups.flatMap((group, place) => group.series(courseOf(course, index + place))),
      ),
    expect: (course, world) => expectedOf(composite, { course, world }),
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

function expectedOf(composite: TestedComposite, { course, world }: Play): Expectations {
  const { service, slo, members, levels, begins } = composite;
  const raw = members.map(({ tested }, index) =>
    tested.source.groups.map((group, place) => group.counted(courseOf(course, index + place), world)),
  );
  const counted = members.map(({ tested }, index) => {
    const excluded = excludedIn(tested);
    return (raw[index] ?? []).map((each) => withoutExcluded(each, excluded));
  });
  // What a pot excludes is seen as late as its events are.
  const excluded = excludedIn({ service, slo, levels, begins: timestamp(begins - levels.lag) });
  const { windows, share, rawShare } = joinedUp(composite, { counted, raw, course, excluded });
  const figures = figuresOf(composite, {}, { share, rawShare, excluded }, course);
  const level = levelAt(service, slo, [figures.decisive]);
  return {
    alerts: testedTiers(service, slo).map((tier) => ({
      labels: tierLabels(service, slo, tier),
      isActive: isTurnedOn((evaluation) => isBurning(windows, slo, tier, evaluation), tier.profile, level, world),
      holdFor: tier.holdFor,
      keepFiringFor: tier.keepFiringFor ?? duration(0),
    })),
    figures: figures.all,
  };
}
