import type { DocumentCheck } from './document-check.ts';
import { absentNeverFires } from './document-checks/absent-never-fires.ts';
import { absentNumerator } from './document-checks/absent-numerator.ts';
import { alertFalsePositive } from './document-checks/alert-false-positive.ts';
import { alertMissing } from './document-checks/alert-missing.ts';
import { alertText } from './document-checks/alert-text.ts';
import { alertThresholdVsSlo } from './document-checks/alert-threshold-vs-slo.ts';
import { alertWithoutSlo } from './document-checks/alert-without-slo.ts';
import { alertmanagerTiming } from './document-checks/alertmanager-timing.ts';
import { annotation } from './document-checks/annotation.ts';
import { budgetConstant } from './document-checks/budget-constant.ts';
import { budgetFormula } from './document-checks/budget-formula.ts';
import { budgetTableArithmetic } from './document-checks/budget-table-arithmetic.ts';
import { burnThresholdScale } from './document-checks/burn-threshold-scale.ts';
import { commentVsExpr } from './document-checks/comment-vs-expr.ts';
import { consumptionUnit } from './document-checks/consumption-unit.ts';
import { contradiction } from './document-checks/contradiction.ts';
import { contradictoryTargets } from './document-checks/contradictory-targets.ts';
import { dashboardJson } from './document-checks/dashboard-json.ts';
import { deadLink } from './document-checks/dead-link.ts';
import { definitionDrift } from './document-checks/definition-drift.ts';
import { demandDriven } from './document-checks/demand-driven.ts';
import { deprecated } from './document-checks/deprecated.ts';
import { docNotation } from './document-checks/doc-notation.ts';
import { doubleEmit } from './document-checks/double-emit.ts';
import { downtimeVsRequests } from './document-checks/downtime-vs-requests.ts';
import { drillWithoutAlerts } from './document-checks/drill-without-alerts.ts';
import { duplicateSli } from './document-checks/duplicate-sli.ts';
import { duplicateSlo } from './document-checks/duplicate-slo.ts';
import { exhaustionClaim } from './document-checks/exhaustion-claim.ts';
import { fenceLanguage } from './document-checks/fence-language.ts';
import { firesAfterExhaustion } from './document-checks/fires-after-exhaustion.ts';
import { firstSampleLost } from './document-checks/first-sample-lost.ts';
import { gaugeUnaggregated } from './document-checks/gauge-unaggregated.ts';
import { globVsRegex } from './document-checks/glob-vs-regex.ts';
import { goodBadComplement } from './document-checks/good-bad-complement.ts';
import { goodClass } from './document-checks/good-class.ts';
import { groupingNotComposition } from './document-checks/grouping-not-composition.ts';
import { histogramBaseName } from './document-checks/histogram-base-name.ts';
import { histogramBucketBound } from './document-checks/histogram-bucket-bound.ts';
import { indicatorWithoutObjective } from './document-checks/indicator-without-objective.ts';
import { invariantSemantics } from './document-checks/invariant-semantics.ts';
import { labelUndeclared } from './document-checks/label-undeclared.ts';
import { labelValueUnknown } from './document-checks/label-value-unknown.ts';
import { lowPrecision } from './document-checks/low-precision.ts';
import { lowVolumeWindow } from './document-checks/low-volume-window.ts';
import { maxVsInstant } from './document-checks/max-vs-instant.ts';
import { metricConfusion } from './document-checks/metric-confusion.ts';
import { metricNameDrift } from './document-checks/metric-name-drift.ts';
import { metricType } from './document-checks/metric-type.ts';
import { metricUndeclared } from './document-checks/metric-undeclared.ts';
import { metricUnused } from './document-checks/metric-unused.ts';
import { missingCell } from './document-checks/missing-cell.ts';
import { missingForAnnotations } from './document-checks/missing-for-annotations.ts';
import { missingMetadata } from './document-checks/missing-metadata.ts';
import { missingWindow } from './document-checks/missing-window.ts';
import { mojibake } from './document-checks/mojibake.ts';
import { nameVsSeverity } from './document-checks/name-vs-severity.ts';
import { noData } from './document-checks/no-data.ts';
import { noDataSource } from './document-checks/no-data-source.ts';
import { noInhibition } from './document-checks/no-inhibition.ts';
import { noShortWindow } from './document-checks/no-short-window.ts';
import { nonUserTraffic } from './document-checks/non-user-traffic.ts';
import { notABudget } from './document-checks/not-a-budget.ts';
import { objectiveWithoutBudget } from './document-checks/objective-without-budget.ts';
import { objectiveWithoutRatio } from './document-checks/objective-without-ratio.ts';
import { pageChrome } from './document-checks/page-chrome.ts';
import { perLabelThreshold } from './document-checks/per-label-threshold.ts';
import { percentVsRatio } from './document-checks/percent-vs-ratio.ts';
import { percentileBudget } from './document-checks/percentile-budget.ts';
import { policyBounds } from './document-checks/policy-bounds.ts';
import { policyConflict } from './document-checks/policy-conflict.ts';
import { policyNotBound } from './document-checks/policy-not-bound.ts';
import { policyNotComputable } from './document-checks/policy-not-computable.ts';
import { populationDrift } from './document-checks/population-drift.ts';
import { promqlSyntax } from './document-checks/promql-syntax.ts';
import { quantileBeyondBuckets } from './document-checks/quantile-beyond-buckets.ts';
import { quantileWithoutLe } from './document-checks/quantile-without-le.ts';
import { rangeVsRetention } from './document-checks/range-vs-retention.ts';
import { rateAsCount } from './document-checks/rate-as-count.ts';
import { ratioValidEvents } from './document-checks/ratio-valid-events.ts';
import { ratioWithoutAggregation } from './document-checks/ratio-without-aggregation.ts';
import { receiverUndefined } from './document-checks/receiver-undefined.ts';
import { recordNaming } from './document-checks/record-naming.ts';
import { regexNeverMatches } from './document-checks/regex-never-matches.ts';
import { regexTooWide } from './document-checks/regex-too-wide.ts';
import { resourceAsSlo } from './document-checks/resource-as-slo.ts';
import { responseExceedsBudget } from './document-checks/response-exceeds-budget.ts';
import { reviewNaming } from './document-checks/review-naming.ts';
import { riskLabel } from './document-checks/risk-label.ts';
import { routeUnreachable } from './document-checks/route-unreachable.ts';
import { ruleFileWrapper } from './document-checks/rule-file-wrapper.ts';
import { rulesInPrometheusYml } from './document-checks/rules-in-prometheus-yml.ts';
import { scopeMissing } from './document-checks/scope-missing.ts';
import { secretInline } from './document-checks/secret-inline.ts';
import { selectorTooWide } from './document-checks/selector-too-wide.ts';
import { shareButRate } from './document-checks/share-but-rate.ts';
import { slaNotLooser } from './document-checks/sla-not-looser.ts';
import { slaUndefined } from './document-checks/sla-undefined.ts';
import { sliContainsComparison } from './document-checks/sli-contains-comparison.ts';
import { sliWithoutQuery } from './document-checks/sli-without-query.ts';
import { sloWithoutAlert } from './document-checks/slo-without-alert.ts';
import { stackCumulative } from './document-checks/stack-cumulative.ts';
import { tableBroken } from './document-checks/table-broken.ts';
import { tableFlattened } from './document-checks/table-flattened.ts';
import { tablePolarityWindow } from './document-checks/table-polarity-window.ts';
import { thresholdOnlySlo } from './document-checks/threshold-only-slo.ts';
import { thresholdVsSlo } from './document-checks/threshold-vs-slo.ts';
import { thresholdWithoutAlert } from './document-checks/threshold-without-alert.ts';
import { tierDiffersFromCitedStandard } from './document-checks/tier-differs-from-cited-standard.ts';
import { tierMissing } from './document-checks/tier-missing.ts';
import { tooManySlos } from './document-checks/too-many-slos.ts';
import { undefinedQualifier } from './document-checks/undefined-qualifier.ts';
import { unit } from './document-checks/unit.ts';
import { unitSuffixMissing } from './document-checks/unit-suffix-missing.ts';
import { unknownKind } from './document-checks/unknown-kind.ts';
import { validEvents } from './document-checks/valid-events.ts';
import { vectorMatching } from './document-checks/vector-matching.ts';
import { windowMismatch } from './document-checks/window-mismatch.ts';
import { wrongDimension } from './document-checks/wrong-dimension.ts';
import { zeroBaseline } from './document-checks/zero-baseline.ts';

