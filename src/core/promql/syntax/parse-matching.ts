import { readNumber, readString } from './parse-literal.ts';
import { at, expect, type ParserState, report, unexpected } from './parser-state.ts';
import { isUtf8, quoteGo } from './string-literal.ts';
import { labelNameKinds } from './token.ts';
import type { VectorMatching } from './tree.ts';

/** labels = "(" [ label { "," label } [ "," ] ] ")"; a label is a name, most keywords included, or a string. */
export function parseLabels(p: ParserState): readonly string[] {
  const { lexer } = p;
  const labels: string[] = [];
  if (!expect(p, '(', 'grouping opts', '"("')) return labels;
  while (!at(p, ')')) {
    const { span } = lexer;
    if (lexer.kind === 'string') {
      labels.push(readString(p));
    } else if (labelNameKinds.has(lexer.kind)) {
      labels.push(lexer.value);
      lexer.advance();
    } else {
      unexpected(p, 'grouping opts', 'label');
      return labels;
    }
    const label = labels.at(-1) ?? '';
    if (label === '' || !isUtf8(label)) {
      report(p, 'promql/label', span, `invalid label name for grouping: ${quoteGo(label)}`);
    }
    if (at(p, ',')) {
      lexer.advance();
    } else if (!at(p, ')')) {
      unexpected(p, 'grouping opts', '"," or ")"');
      return labels;
    }
  }
  lexer.advance();
  return labels;
}

/**
 * What may follow a binary operator and its `bool`.
 *
 * matching = [ ( "on" | "ignoring" ) labels [ ( "group_left" | "group_right" ) [ labels ] ] ] [ fill ]
 */
export function parseMatching(p: ParserState): VectorMatching | undefined {
  const { lexer } = p;
  let on = false;
  let labels: readonly string[] = [];
  let group: VectorMatching['group'];
  if (at(p, 'on') || at(p, 'ignoring')) {
    on = at(p, 'on');
    lexer.advance();
    labels = parseLabels(p);
    if (at(p, 'group_left') || at(p, 'group_right')) {
      const side = at(p, 'group_left') ? 'left' : 'right';
      lexer.advance();
      // A parenthesis here always opens the list of labels, even if an operand was meant.
      group = { side, include: at(p, '(') ? parseLabels(p) : [] };
    }
  }
  const fill = at(p, 'fill') ? parseFill(p) : undefined;
  // Ignoring no label is what happens anyway.
  if (!on && labels.length === 0 && group === undefined && fill === undefined) return undefined;
  return { on, labels, ...(group !== undefined && { group }), ...(fill !== undefined && { fill }) };
}

/** fill = "fill" value | "fill_left" value [ "fill_right" value ] | "fill_right" value [ "fill_left" value ] */
function parseFill(p: ParserState): { readonly left?: number; readonly right?: number } {
  const { lexer } = p;
  const word = lexer.value.toLowerCase();
  lexer.advance();
  const value = parseFillValue(p);
  if (word === 'fill') return { left: value, right: value };
  const first = word === 'fill_left' ? { left: value } : { right: value };
  const other = word === 'fill_left' ? 'fill_right' : 'fill_left';
  if (!at(p, 'fill') || lexer.value.toLowerCase() !== other) return first;
  lexer.advance();
  const second = parseFillValue(p);
  return other === 'fill_left' ? { ...first, left: second } : { ...first, right: second };
}

function parseFillValue(p: ParserState): number {
  const { lexer } = p;
  expect(p, '(');
  const { kind } = lexer;
  if (kind === '+' || kind === '-') lexer.advance();
  if (lexer.kind !== 'number' && lexer.kind !== 'duration') {
    unexpected(p, 'fill modifier', 'number');
    return 0;
  }
  const value = readNumber(p);
  expect(p, ')');
  return kind === '-' ? -value : value;
}
