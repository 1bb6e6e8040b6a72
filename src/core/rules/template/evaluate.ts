import { builtins } from './builtins.ts';
import { type Frame, fail, findVariable } from './frame.ts';
import { FunctionError, type ParameterType, parameterTypeNames, type TemplateFunction } from './function.ts';
import { memberOf } from './members.ts';
import { isFloatLiteral } from './number.ts';
import { prometheusFunctions } from './prometheus-functions.ts';
import { goQuote } from './quote.ts';
import { type Command, type Operand, type Pipe, printNode } from './tree.ts';
import { boolValue, floatValue, isTrue, missing, textValue, typeName, type Value } from './value.ts';

type OperandOf<K extends Operand['kind']> = Extract<Operand, { readonly kind: K }>;

/** What a function, method or field is given: operands, and what the command before it in the pipeline gave (undefined for the first). */
interface Given {
  readonly args: readonly Operand[];
  readonly final: Value | undefined;
}

const nothing: Given = { args: [], final: undefined };

/** The value of a pipeline. Variables that it declares stay until the end of the enclosing block. */
export function evaluatePipe(frame: Frame, dot: Value, pipe: Pipe): Value {
  frame.run.node = pipe;
  let value: Value | undefined;
  for (const command of pipe.commands) value = evaluateCommand(frame, dot, command, value);
  const result = value ?? missing;
  for (const name of pipe.variables) {
    if (pipe.assigns) findVariable(frame, name).value = result;
    else frame.variables.push({ name, value: result });
  }
  return result;
}

function evaluateCommand(frame: Frame, dot: Value, command: Command, final: Value | undefined): Value {
  const [first, ...args] = command.operands;
  const given: Given = { args, final };
  switch (first.kind) {
    case 'identifier':
      return callNamed(frame, dot, first, command, given);
    case 'field':
      return evaluateField(frame, dot, first, given);
    case 'chain':
      return evaluateChain(frame, dot, first, given);
    case 'variable':
      return evaluateVariable(frame, dot, first, given);
    case 'pipe':
      refuseArguments(frame, first, given);
      return evaluatePipe(frame, dot, first);
    case 'dot':
    case 'nil':
    case 'bool':
    case 'number':
    case 'string':
      frame.run.node = first;
      refuseArguments(frame, first, given);
      if (first.kind === 'nil') return fail(frame, 'nil is not a command');
      return first.kind === 'dot' ? dot : literal(frame, first);
  }
}

function refuseArguments(frame: Frame, operand: Operand, { args, final }: Given): void {
  if (args.length === 0 && final === undefined) return;
  fail(frame, `can't give argument to non-function ${printNode(operand)}`);
}

/** A literal where nothing says of what type it should be: `1` is an int, `1.0` a float. */
function literal(frame: Frame, node: OperandOf<'bool' | 'number' | 'string'>): Value {
  frame.run.node = node;
  if (node.kind === 'bool') return boolValue(node.value);
  if (node.kind === 'string') return textValue(node.value);
  if (isFloatLiteral(node)) return floatValue(node.float);
  if (node.integer === undefined) return fail(frame, `${node.text} overflows int`);
  return { kind: 'int', value: node.integer, type: 'int' };
}

function evaluateField(frame: Frame, dot: Value, node: OperandOf<'field'>, given: Given): Value {
  frame.run.node = node;
  return walkFields(frame, dot, dot, node, node.names, given);
}

function evaluateVariable(frame: Frame, dot: Value, node: OperandOf<'variable'>, given: Given): Value {
  frame.run.node = node;
  const { value } = findVariable(frame, node.name);
  if (0 < node.fields.length) return walkFields(frame, dot, value, node, node.fields, given);
  refuseArguments(frame, node, given);
  return value;
}

function evaluateChain(frame: Frame, dot: Value, node: OperandOf<'chain'>, given: Given): Value {
  frame.run.node = node;
  const base = evaluateArgument(frame, dot, 'value', node.base);
  return walkFields(frame, dot, base, node, node.fields, given);
}

/** `.A.B.C` and what follows it: only the last one may be a method with arguments. */
function walkFields(
  frame: Frame,
  dot: Value,
  receiver: Value,
  node: Operand,
  names: readonly string[],
  given: Given,
): Value {
  let value = receiver;
  for (const [index, name] of names.entries()) {
    value = member(frame, dot, value, name, node, index === names.length - 1 ? given : nothing);
  }
  return value;
}

function member(frame: Frame, dot: Value, receiver: Value, name: string, node: Operand, given: Given): Value {
  if (receiver.kind === 'missing') return missing;
  if (receiver.kind === 'nil') return fail(frame, `nil pointer evaluating ${receiver.type}.${name}`);
  const found = memberOf(receiver, name);
  const hasArguments = 0 < given.args.length || given.final !== undefined;
  switch (found.kind) {
    case 'method':
      return call(frame, dot, found.method, name, node, given);
    case 'field':
      if (hasArguments) fail(frame, `${name} has arguments but cannot be invoked as function`);
      return found.value;
    case 'entry':
      if (hasArguments) fail(frame, `${name} is not a method but has arguments`);
      return found.value;
    case 'none':
      return fail(frame, `can't evaluate field ${name} in type ${typeName(receiver)}`);
  }
}

