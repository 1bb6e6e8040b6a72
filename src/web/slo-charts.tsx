import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SloDetail, SloHistory } from '../core/api/index.ts';
import { fetchHistory } from './api-client.ts';
import { formatCount, formatPercent } from './format.ts';
import { groupText, readGroup } from './groups.ts';
import { LoadFailure, Loading } from './messages.tsx';
import { chartStep, rangeNames, ranges } from './ranges.ts';
import { TimeChart } from './time-chart.tsx';
import { periodText, sliText, unitText } from './words.ts';

/** How the objective came to stand as it does, over a range that the reader chooses. */
export function Charts({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { range, group = '' } = useSearch({ from: '/slos/$service/$slo' });
  const seconds = ranges[range];
  const { data, error, refetch } = useQuery({
    queryKey: ['history', slo.service, slo.name, range, group],
    queryFn: ({ signal }) => fetchHistory(slo.service, slo.name, seconds, chartStep(seconds), readGroup(group), signal),
    refetchInterval: 60_000,
  });
  return (
    <section aria-label="History">
      {group === '' ? null : <h2>{groupText(readGroup(group))}</h2>}
      <nav className="ranges" aria-label="Range">
        {rangeNames.map((name) => (
          <Link
            key={name}
            to="/slos/$service/$slo"
            params={{ service: slo.service, slo: slo.name }}
            search={group === '' ? { range: name } : { range: name, group }}
          >
            {name}
          </Link>
        ))}
      </nav>
      {data === undefined ? (
        error === null ? (
          <Loading what="its history" />
        ) : (
          <LoadFailure error={error} retry={refetch} />
        )
      ) : (
        <ChartsOf slo={slo} history={data} />
      )}
    </section>
  );
}

/** A chart of each figure that the objective has. */
function ChartsOf({ slo, history }: { readonly slo: SloDetail; readonly history: SloHistory }): ReactNode {
  const { timestamps, budgetRemaining, sli, errorRatio, eventsPerSecond } = history;
  return (
    <div className="charts">
      {slo.invariant ? null : (
        <TimeChart
          title="Error budget left"
          timestamps={timestamps}
          lines={[{ label: 'Budget left', values: budgetRemaining, color: '--line', fill: true }]}
          reference={{ label: 'Spent', value: 0 }}
          format={formatPercent}
        />
      )}
      <TimeChart
        title={`${sliText(slo)} over ${periodText(slo.period)}`}
        timestamps={timestamps}
        lines={[{ label: 'SLI', values: sli, color: '--line' }]}
        reference={{ label: 'Target', value: slo.targetRatio }}
        format={formatPercent}
      />
      {errorRatio === null ? null : (
        <TimeChart
          title={`Share of bad ${unitText(slo)}`}
          timestamps={timestamps}
          lines={[{ label: 'Bad', values: errorRatio, color: '--line-bad' }]}
          format={formatPercent}
        />
      )}
      {eventsPerSecond === null ? null : (
        <TimeChart
          title="Events per second"
          timestamps={timestamps}
          lines={[{ label: 'Events/s', values: eventsPerSecond, color: '--line' }]}
          format={formatCount}
        />
      )}
    </div>
  );
}
