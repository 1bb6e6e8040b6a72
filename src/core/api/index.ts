export * from './prometheus.ts';
export * from './time.ts';
export * from './types.ts';
