import { join } from 'node:path';
import type { Board, BoardPanel, Target } from '../../src/core/generate/grafana/board.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  defaultGenerateOptions,
  type GenerateOptions,
  generateArtefacts,
  generateRules,
} from '../../src/core/generate/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { definitionOf } from '../example-services.ts';

/** The service with a bit of everything. */
export const shop: Service = definitionOf(join('test', 'grafana', 'testdata', 'shop.yaml'));

/** The texts of the boards by file. */
export function boardTexts(
  services: readonly Service[],
  options: GenerateOptions = defaultGenerateOptions,
): ReadonlyMap<string, string> {
  const pieces = [...generateArtefacts(services, [grafana()], options)];
  return new Map(pieces.flatMap(({ files }) => files.map(({ path, text }) => [path, text] as const)));
}

function grafana(): ArtefactTarget {
  const target = artefactTargets.find(({ name }) => name === 'grafana');
  if (target === undefined) throw new Error('no target grafana');
  return target;
}

/** The boards by file, read back from what is written. */
export function boards(services: readonly Service[], options?: GenerateOptions): ReadonlyMap<string, Board> {
  return new Map([...boardTexts(services, options)].map(([path, text]) => [path, JSON.parse(text) as Board]));
}

/** Rules objective by objective, but for composites with their members: what several share in one rule has their labels then. */
export function rulesByObjective(services: readonly Service[]): RuleFile {
  return {
    groups: services.flatMap((service) =>
      service.slos.flatMap((slo) => {
        const { indicator } = slo;
        const members = indicator.kind === 'composite' ? indicator.members.map((member) => member.slo) : [];
        const slos = service.slos.filter((one) => one === slo || members.includes(one.name));
        return generateRules({ ...service, slos }, defaultGenerateOptions).file.groups;
      }),
    ),
  };
}

/** The panels of a board, those inside closed rows too. */
export function panelsOf(board: Board): readonly BoardPanel[] {
  return board.panels.flatMap((panel) => (panel.type === 'row' ? panel.panels : [panel]));
}

/** What a variable stands for when nothing was chosen. */
export function withEverythingChosen(expr: string): string {
  return expr.replaceAll(/\$\{?\w+\}?/g, '.*');
}

export interface PlacedQuery {
  readonly file: string;
  readonly panel: BoardPanel;
  readonly target: Target;
}

export function queriesOf(all: ReadonlyMap<string, Board>): readonly PlacedQuery[] {
  return [...all].flatMap(([file, board]) =>
    panelsOf(board).flatMap((panel) => (panel.targets ?? []).map((target) => ({ file, panel, target }))),
  );
}

/** A board's grid as text, to be looked at: a line for each line of panels, as wide as they are. */
export function picture(board: Board): string {
  const lines: string[] = [`${board.title}  (${board.uid})`];
  for (const variable of board.templating.list) lines.push(`$${variable.name}: ${variable.label}`);
  for (const { name } of board.annotations.list) lines.push(`annotations: ${name}`);
  for (const link of board.links) lines.push(`link: ${link.title} ${link.url ?? link.tags.join(' ')}`);
  let y = -1;
  let line: string[] = [];
  const flush = (): void => void (0 < line.length && lines.push(`|${line.join('|')}|`));
  for (const panel of board.panels) {
    if (panel.type === 'row') {
      flush();
      line = [];
      lines.push('', `== ${panel.title}${panel.collapsed ? ` (closed: ${panel.panels.length})` : ''}`);
      continue;
    }
    if (panel.gridPos.y !== y) {
      flush();
      line = [];
      y = panel.gridPos.y;
    }
    const room = 5 * panel.gridPos.w - 1;
    const text = ` ${panel.title} [${panel.type} ${panel.gridPos.h}]`;
    line.push(text.length <= room ? text.padEnd(room) : `${text.slice(0, room - 1)}…`);
  }
  flush();
  return `${lines.join('\n')}\n`;
}
