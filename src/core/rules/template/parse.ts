import { readNumber } from './number.ts';
import { goQuote, goUnquote } from './quote.ts';
import { describeToken, type Token, type TokenKind } from './token.ts';
import { TokenStream } from './token-stream.ts';
import type { Branch, Command, Operand, Pipe, Template, TemplateList, TemplateNode } from './tree.ts';

/** Why a text is no template. */
export interface TemplateProblem {
  readonly message: string;
  /** UTF-16 offset of the token at which the parser gave up, and its length. */
  readonly position: number;
  readonly length: number;
  /** Counted from 1. */
  readonly line: number;
}

export type ParsedTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problem: TemplateProblem };

/** Reads a template. `functions` names those that it may call. Source: Go, text/template/parse/parse.go. */
export function parseTemplate(name: string, text: string, functions: ReadonlySet<string>): ParsedTemplate {
  const parser = new Parser(text, functions);
  try {
    return { ok: true, template: { name, text, ...parser.parse() } };
  } catch (error) {
    if (error instanceof ParseFailure) return { ok: false, problem: error.problem };
    throw error;
  }
}

/** Parentheses deeper than this are refused, as in Go. */
const mostParens = 10_000;

class ParseFailure extends Error {
  readonly problem: TemplateProblem;

  constructor(problem: TemplateProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What ended a list of nodes. */
interface ListEnd {
  readonly kind: 'list end';
  readonly word: 'end' | 'else';
  /** Of `{{else if` and `{{else with` the word, which has not been read yet. */
  readonly chained: 'if' | 'with' | undefined;
}

class Parser {
  readonly #tokens: TokenStream;
  readonly #functions: ReadonlySet<string>;
  readonly #definitions = new Map<string, TemplateList>();
  #variables: string[] = ['$'];
  #rangeDepth = 0;
  #parenDepth = 0;
  #actionLine = 0;

  constructor(text: string, functions: ReadonlySet<string>) {
    this.#tokens = new TokenStream(text);
    this.#functions = functions;
  }

  parse(): { readonly root: TemplateList; readonly definitions: ReadonlyMap<string, TemplateList> } {
    const root: TemplateNode[] = [];
    while (this.#tokens.peek().kind !== 'eof') {
      if (this.#tokens.peek().kind === 'left delimiter') {
        const delimiter = this.#tokens.next();
        const word = this.#tokens.nextNonSpace();
        if (word.kind === 'define') {
          this.#define();
          continue;
        }
        this.#tokens.putBack(delimiter, word);
      }
      const node = this.#textOrAction();
      if (node.kind === 'list end') this.#fail(`unexpected {{${node.word}}}`);
      else root.push(node);
    }
    return { root, definitions: this.#definitions };
  }

  #define(): void {
    const context = 'define clause';
    const name = this.#templateName(this.#tokens.nextNonSpace(), context);
    this.#expect('right delimiter', context);
    this.#addDefinition(name, this.#definitionBody(context));
  }

  /** The list of a definition, which sees none of the variables around it. */
  #definitionBody(context: string): TemplateList {
    const outer = { variables: this.#variables, rangeDepth: this.#rangeDepth };
    this.#variables = ['$'];
    this.#rangeDepth = 0;
    const { list, end } = this.#list();
    if (end.word !== 'end') this.#fail(`unexpected {{${end.word}}} in ${context}`);
    this.#variables = outer.variables;
    this.#rangeDepth = outer.rangeDepth;
    return list;
  }

  /** A definition may replace an empty one, and an empty one is forgotten; two with text are a mistake. */
  #addDefinition(name: string, list: TemplateList): void {
    const known = this.#definitions.get(name);
    if (known === undefined || isEmpty(known)) this.#definitions.set(name, list);
    else if (!isEmpty(list)) this.#fail(`template: multiple definition of template ${goQuote(name)}`);
  }

  #list(): { readonly list: TemplateList; readonly end: ListEnd } {
    const list: TemplateNode[] = [];
    while (this.#tokens.peekNonSpace().kind !== 'eof') {
      const node = this.#textOrAction();
      if (node.kind === 'list end') return { list, end: node };
      list.push(node);
    }
    return this.#fail('unexpected EOF');
  }

