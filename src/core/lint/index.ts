export type { Check, Finding } from './check.ts';
export * from './lint.ts';
