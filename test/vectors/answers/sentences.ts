import { type Duration, day, duration, minute, type Ratio, ratio } from '../../../src/core/base/index.ts';
import {
  allowedEvents,
  budgetConsumed,
  budgetShareAt,
  burnRateFor,
  burnRateOf,
  clearingTime,
  crossingTime,
  errorRatioAt,
  errorRatioOf,
  timeToExhaustion,
  type WindowAlert,
} from '../../../src/core/slo/index.ts';
import { targetOf, Unanswered } from '../facts.ts';
import type { Answers } from '../group.ts';
import { readSentence, type Sentence } from '../sentence.ts';
import type { Vector } from '../vector.ts';

/** Vectors that put their question in a sentence, as the workbook's prose does. What it doesn't say is the workbook's: 99.9 % over 30 d. */
export function sentenceAnswers(text: string, vector: Vector, all: readonly Vector[]): Answers {
  const sentence = (): Sentence => readSentence(text, sentenceBefore(vector, all));
  const withDefaults = () => {
    const read = sentence();
    return {
      ...read,
      errorBudget: (read.target ?? targetOf('99.9%')).errorBudget,
      period: read.period ?? duration(30 * day),
      errorRatio: read.errorRatio ?? ratio(1),
    };
  };
  return {
    exact: () => answerTo(withDefaults()),
    ratio: () => errorsOf(withDefaults()),
    burn: () => burnRateOf(errorsOf(withDefaults()), withDefaults().errorBudget),
  };
}

type Complete = Sentence & {
  readonly errorBudget: Ratio;
  readonly period: Duration;
  readonly errorRatio: Ratio;
};

function sentenceBefore(vector: Vector, all: readonly Vector[]): string | undefined {
  const before = all.slice(0, all.indexOf(vector)).findLast(({ input }) => typeof input === 'string');
  return typeof before?.input === 'string' ? before.input : undefined;
}

function answerTo(sentence: Complete): unknown {
  const { question, errorBudget, period, errorRatio } = sentence;
  const burnRate = sentence.burnRate ?? sentence.tier?.burnRate;
  const window = sentence.window ?? sentence.tier?.longWindow ?? sentence.length;
  switch (question) {
    case 'alerts a day':
      return day / known(window, 'window');
    case 'ratio and burn':
      return { ratio: errorsOf(sentence), burn: burnRateOf(errorsOf(sentence), errorBudget) };
    case 'requests':
      return requestsIn(sentence, period);
    case 'allowed failures':
      return Math.floor(allowedEvents(requestsIn(sentence, period), errorBudget) + 1e-9);
    case 'share of failures':
      return (sentence.failures ?? 1) / allowedEvents(requestsIn(sentence, period), errorBudget);
    case 'share of spikes':
      // The workbook's spikes are five minutes of full outage.
      return (
        (sentence.spikes ?? 1) *
        budgetConsumed(errorRatio, sentence.length ?? duration(5 * minute), errorBudget, period)
      );
    case 'detection':
      return inUnit(sentence, detection(sentence));
    case 'reset':
      return inUnit(sentence, clearingTime(alertOf(sentence), stepOf(sentence)));
    case 'exhaustion':
      return inUnit(sentence, timeToExhaustion(ratio(1), burnRate ?? burnRateOf(errorRatio, errorBudget), period));
    case 'burn':
      if (sentence.budgetShare === undefined) return burnRateOf(errorRatio, errorBudget);
      return burnRateFor(sentence.budgetShare, known(window, 'window'), period);
    case 'window':
      return inUnit(sentence, duration((known(sentence.budgetShare, 'share') * period) / (burnRate ?? 1)));
    case 'share':
      return shareOf(sentence);
    case undefined:
      throw new Unanswered('the sentence asks nothing that is understood');
  }
}

/** What an outage spends before its alert fires: all of its length if it has one, the `for` of the alert, or the alert's own share. */
function shareOf(sentence: Complete): Ratio {
  const { errorBudget, period, errorRatio, tier } = sentence;
  const holdFor = sentence.holdFor ?? tier?.holdFor ?? duration(0);
  const length = sentence.length ?? (0 < holdFor ? holdFor : undefined);
  if (length !== undefined) return budgetConsumed(errorRatio, length, errorBudget, period);
  return budgetShareAt(
    sentence.burnRate ?? tier?.burnRate ?? 1,
    known(sentence.window ?? tier?.longWindow, 'window'),
    period,
  );
}

function detection(sentence: Complete): Duration | undefined {
  const alert = alertOf(sentence);
  const crossed = crossingTime(alert, stepOf(sentence));
  return crossed === undefined ? undefined : duration(crossed + alert.holdFor);
}

function alertOf({
  threshold,
  burnRate,
  window,
  shortWindow,
  only,
  holdFor,
  tier,
  errorBudget,
}: Complete): WindowAlert {
  const longWindow = known(window ?? tier?.longWindow, 'window');
  const short = shortWindow ?? (window === undefined ? tier?.shortWindow : undefined) ?? longWindow;
  return {
    threshold: threshold ?? errorRatioAt(burnRate ?? tier?.burnRate ?? 1, errorBudget),
    comparison: '>',
    longWindow: only === 'short' ? short : longWindow,
    shortWindow: only === 'long' ? longWindow : short,
    holdFor: holdFor ?? tier?.holdFor ?? duration(0),
  };
}

function stepOf({ errorRatio }: Complete) {
  return { background: ratio(0), during: errorRatio };
}

/** The error ratio of some failures among an hour's requests. */
function errorsOf(sentence: Complete): Ratio {
  const errors = errorRatioOf({
    bad: known(sentence.failures, 'failures'),
    total: known(sentence.requestsPerHour, 'rate of requests'),
  });
  return known(errors, 'requests');
}

function requestsIn(sentence: Complete, length: Duration): number {
  return (known(sentence.requestsPerHour, 'rate of requests') * length) / (60 * minute);
}

function inUnit({ unit }: Complete, length: Duration | undefined): number | null {
  return length === undefined ? null : length / known(unit, 'unit for the answer');
}

function known<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) throw new Unanswered(`the sentence has no ${what}`);
  return value;
}
