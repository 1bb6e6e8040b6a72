/** The public API: services defined, read, printed and checked from TypeScript. `nines/promql` is a second entry. */
export type { Diagnostic, LocatedDiagnostic, Outcome, Severity, Source, Span } from './core/base/index.ts';
export { formatDiagnostic } from './core/base/index.ts';
export type { AlertInput, DefinitionInput, MetricInput, ServiceInput, SloInput } from './core/formats/index.ts';
export { DefinitionError, defineService, printDefinition, readDefinitions } from './core/formats/index.ts';
export { lintService } from './core/lint/index.ts';
export type {
  BurnRateTier,
  DistributionIndicator,
  Indicator,
  Metric,
  Period,
  RatioIndicator,
  Service,
  Slo,
  Target,
} from './core/slo/index.ts';
