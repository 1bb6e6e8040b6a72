import type { AlertTemplate } from './alert-template.ts';
import type { Operand, Pipe, TemplateList, TemplateNode } from './tree.ts';

/**
 * Whether a template gives the same text for the same labels, whatever the value and the time: then it needs to be expanded once a series
 * instead of once a tick. It errs on the side of no.
 */
export function usesOnlyLabels(alertTemplate: AlertTemplate): boolean {
  if (alertTemplate.kind === 'constant') return true;
  const { root, definitions } = alertTemplate.template;
  // The first four nodes define $labels, $externalLabels, $externalURL and $value.
  return definitions.size === 0 && listUsesOnlyLabels(root.slice(4));
}

const fixedVariables: ReadonlySet<string> = new Set(['$labels', '$externalLabels', '$externalURL']);
const fixedFields: ReadonlySet<string> = new Set(['Labels', 'ExternalLabels', 'ExternalURL']);

function listUsesOnlyLabels(list: TemplateList): boolean {
  return list.every(nodeUsesOnlyLabels);
}

function nodeUsesOnlyLabels(node: TemplateNode): boolean {
  switch (node.kind) {
    case 'text':
      return true;
    case 'action':
      return pipeUsesOnlyLabels(node.pipe);
    case 'if':
      return pipeUsesOnlyLabels(node.pipe) && listUsesOnlyLabels(node.body) && listUsesOnlyLabels(node.otherwise ?? []);
    case 'range':
    case 'with':
    case 'template':
    case 'break':
    case 'continue':
      return false;
  }
}

function pipeUsesOnlyLabels({ commands, variables }: Pipe): boolean {
  return variables.length === 0 && commands.every(({ operands }) => operands.every(operandUsesOnlyLabels));
}

function operandUsesOnlyLabels(operand: Operand): boolean {
  switch (operand.kind) {
    case 'bool':
    case 'number':
    case 'string':
    case 'nil':
      return true;
    case 'identifier':
      return operand.name !== 'query' && operand.name !== 'now';
    case 'field':
      return fixedFields.has(operand.names[0] ?? '');
    case 'variable':
      return fixedVariables.has(operand.name);
    case 'chain':
      return operandUsesOnlyLabels(operand.base);
    case 'pipe':
      return pipeUsesOnlyLabels(operand);
    case 'dot':
      return false;
  }
}
