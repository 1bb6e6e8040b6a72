import { createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { Layout } from './layout.tsx';
import { NotFound } from './messages.tsx';
import { OverviewPage } from './overview-page.tsx';
import { type RangeName, readRange } from './ranges.ts';
import { ServicePage } from './service-page.tsx';
import { SloPage } from './slo-page.tsx';

const rootRoute = createRootRoute({ component: Layout, notFoundComponent: NotFound });

export interface OverviewSearch {
  /** Words to look for in service, objective and owner. */
  readonly q?: string;
  readonly state?: string;
}

export const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: OverviewPage,
  validateSearch: (search: Record<string, unknown>): OverviewSearch => ({
    ...(typeof search['q'] === 'string' && search['q'] !== '' ? { q: search['q'] } : {}),
    ...(typeof search['state'] === 'string' ? { state: search['state'] } : {}),
  }),
});

export const serviceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/services/$service',
  component: ServicePage,
});

export interface SloSearch {
  readonly range: RangeName;
  /** The group of a grouped objective whose history is shown; the worst one if absent. */
  readonly group?: string;
}

export const sloRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/slos/$service/$slo',
  component: SloPage,
  validateSearch: (search: Record<string, unknown>): SloSearch => ({
    range: readRange(search['range']),
    ...(typeof search['group'] === 'string' && search['group'] !== '' ? { group: search['group'] } : {}),
  }),
});

const routeTree = rootRoute.addChildren([overviewRoute, serviceRoute, sloRoute]);

// The route stands behind the `#`, so that any server and any path prefix can serve the page as plain files.
export const router = createRouter({ routeTree, history: createHashHistory() });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
