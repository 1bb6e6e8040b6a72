/** A document that says the same in other words, so that what a check knows about one document shows. */
export interface Mutation {
  readonly name: string;
  readonly apply: (text: string) => string;
}

export const mutations: readonly Mutation[] = [
  { name: 'metrics, labels and alerts renamed', apply: rename },
  { name: 'sections in another order', apply: reorder },
  { name: 'restyled: other bullets, emphasis, fences, line ends and spaces', apply: restyle },
  { name: 'other numbers', apply: renumber },
];

/** Stems in names of metrics, rules and alerts become others; endings carry meaning by convention and stay. */
function rename(text: string): string {
  const stems: readonly (readonly [RegExp, string])[] = [
    [/\b(comfyui|koder_flow|flask|task_mcp)_(?=\w)/g, 'zorblax_'],
    [/(?<=[a-z])koder_flow_/g, 'zorblax_'],
    [/\bgitea_/g, 'plumbus_'],
    [/backups_scheduler/g, 'exports_planner'],
    [/\btool_execution/g, 'gadget_invocation'],
    [/\bstreaming_active/g, 'socket_open'],
    [/\bcreate_task_/g, 'add_card_'],
    [/\bdelete_task_/g, 'drop_card_'],
    [/\btask_mcp:/g, 'zorblax:'],
    [/TaskMCP/g, 'Zorblax'],
    [/worker_utilization/g, 'engine_usage'],
    [/\berror_type\b/g, 'failure_kind'],
    [/\bFlow(?=[A-Z])/g, 'Zorb'],
    [/ComfyUI|DumbKV|PacToDo|Koder Flow|Task MCP/g, 'Zorblax'],
  ];
  return stems.reduce((all, [pattern, name]) => all.replace(pattern, name), text);
}

/** Parts of the first level below the title, backwards. */
function reorder(text: string): string {
  const parts = text.split(/^(?=## |R\d+ — )/m);
  const [head = '', ...rest] = parts;
  return [head.trimEnd(), ...rest.toReversed().map((part) => part.trimEnd())].join('\n\n').concat('\n');
}

function restyle(text: string): string {
  return text
    .replaceAll(/^- (?=\*\*|`|[A-Z<>])(?!.*\balert:|.*\bname:)/gm, '* ')
    .replaceAll(/^(#+ .*)$/gm, '$1 #')
    .replaceAll(/^```(?=\w)/gm, '~~~')
    .replaceAll(/^```$/gm, '~~~')
    .replaceAll('\n', '\r\n');
}

/** Bounds and a target become others wherever they stand, so that what agreed still agrees and what did not still does not. */
function renumber(text: string): string {
  return text
    .replaceAll(/(?<![\d.])(20|40|50)(?![\d.])(?! ?x| concurrent)/g, (digits) => String(Number(digits) + 4))
    .replaceAll(/(?<!\d)99\.5(?!\d)/g, '99.4')
    .replaceAll(/(?<![\d.])0\.5%/g, '0.6%')
    .replaceAll(/(?<![\d.])0\.005(?!\d)/g, '0.006');
}
