import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { router } from './router.tsx';
import 'uplot/dist/uPlot.min.css';
import './app.css';

const queryClient = new QueryClient({
  // Figures stay on the screen while they are refreshed, and after a failure, when a banner says how old they are.
  defaultOptions: { queries: { refetchInterval: 15_000, staleTime: 5_000, retry: 1 } },
});

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
