/**
 * The tree of a Go template. Positions are UTF-16 offsets; they are those that Go reports for the node, which is not always its first
 * character (`$labels.instance` is reported at `.instance`).
 */
export type TemplateNode =
  | { readonly kind: 'text'; readonly position: number; readonly text: string }
  | { readonly kind: 'action'; readonly position: number; readonly pipe: Pipe }
  | Branch
  | { readonly kind: 'template'; readonly position: number; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: 'break' | 'continue'; readonly position: number };

/** `if`, `range` or `with`, and what follows its `else`. */
export interface Branch {
  readonly kind: 'if' | 'range' | 'with';
  readonly position: number;
  readonly pipe: Pipe;
  readonly body: TemplateList;
  readonly otherwise: TemplateList | undefined;
}

export type TemplateList = readonly TemplateNode[];

/** Commands that each give their result to the next as its last argument. */
export interface Pipe {
  readonly kind: 'pipe';
  readonly position: number;
  /** The variables on its left side; two only in `range`. */
  readonly variables: readonly string[];
  /** Whether they are assigned (`=`) rather than declared (`:=`). */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function or method with its arguments, or a single operand. */
export interface Command {
  readonly kind: 'command';
  readonly position: number;
  /** At least one. */
  readonly operands: readonly [Operand, ...Operand[]];
}

export type Operand =
  | { readonly kind: 'identifier'; readonly position: number; readonly name: string }
  | { readonly kind: 'field'; readonly position: number; readonly names: readonly string[] }
  /** `$x.a.b`: the variable with its dollar sign, and the fields behind it. */
  | { readonly kind: 'variable'; readonly position: number; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: 'chain'; readonly position: number; readonly base: Operand; readonly fields: readonly string[] }
  | { readonly kind: 'dot'; readonly position: number }
  | { readonly kind: 'nil'; readonly position: number }
  | { readonly kind: 'bool'; readonly position: number; readonly value: boolean }
  | NumberOperand
  | { readonly kind: 'string'; readonly position: number; readonly quoted: string; readonly value: string }
  | Pipe;

/** A number as written; Go settles its type by where it is used. */
export interface NumberOperand {
  readonly kind: 'number';
  readonly position: number;
  readonly text: string;
  /** Absent if the number is no whole number, or does not fit 64 bits. */
  readonly integer: bigint | undefined;
  readonly float: number;
}

/** A template ready to be executed. */
export interface Template {
  readonly name: string;
  readonly text: string;
  readonly root: TemplateList;
  /** The templates that it defines for itself by `define` and `block`. */
  readonly definitions: ReadonlyMap<string, TemplateList>;
}

/** A node as Go prints it, which is how error messages show the place. */
export function printNode(node: Operand | Command | TemplateNode): string {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'action':
      return `{{${printNode(node.pipe)}}}`;
    case 'if':
    case 'range':
    case 'with': {
      const otherwise = node.otherwise === undefined ? '' : `{{else}}${printList(node.otherwise)}`;
      return `{{${node.kind} ${printNode(node.pipe)}}}${printList(node.body)}${otherwise}{{end}}`;
    }
    case 'template':
      return `{{template ${JSON.stringify(node.name)}${node.pipe === undefined ? '' : ` ${printNode(node.pipe)}`}}}`;
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`;
    case 'pipe': {
      const variables = node.variables.length === 0 ? '' : `${node.variables.join(', ')} ${node.assigns ? '=' : ':='} `;
      return variables + node.commands.map(printNode).join(' | ');
    }
    case 'command':
      return node.operands.map(printArgument).join(' ');
    case 'identifier':
      return node.name;
    case 'field':
      return node.names.map((name) => `.${name}`).join('');
    case 'variable':
      return [node.name, ...node.fields].join('.');
    case 'chain':
      return printArgument(node.base) + node.fields.map((field) => `.${field}`).join('');
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'bool':
      return String(node.value);
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
  }
}

function printArgument(operand: Operand): string {
  return operand.kind === 'pipe' ? `(${printNode(operand)})` : printNode(operand);
}

function printList(list: TemplateList): string {
  return list.map(printNode).join('');
}
