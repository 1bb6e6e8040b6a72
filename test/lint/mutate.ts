/** A document that says the same in other words, so that what a check knows about one document shows. */
export interface Mutation {
  readonly name: string;
  /** Whether each line stays where it is, so that a mistake must be found on its own line. */
  readonly keepsLines: boolean;
  readonly apply: (text: string) => string;
}

export const mutations: readonly Mutation[] = [
  { name: 'metrics, labels and alerts renamed', keepsLines: true, apply: (text) => rename(text, firstNames) },
  { name: 'sections in another order', keepsLines: false, apply: reorder },
  { name: 'restyled: other bullets, fences and line ends', keepsLines: true, apply: restyle },
  {
    name: 'restyled: other emphasis, tables without outer bars, plain headings',
    keepsLines: true,
    apply: restyleAgain,
  },
  { name: 'other numbers', keepsLines: true, apply: renumber },
  { name: 'other numbers again', keepsLines: true, apply: renumberAgain },
  {
    name: 'a first copy: renamed, reordered, restyled, other numbers',
    keepsLines: false,
    apply: (text) => restyle(reorder(renumber(rename(text, firstNames)))),
  },
  {
    name: 'a second copy: otherwise renamed, restyled, other numbers',
    keepsLines: true,
    apply: (text) => restyleAgain(renumberAgain(rename(text, secondNames))),
  },
  {
    name: 'a third copy: otherwise renamed, reordered, restyled twice',
    keepsLines: false,
    apply: (text) => restyle(restyleAgain(reorder(rename(text, thirdNames)))),
  },
];

type Names = Readonly<Record<string, string>>;

/** Words of names and of the prose about them. Endings of metrics carry meaning by convention, as do words of the trade, and stay. */
const firstNames: Names = {
  comfyui: 'zorblax',
  koder: 'vantor',
  flow: 'brook',
  gitea: 'plumbus',
  flask: 'bottle',
  mcp: 'qpc',
  dumbkv: 'smartkv',
  pactodo: 'chorelist',
  task: 'errand',
  tool: 'gadget',
  worker: 'engine',
  workers: 'engines',
  queue: 'ledger',
  backend: 'upstream',
  redis: 'memcache',
  minio: 'garage',
  streaming: 'socket',
  scheduler: 'planner',
  cron: 'timer',
  git: 'hg',
  push: 'merge',
  image: 'picture',
  images: 'pictures',
  web: 'site',
  storage: 'archive',
  policy_id: 'plan_id',
  delete: 'drop',
  create: 'add',
};
const secondNames: Names = {
  ...firstNames,
  comfyui: 'acme',
  koder: 'initech',
  flow: 'river',
  task: 'ticketing',
  tool: 'plugin',
  worker: 'runner',
  workers: 'runners',
  queue: 'backlog',
  scheduler: 'dispatcher',
  git: 'fossil',
  streaming: 'feed',
  backend: 'origin',
};
const thirdNames: Names = {
  ...firstNames,
  comfyui: 'hooli',
  koder: 'globex',
  flow: 'stream',
  task: 'todo',
  tool: 'applet',
  worker: 'robot',
  workers: 'robots',
  queue: 'pileup',
  scheduler: 'conductor',
  git: 'jj',
  streaming: 'channel',
  backend: 'farside',
  redis: 'valkey',
};

/** Labels are renamed where they stand as labels: before an operator, and in lists in braces. */
const labels: Names = {
  status: 'outcome',
  code: 'rc',
  error_type: 'failure_kind',
  endpoint: 'route',
  handler: 'view',
  stage: 'step',
  success: 'worked',
};

function rename(text: string, names: Names): string {
  const library = 'prometheus_flask_exporter';
  const inBraces = text.replaceAll(/\{[^{}]*\}/g, (braces) =>
    braces.replaceAll(/\b[a-z_]+\b(?=\s*(?:=|!=|!~|,|\}))/g, (label) => labels[label] ?? label),
  );
  return inBraces
    .split(library)
    .map((part) =>
      part.replaceAll(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g, (word) => likeCase(word, names[word.toLowerCase()])),
    )
    .join(library);
}

function likeCase(word: string, name: string | undefined): string {
  if (name === undefined) return word;
  if (word === word.toUpperCase() && 1 < word.length) return name.toUpperCase();
  return word.charAt(0) === word.charAt(0).toUpperCase() ? name.charAt(0).toUpperCase() + name.slice(1) : name;
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

function restyleAgain(text: string): string {
  return text
    .replaceAll(/\*\*([^*\n]+)\*\*/g, '__$1__')
    .replaceAll(/^\|[ ]?(.*?)[ ]?\|$/gm, (_, row: string) => row.replaceAll(/ *(?<!\\)\| */g, ' | '))
    .replaceAll(/^(#{2,4}) \d+\. /gm, '$1 ')
    .replaceAll(/^```promql$/gm, '```PromQL');
}

/** Bounds and a target become others wherever they stand, so that what agreed still agrees and what did not still does not. */
function renumber(text: string): string {
  // A percentile is named in words and in numbers; only the one would change.
  return text
    .replaceAll(/(?<![\d.Pp])(20|40|50)(?![\d.])(?! ?x| concurrent)/g, (digits) => String(Number(digits) + 4))
    .replaceAll(/(?<!\d)99\.5(?!\d)/g, '99.4')
    .replaceAll(/(?<![\d.])0\.5%/g, '0.6%')
    .replaceAll(/(?<![\d.])0\.005(?!\d)/g, '0.006');
}

function renumberAgain(text: string): string {
  const pairs: readonly (readonly [RegExp, string])[] = [
    [/\b500ms\b/g, '600ms'],
    [/\b300ms\b/g, '350ms'],
    [/\b200ms\b/g, '250ms'],
    [/\b100ms\b/g, '140ms'],
    [/([<>] )0\.1$/gm, '$10.14'],
    [/< 50ms\b/g, '< 70ms'],
    [/< 0\.05\b/g, '< 0.07'],
    [/\b450\b/g, '480'],
    [/\b60 minutes\b/g, '90 minutes'],
    [/> 2sticket/g, '> 3sticket'],
    [/\b10m\b(?!\s*$)/gm, '12m'],
    [/every 5 minutes/g, 'every 4 minutes'],
    [/\b0\.98\b/g, '0.97'],
    [/\b98%/g, '97%'],
    [/(?<![\d.])1000 /g, '1200 '],
    [/"p95 < 250ms, p99 < 600ms"/g, '"p95 < 260ms, p99 < 640ms"'],
  ];
  return pairs.reduce((all, [pattern, other]) => all.replaceAll(pattern, other), text);
}