  #textOrAction(): TemplateNode | ListEnd {
    const token = this.#tokens.nextNonSpace();
    if (token.kind === 'text') return { kind: 'text', position: token.position, text: token.text };
    if (token.kind !== 'left delimiter') return this.#unexpected(token, 'input');
    this.#actionLine = token.line;
    const action = this.#action();
    this.#actionLine = 0;
    return action;
  }

  #action(): TemplateNode | ListEnd {
    const token = this.#tokens.nextNonSpace();
    switch (token.kind) {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#leave(token.kind, token.position);
      case 'else':
        return this.#else();
      case 'end':
        this.#expect('right delimiter', 'end');
        return { kind: 'list end', word: 'end', chained: undefined };
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.kind);
      case 'template':
        return this.#template();
      default: {
        this.#tokens.putBack(token);
        return { kind: 'action', position: token.position, pipe: this.#pipeline('command', 'right delimiter') };
      }
    }
  }

  #leave(kind: 'break' | 'continue', position: number): TemplateNode {
    const token = this.#tokens.nextNonSpace();
    if (token.kind !== 'right delimiter') this.#unexpected(token, `{{${kind}}}`);
    if (this.#rangeDepth === 0) this.#fail(`{{${kind}}} outside {{range}}`);
    return { kind, position };
  }

  #else(): ListEnd {
    const { kind } = this.#tokens.peekNonSpace();
    if (kind === 'if' || kind === 'with') return { kind: 'list end', word: 'else', chained: kind };
    this.#expect('right delimiter', 'else');
    return { kind: 'list end', word: 'else', chained: undefined };
  }

  #branch(kind: Branch['kind']): Branch {
    const visible = this.#variables.length;
    const pipe = this.#pipeline(kind, 'right delimiter');
    if (kind === 'range') this.#rangeDepth += 1;
    const { list: body, end } = this.#list();
    if (kind === 'range') this.#rangeDepth -= 1;
    const otherwise = end.word === 'end' ? undefined : this.#otherwise(kind, end);
    this.#variables.length = visible;
    return { kind, position: pipe.position, pipe, body, otherwise };
  }

  /** `{{else if}}` stands for an `if` inside of `{{else}}`, whose `{{end}}` is understood; the same goes for `{{else with}}`. */
  #otherwise(kind: Branch['kind'], end: ListEnd): TemplateList {
    if (end.chained !== undefined && kind === end.chained) {
      this.#tokens.next();
      return [this.#branch(end.chained)];
    }
    const { list, end: last } = this.#list();
    if (last.word !== 'end') this.#fail('expected end; found {{else}}');
    return list;
  }

  #block(): TemplateNode {
    const context = 'block clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, 'right delimiter');
    this.#addDefinition(name, this.#definitionBody(context));
    return { kind: 'template', position: token.position, name, pipe };
  }

  #template(): TemplateNode {
    const context = 'template clause';
    const token = this.#tokens.nextNonSpace();
    const name = this.#templateName(token, context);
    const next = this.#tokens.nextNonSpace();
    if (next.kind === 'right delimiter') return { kind: 'template', position: token.position, name, pipe: undefined };
    this.#tokens.putBack(next);
    return { kind: 'template', position: token.position, name, pipe: this.#pipeline(context, 'right delimiter') };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw string') this.#unexpected(token, context);
    return goUnquote(token.text) ?? this.#fail('invalid syntax');
  }

  /** pipeline = [ variables ( ":=" | "=" ) ] command { "|" command } */
  #pipeline(context: string, end: TokenKind): Pipe {
    const { position } = this.#tokens.peekNonSpace();
    const { variables, assigns } = this.#declarations(context);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#tokens.nextNonSpace();
      if (token.kind === end) break;
      if (!startsOperand(token.kind)) this.#unexpected(token, context);
      this.#tokens.putBack(token);
      commands.push(this.#command());
    }
    if (commands.length === 0) this.#fail(`missing value for ${context}`);
    const literal = commands.findIndex(({ operands: [first] }, index) => 0 < index && isLiteral(first));
    if (literal !== -1) this.#fail(`non executable command in pipeline stage ${literal + 1}`);
    return { kind: 'pipe', position, variables, assigns, commands };
  }

  #declarations(context: string): { readonly variables: readonly string[]; readonly assigns: boolean } {
    const variables: string[] = [];
    while (this.#tokens.peekNonSpace().kind === 'variable') {
      const variable = this.#tokens.nextNonSpace();
      const after = this.#tokens.next();
      const next = after.kind === 'space' ? this.#tokens.nextNonSpace() : after;
      if (next.kind === 'assign' || next.kind === 'declare') {
        variables.push(variable.text);
        this.#variables.push(variable.text);
        return { variables, assigns: next.kind === 'assign' };
      }
      if (next.kind !== 'char' || next.text !== ',') {
        if (after.kind === 'space') this.#tokens.putBack(variable, after, next);
        else this.#tokens.putBack(variable, next);
        break;
      }
      variables.push(variable.text);
      this.#variables.push(variable.text);
      if (context !== 'range' || 2 <= variables.length) this.#fail(`too many declarations in ${context}`);
      const { kind } = this.#tokens.peekNonSpace();
      if (kind !== 'variable' && kind !== 'right delimiter' && kind !== 'right paren') {
        this.#fail('range can only initialize variables');
      }
    }
    return { variables, assigns: false };
  }

  /** command = operand { space operand }. The pipe character behind it is taken, a closing delimiter is left. */
  #command(): Command {
    const { position } = this.#tokens.peekNonSpace();
    const operands: Operand[] = [];
    for (;;) {
      this.#tokens.peekNonSpace();
      const operand = this.#operand();
      if (operand !== undefined) operands.push(operand);
      const token = this.#tokens.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right delimiter' || token.kind === 'right paren') this.#tokens.putBack(token);
      else if (token.kind !== 'pipe') this.#unexpected(token, 'operand');
      break;
    }
    const [first, ...rest] = operands;
    return first === undefined
      ? this.#fail('empty command')
      : { kind: 'command', position, operands: [first, ...rest] };
  }

  /** operand = term { field } */
  #operand(): Operand | undefined {
    const base = this.#term();
    if (base === undefined || this.#tokens.peek().kind !== 'field') return base;
    const { position } = this.#tokens.peek();
    const fields: string[] = [];
    while (this.#tokens.peek().kind === 'field') fields.push(this.#tokens.next().text.slice(1));
    switch (base.kind) {
      case 'field':
        return { kind: 'field', position, names: [...base.names, ...fields] };
      case 'variable':
        return { ...base, position, fields };
      case 'bool':
        return this.#fail(`unexpected . after term ${goQuote(String(base.value))}`);
      case 'string':
        return this.#fail(`unexpected . after term ${goQuote(base.quoted)}`);
      case 'number':
        return this.#fail(`unexpected . after term ${goQuote(base.text)}`);
      case 'nil':
        return this.#fail('unexpected . after term "nil"');
      case 'dot':
        return this.#fail('unexpected . after term "."');
      default:
        return { kind: 'chain', position, base, fields };
    }
  }

  #term(): Operand | undefined {
    const token = this.#tokens.nextNonSpace();
    const { position, text } = token;
    switch (token.kind) {
      case 'identifier':
        if (!this.#functions.has(text)) this.#fail(`function ${goQuote(text)} not defined`);
        return { kind: 'identifier', position, name: text };
      case 'dot':
        return { kind: 'dot', position };
      case 'nil':
        return { kind: 'nil', position };
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable ${goQuote(text)}`);
        return { kind: 'variable', position, name: text, fields: [] };
      case 'field':
        return { kind: 'field', position, names: [text.slice(1)] };
      case 'bool':
        return { kind: 'bool', position, value: text === 'true' };
      case 'character constant':
      case 'complex':
      case 'number': {
        const number = readNumber(text, position);
        return typeof number === 'string' ? this.#fail(number) : number;
      }
      case 'left paren':
        return this.#parenthesized();
      case 'string':
      case 'raw string': {
        const value = goUnquote(text) ?? this.#fail('invalid syntax');
        return { kind: 'string', position, quoted: text, value };
      }
      default:
        this.#tokens.putBack(token);
        return undefined;
    }
  }

  #parenthesized(): Operand {
    if (mostParens <= this.#parenDepth) this.#fail('max expression depth exceeded');
    this.#parenDepth += 1;
    const pipe = this.#pipeline('parenthesized pipeline', 'right paren');
    this.#parenDepth -= 1;
    return pipe;
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#tokens.nextNonSpace();
    return token.kind === kind ? token : this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.kind !== 'error') return this.#fail(`unexpected ${describeToken(token)} in ${context}`);
    const elsewhere = this.#actionLine !== 0 && this.#actionLine !== token.line;
    const started = elsewhere ? ` started on line ${this.#actionLine}` : '';
    return this.#fail(`${token.text}${started}`);
  }

  #fail(message: string): never {
    const { position, text, line, kind } = this.#tokens.last;
    throw new ParseFailure({ message, position, length: kind === 'error' || kind === 'eof' ? 0 : text.length, line });
  }
}

const operandKinds: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'character constant',
  'complex',
  'dot',
  'field',
  'identifier',
  'number',
  'nil',
  'raw string',
  'string',
  'variable',
  'left paren',
]);

function startsOperand(kind: TokenKind): boolean {
  return operandKinds.has(kind);
}

function isLiteral({ kind }: Operand): boolean {
  return kind === 'bool' || kind === 'dot' || kind === 'nil' || kind === 'number' || kind === 'string';
}

/** Nothing but white space; comments have gone already. */
function isEmpty(list: TemplateList): boolean {
  return list.every((node) => node.kind === 'text' && node.text.trim() === '');
}
