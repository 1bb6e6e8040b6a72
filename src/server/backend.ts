import type { PrometheusClient } from '../sources/index.ts';
import type { EmbeddedServer } from './embedded.ts';

/** Where samples and alerts live: in this process, or in a Prometheus. */
export type Backend =
  | { readonly kind: 'embedded'; readonly server: EmbeddedServer }
  | { readonly kind: 'prometheus'; readonly client: PrometheusClient };