/** Every check of documents, by id. */
export const documentChecks: readonly DocumentCheck[] = [
  absentNeverFires,
  absentNumerator,
  alertFalsePositive,
  alertMissing,
  alertText,
  alertThresholdVsSlo,
  alertWithoutSlo,
  alertmanagerTiming,
  annotation,
  budgetConstant,
  budgetFormula,
  budgetTableArithmetic,
  burnThresholdScale,
  commentVsExpr,
  consumptionUnit,
  contradiction,
  contradictoryTargets,
  dashboardJson,
  deadLink,
  definitionDrift,
  demandDriven,
  deprecated,
  docNotation,
  doubleEmit,
  downtimeVsRequests,
  drillWithoutAlerts,
  duplicateSli,
  duplicateSlo,
  exhaustionClaim,
  fenceLanguage,
  firesAfterExhaustion,
  firstSampleLost,
  gaugeUnaggregated,
  globVsRegex,
  goodBadComplement,
  goodClass,
  groupingNotComposition,
  histogramBaseName,
  histogramBucketBound,
  indicatorWithoutObjective,
  invariantSemantics,
  labelUndeclared,
  labelValueUnknown,
  lowPrecision,
  lowVolumeWindow,
  maxVsInstant,
  metricConfusion,
  metricNameDrift,
  metricType,
  metricUndeclared,
  metricUnused,
  missingCell,
  missingForAnnotations,
  missingMetadata,
  missingWindow,
  mojibake,
  nameVsSeverity,
  noData,
  noDataSource,
  noInhibition,
  noShortWindow,
  nonUserTraffic,
  notABudget,
  objectiveWithoutBudget,
  objectiveWithoutRatio,
  pageChrome,
  perLabelThreshold,
  percentVsRatio,
  percentileBudget,
  policyBounds,
  policyConflict,
  policyNotBound,
  policyNotComputable,
  populationDrift,
  promqlSyntax,
  quantileBeyondBuckets,
  quantileWithoutLe,
  rangeVsRetention,
  rateAsCount,
  ratioValidEvents,
  ratioWithoutAggregation,
  receiverUndefined,
  recordNaming,
  regexNeverMatches,
  regexTooWide,
  resourceAsSlo,
  responseExceedsBudget,
  reviewNaming,
  riskLabel,
  routeUnreachable,
  ruleFileWrapper,
  rulesInPrometheusYml,
  scopeMissing,
  secretInline,
  selectorTooWide,
  shareButRate,
  slaNotLooser,
  slaUndefined,
  sliContainsComparison,
  sliWithoutQuery,
  sloWithoutAlert,
  stackCumulative,
  tableBroken,
  tableFlattened,
  tablePolarityWindow,
  thresholdOnlySlo,
  thresholdVsSlo,
  thresholdWithoutAlert,
  tierDiffersFromCitedStandard,
  tierMissing,
  tooManySlos,
  undefinedQualifier,
  unit,
  unitSuffixMissing,
  unknownKind,
  validEvents,
  vectorMatching,
  windowMismatch,
  wrongDimension,
  zeroBaseline,
];
