export * from './exposition-file.ts';
export * from './http-client.ts';
export * from './metric-catalogue.ts';
export * from './prometheus.ts';
export { readRange as readSamples } from './prometheus-json.ts';
