import type { SloDetail, SloSummary } from '../core/api/index.ts';
import { formatTarget, formatWindow } from './format.ts';

/** What an objective counts, in the plural: `events`, `1m slices`. */
export function unitText({ measure }: Pick<SloSummary, 'measure'>): string {
  switch (measure.kind) {
    case 'events':
      return 'events';
    case 'mixed':
      return 'events and slices';
    case 'slices':
    case 'slice-ratios':
      return measure.sliceSeconds === null ? 'slices' : `${formatWindow(measure.sliceSeconds)} slices`;
  }
}

/** The name of an objective's indicator as a figure: `Good events`, `Good 1m slices`. */
export function sliText(slo: Pick<SloSummary, 'measure' | 'kind'>): string {
  if (slo.kind === 'composite') return 'Joint share of good';
  return slo.measure.kind === 'slice-ratios' ? `Mean share of good in ${unitText(slo)}` : `Good ${unitText(slo)}`;
}

/** A period as one says it: `30d`, `calendar month in Europe/Berlin`. */
export function periodText(name: string): string {
  const [, unit, zone] = /^calendar-([a-z]+)(?:-(.+))?$/.exec(name) ?? [];
  if (unit === undefined) return name;
  return zone === undefined ? `calendar ${unit}` : `calendar ${unit} in ${zone}`;
}

/** The target with what it is a share of: `99.9 %`, `99 % of 1m slices`, `always`. */
export function promiseText(slo: Pick<SloSummary, 'invariant' | 'target' | 'measure' | 'kind'>): string {
  if (slo.invariant) return 'always';
  const isPlain = slo.kind === 'composite' || slo.measure.kind === 'events' || slo.measure.kind === 'mixed';
  return isPlain ? formatTarget(slo.target) : `${formatTarget(slo.target)} of ${unitText(slo)}`;
}

/** The objective as one would say it. */
export function sentence(slo: SloDetail): string {
  const target = formatTarget(slo.target);
  const when = slo.period.startsWith('calendar-') ? `in each ${periodText(slo.period)}` : `over any ${slo.period}`;
  return `${whatIsPromised(slo, target)}${slo.invariant ? '' : `, ${when}`}. Owner: ${slo.owner}.`;
}

function whatIsPromised(slo: SloDetail, target: string): string {
  if (slo.invariant) return 'This must always hold';
  if (slo.combine !== null) return `${target} of ${joinTexts[slo.combine]}`;
  switch (slo.measure.kind) {
    case 'slice-ratios':
      return `On average ${target} are good in ${unitText(slo)}, whatever their traffic`;
    case 'slices':
      return slo.kind === 'condition'
        ? `The condition holds in ${target} of ${unitText(slo)}`
        : `${target} of ${unitText(slo)} are good`;
    case 'events':
    case 'mixed':
      return slo.kind === 'distribution'
        ? `${target} of observations are within the bound`
        : `${target} of events are good`;
  }
}

const joinTexts: Readonly<Record<NonNullable<SloDetail['combine']>, string>> = {
  pooled: 'the events of all members together are good',
  series: 'what needs every member to work works: the product of their shares',
  weighted: 'the mean of its members by weight is good',
  worst: 'the worst member is good',
};

/** Why nothing is measured; undefined where something is. */
export function unmeasuredText({ state, waitsFor }: Pick<SloSummary, 'state' | 'waitsFor'>): string | undefined {
  if (state === 'draft') return 'A draft: nothing is measured, and nothing can fire.';
  if (state !== 'pending') return undefined;
  return `Not measured yet: ${waitsFor === null ? 'its metrics do not exist' : `waits for ${waitsFor}`}. Nothing can fire before.`;
}
