import type { AlertWords, BurnRateTier, Severity } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { AlertInput } from './alert-input.ts';
import { readAnnotations, readLabels } from './label-map.ts';
import { type Reading, reportKey } from './reading.ts';
import type { PartialSlo } from './slo-schema.ts';

/** Reads the labels and annotations of one alert on a budget; `groupBy` are the labels that tell groups of the objective apart. */
export function readWords(
  reading: Reading,
  path: YamlPath,
  { labels, annotations, profile = 'standard' }: Pick<AlertInput, 'labels' | 'annotations' | 'profile'>,
  groupBy: readonly string[],
): AlertWords {
  const taken = profile === 'standard' ? groupBy : [...groupBy, 'profile'];
  return joined(
    {},
    {
      labels: readLabels(reading, [...path, 'labels'], labels ?? {}, taken),
      annotations: readAnnotations(reading, [...path, 'annotations'], annotations ?? {}),
    },
  );
}

/** Gives the alerts on a budget what is written for their severity, in `alertLabels` and `alertAnnotations`; their own words count first. */
export function applyWords(
  reading: Reading,
  path: YamlPath,
  { alertLabels = {}, alertAnnotations = {}, groupBy = [] }: PartialSlo,
  alerts: readonly BurnRateTier[],
): readonly BurnRateTier[] {
  const severities: readonly Severity[] = ['page', 'ticket', 'info'];
  const words = new Map(
    severities.map((severity): readonly [Severity, Required<AlertWords>] => [
      severity,
      {
        labels: readLabels(reading, [...path, 'alertLabels', severity], alertLabels[severity] ?? {}, groupBy),
        annotations: readAnnotations(
          reading,
          [...path, 'alertAnnotations', severity],
          alertAnnotations[severity] ?? {},
        ),
      },
    ]),
  );
  for (const [key, input] of [
    ['alertLabels', alertLabels],
    ['alertAnnotations', alertAnnotations],
  ] as const)
    for (const severity of severities) {
      if (input[severity] === undefined || alerts.some((alert) => alert.severity === severity)) continue;
      reportKey(reading, [...path, key, severity], {
        severity: 'warning',
        code: 'alert/words',
        message: `the objective has no ${severity} alert on its budget that this would be for`,
        help: 'remove it, or write the alert under `alerts:`',
      });
    }
  return alerts.map((alert) => {
    const { labels: _, annotations: __, ...rest } = alert;
    return { ...rest, ...joined(words.get(alert.severity) ?? {}, alert) };
  });
}

/** Words with others over them; what nobody says is left out. */
function joined(below: AlertWords, above: AlertWords): AlertWords {
  const labels = new Map([...(below.labels ?? []), ...(above.labels ?? [])]);
  const annotations = new Map([...(below.annotations ?? []), ...(above.annotations ?? [])]);
  return { ...(labels.size === 0 ? {} : { labels }), ...(annotations.size === 0 ? {} : { annotations }) };
}
