import type { Timestamp } from '../../base/index.ts';
import type { TemplateSample, Value } from './value.ts';

/** The Go type of a function's parameter, which decides what may be given to it. `value` takes anything, also no value. */
export type ParameterType = 'string' | 'any' | 'value' | 'samples' | 'sample';

/** The names of parameter types in error messages. */
export const parameterTypeNames: Readonly<Record<ParameterType, string>> = {
  string: 'string',
  any: 'interface {}',
  value: 'reflect.Value',
  samples: 'template.queryResult',
  sample: '*template.sample',
};

export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The type of any further arguments; absent if there may be none. */
  readonly rest?: ParameterType;
  /** Throws FunctionError where Go's function returns an error or panics. */
  readonly call: (args: readonly Value[], context: TemplateContext) => Value;
}

/** The answer to a query that a template asked, or why there is none. */
export type TemplateAnswer =
  | { readonly ok: true; readonly samples: readonly TemplateSample[] }
  | { readonly ok: false; readonly message: string };

/** What a template's functions know besides their arguments. */
export interface TemplateContext {
  /** The tick of the rule. */
  readonly now: Timestamp;
  /** The answer to a query at `now`; undefined if it has not been asked yet. */
  readonly answer: (expr: string) => TemplateAnswer | undefined;
  /** The server's own URL, for the functions `externalURL` and `pathPrefix`; promtool's tests have none. */
  readonly serverUrl?: string;
}

/** A function refuses its arguments. */
export class FunctionError extends Error {
  override readonly name: string = 'FunctionError';
}

/** A template cannot go on without the answer to a query. */
export class AnswerNeeded extends Error {
  override readonly name: string = 'AnswerNeeded';
  readonly expr: string;

  constructor(expr: string) {
    super(`the answer to ${expr} is needed`);
    this.expr = expr;
  }
}

/** What Go reports when a nil pointer is used. */
export const nilPointer = 'runtime error: invalid memory address or nil pointer dereference';
