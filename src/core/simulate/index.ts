export * from './forecast.ts';
export * from './strategies.ts';
export * from './suggest.ts';
