import type { Duration } from '../../base/index.ts';
import { views } from './made-series.ts';
import { spellsOf } from './spells.ts';
import { type Subject, withTarget, worldOf } from './subject.ts';

/** Whether the incident of a subject raises an alert, and nothing does before, in whatever view. */
export function raises(
  subject: Subject,
  name: string,
  { job, interval }: { readonly job: string; readonly interval: Duration },
): boolean {
  const before = subject.quiet / interval;
  const modes = Array.from({ length: before + 1 + subject.length / interval }, (_, index) => (index <= before ? 0 : 1));
  const course = { modes, answers: modes.length, count: modes.length };
  const series = withTarget(subject.series(course), job, course);
  return views.every((view) => {
    const { alerts } = subject.expect(course, worldOf(series, interval, view));
    const found = alerts.find(({ labels }) => labels['alertname'] === name);
    if (found === undefined) return false;
    const [first] = spellsOf(found.isActive, course.count, { ...found, interval });
    return first !== undefined && before < first.first;
  });
}
