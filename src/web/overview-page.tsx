import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SloState, SloSummary } from '../core/api/index.ts';
import { fetchSlos } from './api-client.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatBurnRate, formatPercent, formatWindow } from './format.ts';
import { groupText } from './groups.ts';
import { LastKnown, LoadFailure, Loading, StaleBanner, YoungPeriod } from './messages.tsx';
import { Policies } from './policies.tsx';
import { StateBadge } from './state-badge.tsx';
import { countStates, currentBurnRate, filterSlos, states } from './states.ts';
import { periodText, promiseText, unmeasuredText } from './words.ts';

/** Are we keeping our promises? All objectives, worst budget first. */
export function OverviewPage(): ReactNode {
  const { q = '', state } = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['slos'],
    queryFn: ({ signal }) => fetchSlos(signal),
  });
  if (data === undefined)
    return error === null ? <Loading what="objectives" /> : <LoadFailure error={error} retry={refetch} />;
  const shown = filterSlos(data.slos, q, state);
  const search = (next: { readonly q?: string; readonly state?: string }): void => {
    void navigate({ search: next, replace: true });
  };
  return (
    <>
      {error === null ? null : <StaleBanner error={error} updatedAt={dataUpdatedAt} />}
      <StateFilter
        slos={data.slos}
        chosen={state}
        choose={(next) => search({ q, ...(next === undefined ? {} : { state: next }) })}
      />
      <input
        type="search"
        className="search"
        aria-label="Filter objectives"
        placeholder="Filter by service, objective or owner"
        value={q}
        onChange={(event) => search({ q: event.target.value, ...(state === undefined ? {} : { state }) })}
      />
      {0 < shown.length ? (
        <SloTable slos={shown} />
      ) : (
        <p className="message">
          {data.slos.length === 0
            ? 'This server has no objectives: start it with definitions, nines serve PATH.'
            : 'No objective matches.'}
        </p>
      )}
      <Policies query={q} />
    </>
  );
}

/** States that are asked for even if nothing is in them. */
const alwaysCounted: ReadonlySet<SloState> = new Set(['breached', 'burning', 'noData', 'ok']);

function StateFilter(props: {
  readonly slos: readonly SloSummary[];
  readonly chosen: string | undefined;
  readonly choose: (state: SloState | undefined) => void;
}): ReactNode {
  const counts = countStates(props.slos);
  return (
    <div className="counts">
      {states
        .filter(({ state }) => alwaysCounted.has(state) || 0 < (counts.get(state) ?? 0))
        .map(({ state, label }) => (
          <button
            key={state}
            type="button"
            className={`count state-${state}`}
            aria-pressed={props.chosen === state}
            onClick={() => props.choose(props.chosen === state ? undefined : state)}
          >
            <span className="count-figure">{counts.get(state) ?? 0}</span>
            <span className="count-label">
              <span className="shape" aria-hidden="true" />
              {label}
            </span>
          </button>
        ))}
    </div>
  );
}

function SloTable({ slos }: { readonly slos: readonly SloSummary[] }): ReactNode {
  return (
    <table className="slos">
      <thead>
        <tr>
          <th scope="col">Objective</th>
          <th scope="col">State</th>
          <th scope="col">Budget left</th>
          <th scope="col" className="number">
            Burn rate
          </th>
          <th scope="col" className="number">
            SLI
          </th>
          <th scope="col" className="number">
            Target
          </th>
        </tr>
      </thead>
      <tbody>
        {slos.map((slo) => (
          <SloRow key={`${slo.service}/${slo.name}`} slo={slo} />
        ))}
      </tbody>
    </table>
  );
}

function SloRow({ slo }: { readonly slo: SloSummary }): ReactNode {
  const burn = currentBurnRate(slo);
  const unmeasured = unmeasuredText(slo);
  return (
    <tr>
      <th scope="row">
        <Link
          to="/slos/$service/$slo"
          params={{ service: slo.service, slo: slo.name }}
          search={{ range: '7d' }}
          className="slo-link"
        >
          {slo.title}
        </Link>
        <span className="sub">
          {slo.service} · {slo.owner}
          {slo.group === null ? null : ` · worst: ${groupText(slo.group)}`}
        </span>
        {unmeasured === undefined ? null : <span className="sub">{unmeasured}</span>}
        <YoungPeriod seen={slo.periodSeen} />
        {slo.outdated ? <LastKnown evaluatedAt={slo.evaluatedAt} /> : null}
      </th>
      <td>
        <StateBadge state={slo.state} invariant={slo.invariant} />
      </td>
      <td>
        {slo.invariant || unmeasured !== undefined ? (
          <span className="sub">{slo.invariant ? 'has none' : '–'}</span>
        ) : (
          <BudgetBar remaining={slo.budget.remainingRatio} />
        )}
      </td>
      <td className="number" data-label="Burn rate">
        {burn === undefined ? (
          '–'
        ) : (
          <>
            <span className={1 < burn.burnRate ? 'hot' : ''}>{formatBurnRate(burn.burnRate)}</span>
            <span className="sub">over {formatWindow(burn.windowSeconds)}</span>
          </>
        )}
      </td>
      <td className="number" data-label="SLI">
        {formatPercent(slo.sli)}
      </td>
      <td className="number" data-label="Target">
        {promiseText(slo)}
        <span className="sub">
          {slo.invariant ? 'shown ' : ''}over {periodText(slo.period)}
        </span>
      </td>
    </tr>
  );
}
