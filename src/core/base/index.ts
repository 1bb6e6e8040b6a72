export * from './checkpoint.ts';
export * from './code-frame.ts';
export * from './diagnostic.ts';
export * from './duration.ts';
export * from './place.ts';
export * from './suggest.ts';
export * from './units.ts';
export * from './unreachable.ts';
