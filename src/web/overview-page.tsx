import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SloState, SloSummary } from '../core/api/index.ts';
import { fetchSlos } from './api-client.ts';
import { LoadFailure, Loading, StaleBanner } from './messages.tsx';
import { Policies } from './policies.tsx';
import { Services } from './services.tsx';
import { SloTable } from './slo-list.tsx';
import { countStates, filterSlos, states } from './states.ts';

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
      <Services query={q} />
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
