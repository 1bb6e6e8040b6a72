export * from './lint.ts';
