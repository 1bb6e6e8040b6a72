import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  // Relative addresses, so that the page works behind any path prefix of a proxy.
  base: './',
  build: { outDir: '../../dist/web', emptyOutDir: true, target: 'es2023' },
  // For work on the page: `npx vite src/web` beside a running `nines demo`.
  server: { proxy: { '/api': 'http://127.0.0.1:9990' } },
});
