import { evaluatePipe } from './evaluate.ts';
import { ExecutionError, type Frame, fail, findVariable, type Run } from './frame.ts';
import { AnswerNeeded, type TemplateContext } from './function.ts';
import { printValue } from './print-value.ts';
import { goQuote } from './quote.ts';
import type { Branch, Pipe, Template, TemplateList, TemplateNode } from './tree.ts';
import { intValue, isTrue, missing, textValue, type Value } from './value.ts';

/** What executing a template gives: its text, why there is none (in Go's words), or a query without whose answer it cannot go on. */
export type Execution =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'query'; readonly expr: string };

/** Executes a template with `.` set to `data`. Source: Go, text/template/exec.go. */
export function executeTemplate(template: Template, data: Value, context: TemplateContext): Execution {
  const run: Run = { template, context, output: '', steps: 0, node: { kind: 'dot', position: 0 } };
  const frame: Frame = { run, name: template.name, depth: 0, variables: [{ name: '$', value: data }] };
  try {
    walkList(frame, data, template.root);
    return { kind: 'text', text: run.output };
  } catch (error) {
    if (error instanceof ExecutionError) return { kind: 'error', message: error.message };
    if (error instanceof AnswerNeeded) return { kind: 'query', expr: error.expr };
    throw error;
  }
}

/** Nodes that one execution may visit: a template that multiplies itself must not stop the server. */
const mostSteps = 1_000_000;
/** Templates that call each other deeper than this are refused; Go allows more, JavaScript's stack does not. */
const mostDepth = 500;

/** How a list of nodes ended: by itself, or by `break` or `continue`. */
type Ending = 'end' | 'break' | 'continue';

function walkList(frame: Frame, dot: Value, list: TemplateList): Ending {
  for (const node of list) {
    const ending = walk(frame, dot, node);
    if (ending !== 'end') return ending;
  }
  return 'end';
}

function walk(frame: Frame, dot: Value, node: TemplateNode): Ending {
  const { run } = frame;
  run.node = node;
  run.steps += 1;
  if (mostSteps < run.steps) fail(frame, `the template takes more than ${mostSteps} steps`);
  switch (node.kind) {
    case 'text':
      run.output += node.text;
      return 'end';
    case 'action': {
      const value = evaluatePipe(frame, dot, node.pipe);
      if (node.pipe.variables.length === 0) run.output += printValue(value);
      return 'end';
    }
    case 'if':
    case 'with':
      return walkIfOrWith(frame, dot, node);
    case 'range':
      return walkRange(frame, dot, node);
    case 'template':
      walkTemplate(frame, dot, node.name, node.pipe);
      return 'end';
    case 'break':
    case 'continue':
      return node.kind;
  }
}

function walkIfOrWith(frame: Frame, dot: Value, node: Branch): Ending {
  const mark = frame.variables.length;
  const value = evaluatePipe(frame, dot, node.pipe);
  let ending: Ending = 'end';
  if (isTrue(value)) ending = walkList(frame, node.kind === 'with' ? value : dot, node.body);
  else if (node.otherwise !== undefined) ending = walkList(frame, dot, node.otherwise);
  frame.variables.length = mark;
  return ending;
}

function walkRange(frame: Frame, dot: Value, node: Branch): Ending {
  const mark = frame.variables.length;
  const value = evaluatePipe(frame, dot, node.pipe);
  const inside = frame.variables.length;
  let ran = false;
  let ending: Ending = 'end';
  for (const [index, element] of elementsOf(frame, node.pipe, value)) {
    ran = true;
    setRangeVariables(frame, node.pipe, index, element);
    const left = walkList(frame, element, node.body);
    frame.variables.length = inside;
    if (left === 'break') break;
  }
  // A `break` in the part behind `else` belongs to the loop around this one.
  if (!ran && node.otherwise !== undefined) ending = walkList(frame, dot, node.otherwise);
  frame.variables.length = mark;
  return ending;
}

function* elementsOf(frame: Frame, pipe: Pipe, value: Value): Iterable<readonly [index: Value, element: Value]> {
  switch (value.kind) {
    case 'missing':
      return;
    case 'map': {
      const entries = [...value.entries].sort(([a], [b]) => (a < b ? -1 : b < a ? 1 : 0));
      for (const [key, element] of entries) yield [textValue(key), element];
      return;
    }
    case 'samples':
      for (const [index, sample] of value.samples.entries()) yield [intValue(index), { kind: 'sample', sample }];
      return;
    case 'int':
      if (1 < pipe.variables.length) {
        fail(frame, `can't use ${printValue(value)} to iterate over more than one variable`);
      }
      for (let next = 0n; next < value.value; next += 1n) yield [missing, { ...value, value: next }];
      return;
    default:
      fail(frame, `range can't iterate over ${printValue(value)}`);
  }
}

/** With two variables the first one takes the index; a single one takes the element. */
function setRangeVariables(frame: Frame, pipe: Pipe, index: Value, element: Value): void {
  const names = pipe.variables;
  const values = names.length === 1 ? [element] : [index, element];
  for (const [position, name] of names.entries()) {
    const declared = frame.variables[frame.variables.length - names.length + position];
    const slot = pipe.assigns ? findVariable(frame, name) : declared;
    if (slot !== undefined) slot.value = values[position] ?? missing;
  }
}

function walkTemplate(frame: Frame, dot: Value, name: string, pipe: Pipe | undefined): void {
  const { run } = frame;
  const list = name === run.template.name ? run.template.root : run.template.definitions.get(name);
  if (list === undefined) fail(frame, `template ${goQuote(name)} not defined`);
  if (mostDepth <= frame.depth) fail(frame, `exceeded maximum template depth (${mostDepth})`);
  const inner = pipe === undefined ? missing : evaluatePipe(frame, dot, pipe);
  walkList({ run, name, depth: frame.depth + 1, variables: [{ name: '$', value: inner }] }, inner, list);
}
