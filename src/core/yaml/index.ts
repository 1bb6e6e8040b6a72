export { yamlCodes } from './codes.ts';
export * from './node.ts';
export * from './print.ts';
export * from './read.ts';
export * from './scalar-offset.ts';
