import type { SloMeasure } from '../../core/api/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';

/** Finds an objective among all that the server knows. */
export type FindSlo = (service: string, slo: string) => readonly [Service, Slo] | undefined;

const events: SloMeasure = { kind: 'events', sliceSeconds: null };

/** What an objective counts; a composite counts what its members do. */
export function measureOf({ indicator, measure }: Slo, find: FindSlo): SloMeasure {
  if (indicator.kind !== 'composite')
    return measure.kind === 'events' ? events : { kind: measure.kind, sliceSeconds: measure.length / 1000 };
  const members = indicator.members.flatMap((member) => {
    const found = find(member.service, member.slo);
    // A composite of composites is no definition; whatever it holds, this ends.
    return found === undefined || found[1].indicator.kind === 'composite' ? [] : [measureOf(found[1], find)];
  });
  const [first = events] = members;
  if (members.some(({ kind }) => kind !== first.kind)) return { kind: 'mixed', sliceSeconds: null };
  const isSame = members.every(({ sliceSeconds }) => sliceSeconds === first.sliceSeconds);
  return isSame ? first : { kind: first.kind, sliceSeconds: null };
}