function callNamed(
  frame: Frame,
  dot: Value,
  node: OperandOf<'identifier'>,
  whole: Operand | Command,
  given: Given,
): Value {
  frame.run.node = node;
  const definition = prometheusFunctions.get(node.name) ?? builtins.get(node.name);
  if (definition === undefined) return fail(frame, `${goQuote(node.name)} is not a defined function`);
  return call(frame, dot, definition, node.name, whole, given);
}

function call(
  frame: Frame,
  dot: Value,
  definition: TemplateFunction,
  name: string,
  whole: Operand | Command,
  { args, final }: Given,
): Value {
  const { parameters, rest } = definition;
  const count = args.length + (final === undefined ? 0 : 1);
  if (rest !== undefined && count < parameters.length) {
    fail(frame, `wrong number of args for ${name}: want at least ${parameters.length} got ${args.length}`);
  }
  if (rest === undefined && count !== parameters.length) {
    fail(frame, `wrong number of args for ${name}: want ${parameters.length} got ${count}`);
  }
  if (definition === builtins.get('and')) return shortCircuit(frame, dot, false, args, final);
  if (definition === builtins.get('or')) return shortCircuit(frame, dot, true, args, final);
  const typeAt = (index: number): ParameterType => parameters[index] ?? rest ?? 'value';
  const values = args.map((arg, index) => evaluateArgument(frame, dot, typeAt(index), arg));
  if (final !== undefined) values.push(validate(frame, final, typeAt(args.length)));
  try {
    return definition.call(values, frame.run.context);
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    frame.run.node = whole;
    return fail(frame, `error calling ${name}: ${error.message}`);
  }
}

/** `and` and `or` leave the rest of their arguments alone once the outcome is known. */
function shortCircuit(
  frame: Frame,
  dot: Value,
  stopAt: boolean,
  args: readonly Operand[],
  final: Value | undefined,
): Value {
  let value: Value = missing;
  for (const arg of args) {
    value = evaluateArgument(frame, dot, 'value', arg);
    if (isTrue(value) === stopAt) return value;
  }
  return final ?? value;
}

function evaluateArgument(frame: Frame, dot: Value, type: ParameterType, node: Operand): Value {
  frame.run.node = node;
  switch (node.kind) {
    case 'dot':
      return validate(frame, dot, type);
    case 'nil':
      return type === 'string' ? fail(frame, 'cannot assign nil to string') : nilOf(type);
    case 'field':
      return validate(frame, evaluateField(frame, dot, node, nothing), type);
    case 'variable':
      return validate(frame, evaluateVariable(frame, dot, node, nothing), type);
    case 'pipe':
      return validate(frame, evaluatePipe(frame, dot, node), type);
    case 'identifier':
      return validate(frame, callNamed(frame, dot, node, node, nothing), type);
    case 'chain':
      return validate(frame, evaluateChain(frame, dot, node, nothing), type);
    case 'bool':
    case 'number':
    case 'string':
      return literalArgument(frame, node, type);
  }
}

function literalArgument(frame: Frame, node: OperandOf<'bool' | 'number' | 'string'>, type: ParameterType): Value {
  switch (type) {
    case 'any':
    case 'value':
      return literal(frame, node);
    case 'string':
      return node.kind === 'string' ? textValue(node.value) : fail(frame, `expected string; found ${printNode(node)}`);
    case 'samples':
    case 'sample':
      return fail(frame, `can't handle ${printNode(node)} for arg of type ${parameterTypeNames[type]}`);
  }
}

function nilOf(type: ParameterType): Value {
  switch (type) {
    case 'samples':
      return { kind: 'samples', samples: [] };
    case 'sample':
      return { kind: 'nil', type: parameterTypeNames.sample };
    case 'string':
    case 'any':
    case 'value':
      return missing;
  }
}

/** Checks that a value may be given to a parameter. */
function validate(frame: Frame, value: Value, type: ParameterType): Value {
  if (value.kind === 'missing') return type === 'string' ? fail(frame, 'invalid value; expected string') : nilOf(type);
  if (fits(value, type)) return value;
  return fail(frame, `wrong type for value; expected ${parameterTypeNames[type]}; got ${typeName(value)}`);
}

function fits(value: Value, type: ParameterType): boolean {
  switch (type) {
    case 'any':
    case 'value':
      return true;
    case 'string':
      return value.kind === 'string' && value.type === 'string';
    case 'samples':
      return value.kind === 'samples';
    case 'sample':
      return value.kind === 'sample' || value.kind === 'nil';
  }
}
