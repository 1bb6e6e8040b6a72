/** The public API: services defined, read, printed and checked from TypeScript. `nines/promql` is a second entry. */
export type { Diagnostic, LocatedDiagnostic, Outcome, Severity, Source, Span } from './core/base/index.ts';
export { formatDiagnostic } from './core/base/index.ts';
export type {
  AlertConditionInput,
  AlertInput,
  ClassesInput,
  CompositeInput,
  ConditionAlertInput,
  ConditionInput,
  DefinitionInput,
  MetricInput,
  ServiceInput,
  SloInput,
} from './core/formats/index.ts';
export { DefinitionError, defineService, printDefinition, readDefinitions } from './core/formats/index.ts';
export { lintService } from './core/lint/index.ts';
export type {
  AlertCondition,
  BurnRateTier,
  CompositeIndicator,
  Condition,
  ConditionAlert,
  ConditionIndicator,
  DistributionIndicator,
  Indicator,
  Measure,
  Metric,
  Period,
  RatioIndicator,
  Service,
  Slo,
  Target,
} from './core/slo/index.ts';
