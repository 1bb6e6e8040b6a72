import { type Execution, executeTemplate } from './execute.ts';
import type { TemplateContext } from './function.ts';
import { parseTemplate, type TemplateProblem } from './parse.ts';
import { functionNames } from './prometheus-functions.ts';
import type { Command, Operand, Pipe, Template, TemplateList } from './tree.ts';
import type { TemplateData } from './value.ts';

/** The value of a label or annotation of an alerting rule, ready to be expanded for each of its alerts. */
export type AlertTemplate =
  /** Most values have no action in them and are what they are. */
  | { readonly kind: 'constant'; readonly text: string }
  | { readonly kind: 'template'; readonly template: Template; readonly queries: readonly string[] };

export type ReadAlertTemplate =
  | { readonly ok: true; readonly template: AlertTemplate }
  /** The place is an offset into the text that was given. */
  | { readonly ok: false; readonly problem: TemplateProblem };

/** What Prometheus puts before every alert's template. Error messages count its columns too. */
const definitions =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

/** Reads the text of a label or annotation of the alert of that name. */
export function readAlertTemplate(alert: string, text: string): ReadAlertTemplate {
  if (!text.includes('{{')) return { ok: true, template: { kind: 'constant', text } };
  const parsed = parseTemplate(`__alert_${alert}`, definitions + text, functionNames);
  if (!parsed.ok) {
    const { position, ...problem } = parsed.problem;
    return { ok: false, problem: { ...problem, position: Math.max(position - definitions.length, 0) } };
  }
  const { template } = parsed;
  const queries = new Set<string>();
  for (const list of [template.root, ...template.definitions.values()]) collectQueries(list, queries);
  return { ok: true, template: { kind: 'template', template, queries: [...queries] } };
}

/** Expands a template for one alert. An error becomes part of the text, as in Prometheus: the alert must go out nevertheless. */
export function expandAlertTemplate(
  alertTemplate: AlertTemplate,
  data: TemplateData,
  context: TemplateContext,
): Exclude<Execution, { readonly kind: 'error' }> {
  if (alertTemplate.kind === 'constant') return { kind: 'text', text: alertTemplate.text };
  const { template } = alertTemplate;
  const execution = executeTemplate(template, { kind: 'data', data }, context);
  if (execution.kind !== 'error') return execution;
  const message = `error executing template ${template.name}: ${execution.message}`;
  return { kind: 'text', text: `<error expanding template: ${message}>` };
}

/** The queries that stand in a template as plain texts; they can be asked before it is expanded. */
function collectQueries(list: TemplateList, queries: Set<string>): void {
  for (const node of list) {
    switch (node.kind) {
      case 'action':
        collectFromPipe(node.pipe, queries);
        break;
      case 'if':
      case 'range':
      case 'with':
        collectFromPipe(node.pipe, queries);
        collectQueries(node.body, queries);
        collectQueries(node.otherwise ?? [], queries);
        break;
      case 'template':
        if (node.pipe !== undefined) collectFromPipe(node.pipe, queries);
        break;
      case 'text':
      case 'break':
      case 'continue':
        break;
    }
  }
}

function collectFromPipe(pipe: Pipe, queries: Set<string>): void {
  for (const [index, command] of pipe.commands.entries()) {
    for (const operand of command.operands) collectFromOperand(operand, queries);
    if (!isQuery(command)) continue;
    const [, given] = command.operands;
    const previous = pipe.commands[index - 1];
    const piped = previous?.operands.length === 1 ? previous.operands[0] : undefined;
    const text = given ?? piped;
    if (text?.kind === 'string') queries.add(text.value);
  }
}

function isQuery({ operands: [first] }: Command): boolean {
  return first.kind === 'identifier' && first.name === 'query';
}

function collectFromOperand(operand: Operand, queries: Set<string>): void {
  if (operand.kind === 'pipe') collectFromPipe(operand, queries);
  if (operand.kind === 'chain') collectFromOperand(operand.base, queries);
}
