import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiFailure } from './api-client.ts';
import { formatWholeShare } from './format.ts';

/** No figures yet, and none could be had. */
export function LoadFailure({ error, retry }: { readonly error: Error; readonly retry: () => void }): ReactNode {
  return (
    <section className="message" role="alert">
      <h1>The server can't be reached</h1>
      <p>{error.message}</p>
      {error instanceof ApiFailure && error.help !== undefined ? <p>{error.help}</p> : null}
      <button type="button" onClick={retry}>
        Try again
      </button>
    </section>
  );
}

/** Figures are on the screen, but they could not be refreshed: old figures must not pass for fresh ones. */
export function StaleBanner({ error, updatedAt }: { readonly error: Error; readonly updatedAt: number }): ReactNode {
  const time = new Date(updatedAt).toLocaleTimeString();
  return (
    <p className="banner" role="alert">
      These figures are from {time} and may be out of date: {error.message}
    </p>
  );
}

/** The server answers, but the source of its figures does not: they are the last known ones. */
export function LastKnown({ evaluatedAt }: { readonly evaluatedAt: number | null }): ReactNode {
  const when = evaluatedAt === null ? 'an unknown time' : new Date(evaluatedAt).toLocaleString();
  return (
    <p className="last-known" role="status">
      Last known figures, from {when}: their source does not answer.
    </p>
  );
}

/** Less than this share of the period has data: its figures are young, and said to be. */
const fullPeriod = 0.99;

/** A period that has not filled yet: what it says so far is no certainty. */
export function YoungPeriod({ seen }: { readonly seen: number | null }): ReactNode {
  if (seen === null || fullPeriod <= seen) return null;
  return <p className="last-known">Only {formatWholeShare(seen)} of the period has data so far.</p>;
}

export function Loading({ what }: { readonly what: string }): ReactNode {
  return (
    <p className="message" role="status">
      Loading {what} …
    </p>
  );
}

export function NotFound(): ReactNode {
  return (
    <section className="message">
      <h1>There is no such page</h1>
      <p>
        <Link to="/">All objectives</Link>
      </p>
    </section>
  );
}
