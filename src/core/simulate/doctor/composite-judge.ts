import { type Diagnostic, ratio } from '../../base/index.ts';
import { periodLabel, periodName, periodWords, recorded } from '../../generate/index.ts';
import { build } from '../../promql/index.ts';
import {
  type CompositeIndicator,
  type CompositeMember,
  inSeries,
  type Service,
  type Slo,
  weightedMean,
} from '../../slo/index.ts';
import type { Examination } from './gather.ts';
import { percent, type Say, sayer } from './say.ts';

const { aggregate, by, call, range, selector } = build;

/** A member of a composite and what was found out about it. */
export interface MemberFacts {
  readonly member: CompositeMember;
  /** The names of its periods, the main one first; absent where neither a definition nor the server tells. */
  readonly periods?: readonly string[];
  /** Its share of what is bad; absent without data. */
  readonly errorRatio?: number;
  /** Its events, where it counts any. */
  readonly events?: { readonly bad: number; readonly total: number };
  /** Whether no definition of it is at hand, so that only what the server has recorded is known. */
  readonly isForeign?: boolean;
}

/** A composite with its members. */
export interface ExaminedComposite {
  readonly service: Service;
  readonly slo: Slo;
  readonly indicator: CompositeIndicator;
  readonly members: readonly MemberFacts[];
}

/** What a server has recorded of a member that no definition at hand describes. */
export async function recordedOf(asked: Examination, member: CompositeMember): Promise<Omit<MemberFacts, 'member'>> {
  const { to, step } = asked.range;
  const named = (name: string): Promise<readonly string[]> => {
    const newest = call('last_over_time', range(selector(name, { service: member.service, slo: member.slo }), step));
    return asked.valuesOf(periodLabel, aggregate('count', by(periodLabel), newest), to);
  };
  const main = await named(recorded.info);
  const further = await named(recorded.periodLength);
  return { isForeign: true, ...(0 < main.length && { periods: [...main, ...further] }) };
}

/** What is wrong with the members of a composite, and which of them decides. */
export function judgeComposite(examined: ExaminedComposite): {
  readonly diagnostics: readonly Diagnostic[];
  readonly errorRatio?: number;
} {
  const { slo, indicator, members } = examined;
  const say = sayer(examined);
  const wrong = members.flatMap((one) => memberFindings(say, slo, indicator, one));
  const parts = partsOf(indicator, members);
  const errorRatio = jointErrorRatio(indicator, members);
  return {
    diagnostics: [...wrong, ...decisionOf(say, indicator, parts)],
    ...(errorRatio !== undefined && { errorRatio }),
  };
}

function memberFindings(
  say: Say,
  slo: Slo,
  { combine }: CompositeIndicator,
  { member, periods, errorRatio, isForeign }: MemberFacts,
): readonly Diagnostic[] {
  const name = nameOf(member);
  if (periods === undefined)
    return [
      say('doctor/member-data', `the server has no \`${recorded.info}\` of its member \`${name}\``, {
        help: 'Load the rules of that service on this server too, or name its definition.',
      }),
    ];
  const lacking = [slo.period, ...slo.furtherPeriods].filter((period) => !periods.includes(periodName(period)));
  return [
    ...(isForeign !== true && errorRatio === undefined
      ? [say('doctor/member-data', `its member \`${name}\` has no data: the others decide without it`)]
      : []),
    ...(combine === 'pooled' ? [] : lacking).map((period) =>
      say(
        'doctor/member-period',
        `its member \`${name}\` has no period of ${periodWords(period)}, only ${periods.join(', ')}`,
      ),
    ),
  ];
}

/** What each member with data adds to what the composite shows as bad. */
interface Part {
  readonly name: string;
  readonly amount: number;
  readonly errorRatio: number;
}

function partsOf({ combine }: CompositeIndicator, members: readonly MemberFacts[]): readonly Part[] {
  return members.flatMap(({ member, errorRatio, events }) => {
    if (errorRatio === undefined) return [];
    const amounts = {
      weighted: member.weight * errorRatio,
      worst: errorRatio,
      // Of a product each factor takes the part that its logarithm is of the sum.
      series: -Math.log1p(-Math.min(errorRatio, 1 - Number.EPSILON)),
      pooled: events?.bad ?? 0,
    };
    return [{ name: nameOf(member), amount: amounts[combine], errorRatio }];
  });
}

function jointErrorRatio({ combine }: CompositeIndicator, members: readonly MemberFacts[]): number | undefined {
  const known = members.flatMap(({ member, errorRatio }) =>
    errorRatio === undefined ? [] : [{ ratio: ratio(errorRatio), weight: member.weight }],
  );
  if (known.length === 0) return undefined;
  switch (combine) {
    case 'weighted':
      return weightedMean(known);
    case 'worst':
      return Math.max(...known.map((one) => one.ratio));
    case 'series':
      return 1 - inSeries(known.map((one) => ratio(1 - one.ratio)));
    case 'pooled': {
      const events = members.flatMap((one) => one.events ?? []);
      const total = events.reduce((sum, one) => sum + one.total, 0);
      return 0 < total ? events.reduce((sum, one) => sum + one.bad, 0) / total : undefined;
    }
  }
}

function decisionOf(say: Say, { combine }: CompositeIndicator, parts: readonly Part[]): readonly Diagnostic[] {
  const all = parts.reduce((sum, { amount }) => sum + amount, 0);
  const [first, second] = parts.toSorted((a, b) => b.amount - a.amount);
  if (first === undefined || second === undefined || all <= 0) return [];
  const bad = `${percent(first.errorRatio)} of it is bad`;
  const text =
    combine === 'worst'
      ? `\`${first.name}\` decides: ${bad}, then comes \`${second.name}\` with ${percent(second.errorRatio)}`
      : `\`${first.name}\` decides: ${bad}, which is ${percent(first.amount / all)} of what counts as bad`;
  return [say('doctor/member-decides', text)];
}

function nameOf({ service, slo }: CompositeMember): string {
  return `${service}/${slo}`;
}
