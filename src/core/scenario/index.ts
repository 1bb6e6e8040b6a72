export * from './codes.ts';
export * from './model.ts';
export * from './page.ts';
export * from './read.ts';
export * from './series.ts';
export * from './truth.ts';
