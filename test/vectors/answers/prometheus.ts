import { duration, hour, minute, ratio } from '../../../src/core/base/index.ts';
import {
  type EvaluationGrid,
  errorRatioAt,
  type Firing,
  firingEvaluations,
  type Incident,
} from '../../../src/core/slo/index.ts';
import {
  comparison,
  type Facts,
  find,
  findTime,
  has,
  isTable,
  number,
  readTiers,
  readTime,
  target,
  text,
  Unanswered,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import { type Phrase, readPhrases } from '../phrases.ts';
import type { Vector } from '../vector.ts';

/** The group of runs on promtool: first and last evaluation at which alerts fire, in minutes from the start of the incident. */
export const prometheusAnswers: Readonly<Record<string, Group>> = {
  prometheus: (facts, _, all) => firings(complete(facts, all)),
};

/** The run that others are told as changes of, as given by the file, or else as the reference has it. */
const run: Facts = {
  scrape: '15s',
  evaluation: '1m',
  errorRatio: 0.05,
  durationMin: 60,
  tiers: '14.4@1h/5m, 6@6h/30m',
  target: 0.999,
  compare: '>',
};

function firings(facts: Facts): Answers {
  const tiers = readTiers(text(facts, 'tiers', 'tier'));
  const minutes = (index: number): readonly number[] | null => {
    const firing = firingOf(facts, index);
    return firing === undefined ? null : [firing.first / minute, firing.last / minute];
  };
  return {
    ...Object.fromEntries(tiers.map(({ name }, index) => [name, () => minutes(index)])),
    // The tiers by the order in which they stand.
    ...Object.fromEntries(['fast', 'slow', 'third', 'fourth'].map((name, index) => [name, () => minutes(index)])),
    first: () => minutes(0)?.[0] ?? null,
    last: () => minutes(0)?.[1] ?? null,
  };
}

function firingOf(facts: Facts, index: number): Firing | undefined {
  const tier = readTiers(text(facts, 'tiers', 'tier'))[index];
  if (tier === undefined) throw new Unanswered('there is no such tier');
  const alert = {
    threshold: errorRatioAt(tier.burnRate, target(facts).errorBudget),
    comparison: comparison(facts),
    longWindow: tier.longWindow,
    shortWindow: tier.shortWindow,
    holdFor: findTime(facts, 'for', 'hold', 'holdFor') ?? duration(0),
  };
  const incident: Incident = {
    background: ratio(has(facts, 'baseline', 'background') ? number(facts, 'baseline', 'background') : 0),
    during: ratio(number(facts, 'errorRatio')),
    length: findTime(facts, 'duration', 'length') ?? hour,
  };
  return firingEvaluations(alert, incident, gridOf(facts));
}

function gridOf(facts: Facts): EvaluationGrid {
  const interval = findTime(facts, 'evaluation', 'interval') ?? minute;
  const history = findTime(facts, 'history');
  const trafficStops =
    facts['stopsWithIncident'] === true ? findTime(facts, 'duration') : findTime(facts, 'trafficStops');
  return {
    interval,
    ...(facts['alertFirst'] === true ? { delay: interval } : {}),
    ...(history === undefined ? {} : { history }),
    ...(trafficStops === undefined ? {} : { trafficStops }),
  };
}

/** A run that is told as a change of another one, in words, with all its figures. */
function complete(facts: Facts, all: readonly Vector[]): Facts {
  const words = find(facts, 'as_', 'as', 'like', 'coldStart');
  if (typeof words !== 'string') return { ...run, ...facts };
  const [id] = /\b[A-Z]\d+\b/.exec(words) ?? [];
  const other = all.find((vector) => vector.id === id)?.input;
  const base = other !== undefined && isTable(other) ? other : {};
  const read = readPhrases(words.replace(id ?? '', ''), changes, {});
  const rest = read.rest.replace(/[\s,;:]+|\b(?:but|with|and)\b/g, ' ').trim();
  if (rest !== '') throw new Unanswered(`\`${rest}\` in \`${words}\` is not understood`);
  return { ...run, ...base, ...facts, ...read.figures };
}

const length = String.raw`(\d+(?:\.\d+)? ?(?:s|m|min|minutes?|h|hours?))`;

/** What changes of a run look like, and the figures that they mean. */
const changes: readonly Phrase<Facts>[] = [
  [/baseline ([\d.]+) ?%/, (percent = '') => ({ baseline: Number(percent) / 100 })],
  [/alerts? (?:group )?(?:is )?evaluated before the recording (?:group|rules?)/, () => ({ alertFirst: true })],
  [/(?:alert group evaluated after the recording group|same group|counter reset|restart)[^,]*/, () => ({})],
  [new RegExp(`series ${length} old(?:, then)?`), (age = '') => ({ historyMin: (readTime(age) ?? 0) / minute })],
  [new RegExp(`for:? ${length}`), (hold = '') => ({ forMin: (readTime(hold) ?? 0) / minute })],
  [
    new RegExp(`(?:all )?traffic (?:stops|vanishes|gone|ends)(?: completely)? (?:at|after) (?:minute )?${length}`),
    (stop = '') => ({ trafficStopsMin: (readTime(stop) ?? 0) / minute }),
  ],
  [
    /(?:all )?traffic (?:stops|vanishes|gone|ends)(?: completely)? (?:at|after) minute (\d+)/,
    (stop = '') => ({ trafficStopsMin: Number(stop) }),
  ],
  [
    /(?:all )?traffic (?:stops|vanishes|ends) (?:with|after|at the end of) (?:the )?incident/,
    () => ({ stopsWithIncident: true }),
  ],
  [/(?:compare )?(?:>=|≥)/, () => ({ compare: '>=' })],
  [new RegExp(`(?:lasting |duration )${length}`), (lasts = '') => ({ durationMin: (readTime(lasts) ?? 0) / minute })],
  [/([\d.]+) ?%(?: errors?| error ratio)?/, (percent = '') => ({ errorRatio: Number(percent) / 100 })],
];
