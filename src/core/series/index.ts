export * from './histogram.ts';
export * from './labels.ts';
export * from './matcher.ts';
export * from './memory.ts';
export * from './regex.ts';
export * from './series.ts';
export * from './source.ts';
