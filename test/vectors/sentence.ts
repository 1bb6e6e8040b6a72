import { type Duration, hour, type Ratio, ratio } from '../../src/core/base/index.ts';
import { workbookStrategies } from '../../src/core/simulate/index.ts';
import type { BurnRateTier, Target } from '../../src/core/slo/index.ts';
import { readTime, targetOf, Unanswered, unitCalled } from './facts.ts';
import { type Phrase, readPhrases } from './phrases.ts';

/** What a sentence asks for. */
export type Question =
  | 'alerts a day'
  | 'ratio and burn'
  | 'allowed failures'
  | 'requests'
  | 'share of failures'
  | 'share of spikes'
  | 'reset'
  | 'detection'
  | 'exhaustion'
  | 'burn'
  | 'window'
  | 'share';

/** The figures of a sentence such as `36x/1h reset after full outage min`; what it doesn't say is missing. */
export interface Sentence {
  readonly question?: Question | undefined;
  /** The unit that the answer is in. */
  readonly unit?: Duration | undefined;
  readonly target?: Target | undefined;
  readonly period?: Duration | undefined;
  /** Of one of the workbook's strategies. */
  readonly tier?: BurnRateTier | undefined;
  readonly burnRate?: number | undefined;
  readonly threshold?: Ratio | undefined;
  readonly window?: Duration | undefined;
  readonly shortWindow?: Duration | undefined;
  /** Which of two windows is meant, if one of them is. */
  readonly only?: 'long' | 'short' | undefined;
  readonly holdFor?: Duration | undefined;
  readonly errorRatio?: Ratio | undefined;
  readonly length?: Duration | undefined;
  readonly budgetShare?: Ratio | undefined;
  readonly requestsPerHour?: number | undefined;
  readonly failures?: number | undefined;
  readonly spikes?: number | undefined;
}

/** Reads a sentence. One that begins with `same` changes the one before; `such spikes` may have been described there. */
export function readSentence(text: string, before: string | undefined): Sentence {
  const own = figuresOf(text);
  if (/^\s*same\b/i.test(text)) {
    if (before === undefined) throw new Unanswered(`no sentence stands before \`${text}\``);
    return overlay(figuresOf(before), own);
  }
  return /\bsuch spikes?\b/i.test(text) && before?.includes('spike') ? overlay(figuresOf(before), own) : own;
}

function overlay(base: Sentence, own: Sentence): Sentence {
  const said = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(said) };
}

function figuresOf(text: string): Sentence {
  const { figures } = readPhrases<Sentence>(text, phrases, {});
  const asked = /->(.*)$/.exec(text)?.[1] ?? text;
  return {
    ...figures,
    question: questionOf(asked, figures) ?? questionOf(text, figures),
    unit: unitCalled(/([a-z]+)\s*$/i.exec(text)?.[1] ?? ''),
  };
}

const words: Readonly<Record<string, number>> = { one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, ten: 10 };
const count = String.raw`(\d+|one|two|three|four|five|six|ten)`;
const span = String.raw`(\d+(?:\.\d+)?[ -]?(?:minutes?|mins?|hours?|days?|[smhd]))\b`;
const share = String.raw`([\d.]+) ?%`;

