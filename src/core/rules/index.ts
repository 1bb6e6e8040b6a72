export * from './codes.ts';
export * from './model.ts';
export * from './print-rule-file.ts';
export * from './read-rule-file.ts';
