export * from './definition/codes.ts';
export * from './definition/define.ts';
export * from './definition/input.ts';
export { printDefinition } from './definition/print.ts';
export { readDefinitions } from './definition/read.ts';
export { definitionJsonSchema } from './definition/schema.ts';
export * from './dialect.ts';
export * from './dialect-codes.ts';
export * from './dialect-targets.ts';