const phrases: readonly Phrase<Sentence>[] = [
  // The figure shows errors of 15 % under the fastest tier of the recommended strategy.
  [
    /fig(?:ure|\.)? ?5-6/i,
    () => ({ tier: workbookStrategies.find(({ number }) => number === 6)?.tiers[0], errorRatio: fraction('15') }),
  ],
  [
    /strategy (\d)/i,
    (strategy) => ({ tier: workbookStrategies.find(({ number }) => String(number) === strategy)?.tiers[0] }),
  ],
  [
    /([\d.]+) ?[x×] ?\/ ?(\d+[smhd])(?:\/(\d+[smhd]))?/,
    (rate, long = '', short = '') => ({
      burnRate: Number(rate),
      window: readTime(long),
      shortWindow: readTime(short),
    }),
  ],
  [/([\d.]+) ?[x×]/, (rate) => ({ burnRate: Number(rate) })],
  [/burn(?: rate)?(?: of)? ([\d.]+)/i, (rate) => ({ burnRate: Number(rate) })],
  [
    /([\d,]+) ?(?:requests?|req|events?) ?(?:\/|per |an |a )(s|min|h|hour|d|day)\b/i,
    (requests = '', per = '') => ({
      requestsPerHour: (Number(requests.replaceAll(',', '')) * hour) / (unitCalled(per) ?? hour),
    }),
  ],
  [new RegExp(`${count} (?:failures?|errors?|failed)`, 'i'), (failures = '') => ({ failures: counted(failures) })],
  [new RegExp(`${count} (?:such|spikes)`, 'i'), (spikes = '') => ({ spikes: counted(spikes) })],
  [/every \d+ ?\w+/i, () => ({})],
  [/\b(?:per|an) (hour|day)\b/i, (unit = '') => ({ length: unitCalled(unit) })],
  [new RegExp(`(?:thr|threshold|ratio|[>≥]=?) ?${share}`, 'i'), (percent) => ({ threshold: fraction(percent) })],
  [
    new RegExp(`${share} of (?:the |a )?(\\d+ ?d )?(?:error )?budget`, 'i'),
    (percent, period = '') => ({ budgetShare: fraction(percent), period: readTime(period) }),
  ],
  [
    new RegExp(`${share} in ${span}`, 'i'),
    (percent, window = '') => ({ budgetShare: fraction(percent), window: readTime(window) }),
  ],
  [/(?:full|total|complete) outage/i, () => ({ errorRatio: ratio(1) })],
  [
    new RegExp(`${share} (?:outage|errors?|error ratio|failing|of (?:the |all )?(?:users|requests|traffic))`, 'i'),
    (percent) => ({ errorRatio: fraction(percent) }),
  ],
  [new RegExp(`\\bat ${share}`, 'i'), targetOrErrors],
  [/(9\d(?:\.\d+)?) ?%/, (percent) => ({ target: targetOf(`${percent}%`) })],
  [new RegExp(share), (percent) => ({ errorRatio: fraction(percent) })],
  [
    new RegExp(`${span}(?: window)?,? for ${span}`, 'i'),
    (window = '', hold = '') => ({ window: readTime(window), holdFor: readTime(hold) }),
  ],
  [new RegExp(`${span} window`, 'i'), (window = '') => ({ window: readTime(window) })],
  [/\b((?:[7-9]|\d{2,}) ?d(?:ays?)?)\b/, (period = '') => ({ period: readTime(period) })],
  [new RegExp(span, 'i'), (length = '') => ({ length: readTime(length) })],
  [/\b(long|short)\b/i, (window) => ({ only: window?.toLowerCase() === 'short' ? 'short' : 'long' })],
];

/** A percentage after `at` is the target if it is a high one. */
function targetOrErrors(percent = ''): Sentence {
  const value = Number(percent);
  return 90 <= value && value < 100 ? { target: targetOf(`${percent}%`) } : { errorRatio: fraction(percent) };
}

/** A percentage as a fraction, by its decimal text. */
function fraction(percent = ''): Ratio {
  return ratio(Number(`${percent}e-2`));
}

function counted(written: string): number {
  return words[written.toLowerCase()] ?? Number(written);
}

function questionOf(asked: string, { requestsPerHour, failures, spikes }: Sentence): Question | undefined {
  if (/alerts? ?(?:\/|per|a) ?day/i.test(asked)) return 'alerts a day';
  if (requestsPerHour !== undefined) {
    if (/ratio.*burn|burn.*ratio/i.test(asked)) return 'ratio and burn';
    if (/allowed/i.test(asked)) return 'allowed failures';
    if (failures !== undefined && /share|budget|consum|spen/i.test(asked)) return 'share of failures';
    if (/requests? in|total/i.test(asked)) return 'requests';
  }
  if (spikes !== undefined) return 'share of spikes';
  if (/^\s*(?:share|budget (?!gone|in\b))|budget (?:spent |consumed )?(?:at|before|when)\b/i.test(asked))
    return 'share';
  if (/reset|clear|recover/i.test(asked)) return 'reset';
  if (/detect|\bfires?\b|cross|notice/i.test(asked)) return 'detection';
  if (/exhaust|gone|lasts?\b|whole budget in/i.test(asked)) return 'exhaustion';
  if (/burn(?: rate)?\s*$/i.test(asked)) return 'burn';
  if (/^\s*window/i.test(asked)) return 'window';
  return /share|budget|consum|spen[dt]|spike/i.test(asked) ? 'share' : undefined;
}
