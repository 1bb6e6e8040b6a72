import { type Duration, duration, formatDuration } from '../base/index.ts';
import { differentTexts } from './diff-values.ts';
import type { Difference } from './difference.ts';
import type { BurnRateTier } from './model/alert.ts';
import type { Slo } from './model.ts';

/** What changes in the alerts: those of the same windows are compared, then those of the same severity, the others came or went. */
export function differentAlerts(place: Pick<Difference, 'service' | 'slo'>, old: Slo, now: Slo): readonly Difference[] {
  const pairs = pairTiers(old.alerts, now.alerts);
  return pairs.flatMap(([before, after]): readonly Difference[] => {
    const aspect = `${(after ?? before)?.severity} alert`;
    if (before === undefined) return after === undefined ? [] : [{ ...place, aspect, after: tierText(after, now) }];
    if (after === undefined) return [{ ...place, aspect, before: tierText(before, old) }];
    return diffTier(place, [before, old], [after, now]);
  });
}

const none: Duration = duration(0);

type Pair = readonly [BurnRateTier | undefined, BurnRateTier | undefined];

function pairTiers(old: readonly BurnRateTier[], now: readonly BurnRateTier[]): readonly Pair[] {
  const left = [...old];
  const right = [...now];
  const pairs: Pair[] = [];
  const pairBy = (same: (a: BurnRateTier, b: BurnRateTier) => boolean): void => {
    for (const tier of [...left]) {
      const partner = right.find((other) => same(tier, other));
      if (partner === undefined) continue;
      left.splice(left.indexOf(tier), 1);
      right.splice(right.indexOf(partner), 1);
      pairs.push([tier, partner]);
    }
  };
  pairBy((a, b) => a.severity === b.severity && a.longWindow === b.longWindow && a.shortWindow === b.shortWindow);
  pairBy((a, b) => a.severity === b.severity && a.longWindow === b.longWindow);
  pairBy((a, b) => a.severity === b.severity && a.burnRate === b.burnRate);
  pairBy((a, b) => a.severity === b.severity);
  return [
    ...pairs.toSorted(([a], [b]) => (a?.longWindow ?? 0) - (b?.longWindow ?? 0)),
    ...left.map((tier): Pair => [tier, undefined]),
    ...right.map((tier): Pair => [undefined, tier]),
  ];
}

function diffTier(
  place: Pick<Difference, 'service' | 'slo'>,
  [before, old]: readonly [BurnRateTier, Slo],
  [after, now]: readonly [BurnRateTier, Slo],
): readonly Difference[] {
  const windows = windowsText(before);
  const found: Difference[] = [];
  const compare = (what: string, a: string, b: string): void => {
    if (a !== b) found.push({ ...place, aspect: `${before.severity} ${what} (${windows})`, before: a, after: b });
  };
  if (windows !== windowsText(after))
    found.push({ ...place, aspect: `${before.severity} windows`, before: windows, after: windowsText(after) });
  compare('burn rate', String(before.burnRate), String(after.burnRate));
  compare('threshold', thresholdText(before, old), thresholdText(after, now));
  compare('for', formatDuration(before.holdFor), formatDuration(after.holdFor));
  compare('keepFiringFor', formatDuration(before.keepFiringFor ?? none), formatDuration(after.keepFiringFor ?? none));
  compare('name', before.name ?? 'the usual', after.name ?? 'the usual');
  compare('profile', before.profile ?? 'standard', after.profile ?? 'standard');
  for (const what of ['labels', 'annotations'] as const)
    for (const [name, a, b] of differentTexts(before[what], after[what]))
      compare(`${what === 'labels' ? 'label' : 'annotation'} ${name}`, a ?? 'none', b ?? 'none');
  return found;
}

function windowsText({ longWindow, shortWindow }: BurnRateTier): string {
  return `${formatDuration(longWindow)} and ${formatDuration(shortWindow)}`;
}

/** The share of bad events above which the alert fires: burn rate times error budget. */
function thresholdText({ burnRate }: BurnRateTier, { target }: Slo): string {
  return `${Number((burnRate * target.errorBudget * 100).toPrecision(4))} %`;
}

function tierText(tier: BurnRateTier, slo: Slo): string {
  const hold = tier.holdFor === 0 ? '' : ` for ${formatDuration(tier.holdFor)}`;
  return `above ${thresholdText(tier, slo)} in ${windowsText(tier)}${hold}`;
}
