import { day } from '../../base/index.ts';
import { monthLength, readTarget, type SloDetails, type TargetChange } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { accept, type Reading, reportValue, writtenAt } from './reading.ts';
import type { SloInput } from './slo-input.ts';
import type { PartialSlo } from './slo-schema.ts';

type Words = Pick<
  SloDetails,
  | 'role'
  | 'category'
  | 'criticality'
  | 'journey'
  | 'customers'
  | 'rationale'
  | 'impact'
  | 'costs'
  | 'dependsOn'
  | 'aspiration'
  | 'evidence'
  | 'targetHistory'
  | 'dashboard'
>;

/** Reads what an objective says beyond its promise. */
export function readDetails(reading: Reading, path: YamlPath, input: PartialSlo): Words {
  const { criticality, journey, rationale, evidence, dashboard } = input;
  const aspiration =
    input.aspiration === undefined
      ? undefined
      : accept(reading, [...path, 'aspiration'], readTarget(writtenAt(reading, [...path, 'aspiration'])));
  return {
    role: input.role ?? 'primary',
    category: input.category ?? 'user',
    ...(criticality === undefined ? {} : { criticality }),
    ...(journey === undefined ? {} : { journey }),
    customers: listOf(input.customers),
    ...(rationale === undefined ? {} : { rationale }),
    impact: listOf(input.impact),
    costs: listOf(input.costs),
    dependsOn: listOf(input.dependsOn),
    ...(aspiration === undefined ? {} : { aspiration }),
    ...(evidence === undefined ? {} : { evidence }),
    targetHistory: readHistory(reading, [...path, 'targetHistory'], input.targetHistory ?? []),
    ...(dashboard === undefined ? {} : { dashboard }),
  };
}

function listOf(words: string | readonly string[] | undefined): readonly string[] {
  return typeof words === 'string' ? [words] : (words ?? []);
}

function readHistory(
  reading: Reading,
  path: YamlPath,
  inputs: NonNullable<SloInput['targetHistory']>,
): readonly TargetChange[] {
  return inputs.flatMap(({ since, reason }, index): readonly TargetChange[] => {
    const place = [...path, index, 'target'];
    const target = accept(reading, place, readTarget(writtenAt(reading, place)));
    if (!isDate(since)) {
      reportValue(reading, [...path, index, 'since'], {
        severity: 'error',
        code: 'definition/date',
        message: `\`${since}\` is not a date`,
        help: 'write for example 2026-03-01',
      });
    }
    return target === undefined ? [] : [{ target, since, ...(reason === undefined ? {} : { reason }) }];
  });
}

/** Whether a text is a day that exists. */
function isDate(text: string): boolean {
  const [, year, month, date] = (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || date === undefined || month < 1 || 12 < month) return false;
  return 1 <= date && date * day <= monthLength(year, month);
}
