import { byteLength } from './bytes.ts';
import type { TemplateContext } from './function.ts';
import { goQuote } from './quote.ts';
import { type Command, type Operand, printNode, type Template, type TemplateNode } from './tree.ts';
import type { Value } from './value.ts';

/** What all templates of one execution share. */
export interface Run {
  readonly template: Template;
  readonly context: TemplateContext;
  output: string;
  /** Nodes visited so far. */
  steps: number;
  /** What is being looked at: the place that an error message tells, which therefore has to follow Go's own steps. */
  node: Operand | Command | TemplateNode;
}

/** One template being executed: it sees its own variables only. */
export interface Frame {
  readonly run: Run;
  readonly name: string;
  readonly depth: number;
  readonly variables: { readonly name: string; value: Value }[];
}

/** Ends an execution; the message is Go's. */
export class ExecutionError extends Error {
  override readonly name: string = 'ExecutionError';
}

/** Ends the execution with an error at the place that was looked at last. */
export function fail({ run, name }: Frame, message: string): never {
  const { line, column } = goPlace(run.template.text, run.node.position);
  const place = `${run.template.name}:${line}:${column}`;
  throw new ExecutionError(`template: ${place}: executing ${goQuote(name)} at <${printNode(run.node)}>: ${message}`);
}

/** The last declared variable of a name. */
export function findVariable(frame: Frame, name: string): { readonly name: string; value: Value } {
  return frame.variables.findLast((variable) => variable.name === name) ?? fail(frame, `undefined variable: ${name}`);
}

/** Where Go's messages say a place is: the line, and how many bytes stand before it on that line. */
function goPlace(text: string, position: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, position);
  return { line: before.split('\n').length, column: byteLength(before.slice(before.lastIndexOf('\n') + 1)) };
}
