import type { ReactNode } from 'react';
import type { SloDetail, WholePeriodStatus } from '../core/api/index.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatCount, formatPercent, formatSeconds, formatValue, unknownText } from './format.ts';
import { sliText, unitText } from './words.ts';

/** The figures of the main period: of the budget, or of an invariant how often it was broken. */
export function Figures({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { budget, measure } = slo;
  const countsSlices = measure.kind === 'slices' && measure.sliceSeconds !== null;
  if (slo.invariant) {
    return (
      <dl className="figures">
        <Figure name={`Broken in ${unitText(slo)}`}>{countsOf(slo)}</Figure>
        {countsSlices ? <Figure name="As time, at most">{timeOf(slo, slo.badEvents)}</Figure> : null}
        <Figure name={sliText(slo)}>{formatPercent(slo.sli)}</Figure>
        {slo.raw === null ? null : <Figure name="With nothing excluded">{formatPercent(slo.raw.sli)}</Figure>}
      </dl>
    );
  }
  return (
    <dl className="figures">
      <Figure name="Budget left">
        <BudgetBar remaining={budget.remainingRatio} />
      </Figure>
      {slo.raw === null ? null : (
        <Figure name="With nothing excluded">
          <BudgetBar remaining={slo.raw.budgetRemaining} />
        </Figure>
      )}
      {measure.kind === 'mixed' ? null : (
        <Figure name={`As bad ${unitText(slo)}`}>{formatCount(budget.remainingEvents)}</Figure>
      )}
      {countsSlices ? (
        <Figure name="As time">{timeOf(slo, budget.remainingEvents)}</Figure>
      ) : (
        <Figure name="As an outage at average traffic">{formatSeconds(budget.remainingSeconds)}</Figure>
      )}
      <Figure name={sliText(slo)}>{formatPercent(slo.sli)}</Figure>
      {measure.kind === 'mixed' ? null : <Figure name={`Bad of all ${unitText(slo)}`}>{countsOf(slo)}</Figure>}
      {slo.quantiles.map(({ quantile, value }) => (
        <Figure key={quantile} name={`P${Number((100 * quantile).toPrecision(6))} of the last 5m`}>
          {value === null ? unknownText : formatValue(value, slo.unit)}
        </Figure>
      ))}
      {slo.wholePeriod === null ? null : <WholePeriod slo={slo} whole={slo.wholePeriod} />}
      {slo.periodStart === null ? null : (
        <Figure name="The period began">{new Date(slo.periodStart).toLocaleString()}</Figure>
      )}
    </dl>
  );
}

/** What only a calendar period has. */
function WholePeriod({ slo, whole }: { readonly slo: SloDetail; readonly whole: WholePeriodStatus }): ReactNode {
  const { budgetAtEnd, previousSli, previousBudgetRemaining } = whole;
  return (
    <>
      <Figure name="Left at the end of the period, if nothing more goes wrong">
        <BudgetBar remaining={budgetAtEnd} />
      </Figure>
      <Figure name={`${sliText(slo)}, the period before`}>{formatPercent(previousSli)}</Figure>
      <Figure name="Budget left, the period before">
        <BudgetBar remaining={previousBudgetRemaining} />
      </Figure>
    </>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Counts of bad and all; one dash where nothing is known. */
export function countsOf(counts: Pick<SloDetail, 'badEvents' | 'totalEvents'>): string {
  const { badEvents, totalEvents } = counts;
  return badEvents === null || totalEvents === null
    ? unknownText
    : `${formatCount(badEvents)} of ${formatCount(totalEvents)}`;
}

function timeOf({ measure }: SloDetail, slices: number | null): string {
  return formatSeconds(slices === null || measure.sliceSeconds === null ? null : slices * measure.sliceSeconds);
}
