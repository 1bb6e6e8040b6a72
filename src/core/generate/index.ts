export * from './artefacts.ts';
export * from './codes.ts';
export * from './names.ts';
export * from './options.ts';
export * from './service-rules.ts';
export * from './status-queries.ts';
