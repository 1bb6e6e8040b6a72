import { percentileText, readPercentile, type Target } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey } from './reading.ts';
import type { PartialSlo } from './slo-schema.ts';

/** One objective of those that stand under a name, and where its bound and target were written. */
export interface Part {
  readonly name: string;
  readonly title?: string;
  readonly path: YamlPath;
  readonly input: PartialSlo;
  /** Where the bound of a distribution stands. */
  readonly belowPath: YamlPath;
  /** The target, where a percentile says it. */
  readonly target?: Target;
  readonly family?: string;
  /** Whether another objective of the name has the alerts on other things than budgets already. */
  readonly isFurther?: true;
}

/** The objectives under a name: one, or with `percentiles` one for each of them, all of one family. */
export function partsOf(reading: Reading, name: string, input: PartialSlo): readonly Part[] {
  const path = ['slos', name];
  const { percentiles, title } = input;
  if (percentiles === undefined) {
    const whole = { name, path, input, belowPath: [...path, 'below'] };
    return [title === undefined ? whole : { ...whole, title }];
  }
  for (const key of ['target', 'maxErrorRatio', 'percentile', 'below', 'alertNames'] as const) {
    if (input[key] === undefined) continue;
    reportKey(reading, [...path, key], {
      severity: 'error',
      code: 'slo/percentiles',
      message: `\`${key}\` means nothing beside \`percentiles\`, which makes an objective for each of them`,
      help: key === 'alertNames' ? 'remove it, or write the objectives one by one' : 'remove it',
    });
  }
  const { below: _below, percentile: _percentile, alertNames: _names, ...rest } = input;
  return Object.entries(percentiles).flatMap(([key, below], index): readonly Part[] => {
    const outcome = readPercentile(key);
    if (!outcome.ok) {
      for (const { span: _, ...remark } of outcome.diagnostics)
        reportKey(reading, [...path, 'percentiles', key], remark);
      return [];
    }
    const target = outcome.value;
    const percentile = percentileText(target.ratio);
    return [
      {
        // A name has no points: p99.9 is p99-9.
        name: `${name}-${percentile.replace('.', '-')}`,
        ...(title === undefined ? {} : { title: `${title} ${percentile}` }),
        path,
        input: { ...rest, below },
        belowPath: [...path, 'percentiles', key],
        target,
        family: name,
        ...(0 < index && { isFurther: true }),
      },
    ];
  });
}
