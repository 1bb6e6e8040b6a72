import { Link, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** The frame of every page. */
export function Layout(): ReactNode {
  return (
    <>
      <header className="top">
        <Link to="/" className="brand">
          Nines
        </Link>
        <span className="tagline">error budgets, live</span>
      </header>
      <main>
        <Outlet />
      </main>
    </>
  );
}
