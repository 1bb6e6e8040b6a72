export * from './exposition-file.ts';
export * from './http-client.ts';
export * from './prometheus.ts';
