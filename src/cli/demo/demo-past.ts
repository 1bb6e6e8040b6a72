import { type Duration, duration, minute, type Timestamp, timestamp } from '../../core/base/index.ts';
import { rawName, recorded } from '../../core/generate/index.ts';
import { type Rule, type RuleFile, type RuleGroup, recordHistory } from '../../core/rules/index.ts';
import { memorySource, type Series } from '../../core/series/index.ts';

/** The steps of which long windows are summed; of the demo's period and interval they are as long as they can be at the shortest. */
export const coarseStep: Duration = duration(5 * minute);

/** A stretch of the past. */
export interface PastSpan {
  /** A tick of all groups. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** That of the rules. */
  readonly interval: Duration;
  readonly checkpoint: () => void;
}

/** How often and in which order the rules of an objective are evaluated over its past. */
type Pass = 'events' | 'slow' | 'figures' | 'closed';
const passes: readonly Pass[] = ['events', 'slow', 'figures', 'closed'];

/** What rules recorded of the past. */
export interface Past {
  readonly sums: readonly Series[];
  /** What follows from the sums at one time, and no rule reads again later. */
  readonly figures: readonly Series[];
}

/**
 * Evaluates the rules of an objective over a past of which nobody looks at the details. Events are counted at every evaluation, as they are
 * lost otherwise. The slow groups gather them once a coarse step anyway, and figures are drawn over weeks: they are evaluated as seldom,
 * a fraction of the times. One pass reads what those before it have recorded, so that none has to be stepped through.
 */
export async function recordPast(
  { groups }: RuleFile,
  raw: readonly Series[],
  { from, to, interval, checkpoint }: PastSpan,
): Promise<Past> {
  const sums: Series[] = [];
  const figures: Series[] = [];
  // The first evaluation in a coarse step.
  const stepStart = timestamp(
    from - (from % coarseStep) + (from % interval) + (from % coarseStep < interval ? 0 : coarseStep),
  );
  for (const pass of passes) {
    checkpoint();
    const every = pass === 'events' ? interval : coarseStep;
    const begin = pass === 'figures' ? stepStart : from;
    const own = groups.map((group) => groupOf(group, pass, interval, every));
    const source = memorySource([...raw, ...sums, ...figures]);
    const options = { from: begin, to, interval: every, control: { checkpoint } };
    const { series } = await recordHistory({ groups: own.filter(({ rules }) => 0 < rules.length) }, source, options);
    (pass === 'figures' ? figures : sums).push(...series);
  }
  return { sums, figures };
}

function groupOf(group: RuleGroup, pass: Pass, interval: Duration, every: Duration): RuleGroup {
  const isSlow = (group.interval ?? interval) !== interval;
  const firstStep = group.rules.findIndex((rule) => nameOf(rule) === recorded.stepStart);
  const rules = group.rules.filter((rule, index) => {
    const name = nameOf(rule);
    if (closed.has(name)) return pass === 'closed';
    if (isSlow) return pass === 'slow';
    if (firstStep === -1 || index < firstStep || inSteps.has(name)) return pass === 'events';
    return pass === 'figures';
  });
  return { ...group, interval: isSlow ? (group.interval ?? every) : every, rules };
}

function nameOf(rule: Rule): string {
  return rule.kind === 'recording' ? rule.record : '';
}

function withRaw(...names: readonly string[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => [name, rawName(name)]));
}

const inSteps = withRaw(recorded.stepStart, recorded.turnInStep, recorded.eventsInStep);
const closed = withRaw(recorded.closedEvents);
