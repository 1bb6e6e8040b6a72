export * from './lint.ts';
export { lintCheckIds, lintCodes } from './lint-codes.ts';
export { type DocumentKind, documentKind, lintDocument } from './lint-document.ts';
