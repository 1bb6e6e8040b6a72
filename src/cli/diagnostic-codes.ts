import type { DiagnosticCode } from '../core/base/index.ts';
import { definitionCodes, dialectCodes } from '../core/formats/index.ts';
import { generateCodes } from '../core/generate/index.ts';
import { lintCodes } from '../core/lint/index.ts';
import { promqlCodes } from '../core/promql/index.ts';
import { rulesCodes } from '../core/rules/index.ts';
import { scenarioCodes } from '../core/scenario/index.ts';
import { expositionCodes } from '../core/series/index.ts';
import { doctorCodes } from '../core/simulate/index.ts';
import { sloCodes } from '../core/slo/index.ts';
import { yamlCodes } from '../core/yaml/index.ts';

/** Every code that the core's diagnostics can have, from the registers of the layers that report them. */
export const diagnosticCodes: readonly DiagnosticCode[] = [
  ...yamlCodes,
  ...definitionCodes,
  ...dialectCodes,
  ...sloCodes,
  ...Object.entries(promqlCodes).map(([code, meaning]) => promqlCode(code, meaning)),
  ...lintCodes,
  ...rulesCodes,
  ...scenarioCodes,
  ...generateCodes,
  ...doctorCodes,
  ...expositionCodes,
];

/** PromQL's register has one sentence each; what to do is in the help of each diagnostic, where there is more to say. */
function promqlCode(code: string, meaning: string): DiagnosticCode {
  const sentence = `${meaning.slice(0, 1).toUpperCase()}${meaning.slice(1)}.`;
  return { code, severity: 'error', meaning: sentence, remedy: 'Correct the expression at the place shown.' };
}
