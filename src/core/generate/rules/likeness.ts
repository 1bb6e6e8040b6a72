import type { Duration } from '../../base/index.ts';
import type { Slo } from '../../slo/index.ts';
import { type LevelNeeds, type Levels, levelsOf } from '../levels.ts';
import { remembered } from './remembered.ts';

/**
 * What objectives have in common that promise the same and are as cautious about alerts, whatever their names and indicators: thousands do, and
 * their sums, the conditions of their alerts and the words of these are made once.
 */
export interface Likeness {
  readonly levels: Levels;
  /** The same for all that are alike, and for no others. */
  readonly key: string;
}

const likenesses = remembered<Likeness>();

/** One that is made again after it was forgotten has another number, so that none ever means two. */
let lastNumber = 0;

/** The likeness of an objective with all that `Promised` and `Cautious` let others look at. */
export function likenessOf(slo: Slo, interval: Duration, needs: LevelNeeds): Likeness {
  const { lifecycle, target, period, furtherPeriods, groupBy, measure, minimumBadEvents, minimumEvents } = slo;
  const windows = slo.alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]);
  const promise = [lifecycle, target, period, furtherPeriods, groupBy, windows];
  const text = JSON.stringify([promise, measure, minimumBadEvents, minimumEvents, interval, needs]);
  return likenesses(text, () => {
    lastNumber += 1;
    return { levels: levelsOf(slo, interval, needs), key: String(lastNumber) };
  });
}
