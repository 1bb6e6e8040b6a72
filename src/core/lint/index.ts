export { type KnownMetrics, knownMetric, metricsOfPage } from './known-metrics.ts';
export * from './lint.ts';
export { lintCheckIds, lintCodes } from './lint-codes.ts';
export { type DocumentKind, documentKind, lintDocument, metricNames } from './lint-document.ts';
export { metricsOf as metricsOfServices } from './selectors.ts';
export * from './settings.ts';
