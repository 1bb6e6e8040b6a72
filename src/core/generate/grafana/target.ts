import type { Service, Slo } from '../../slo/index.ts';
import { recorded } from '../names.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import type { Board } from './board.ts';
import { detailBoard } from './detail-board.ts';
import { boardFile, overviewFile } from './names.ts';
import { overviewBoard } from './overview-board.ts';
import { serviceBoard } from './service-board.ts';

/** Grafana's boards: one of all services, one of each service, one of each objective. */
export const grafanaTarget: ArtefactTarget = {
  name: 'grafana',
  about: 'dashboards for Grafana: an overview, one of each service, one of each objective',
  folder: 'grafana',
  ofService: serviceFiles,
  ofAll: (services) => ({ files: new Map([[overviewFile, printBoard(overviewBoard(services))]]), diagnostics: [] }),
};

function serviceFiles(service: Service, { options, rulesOf }: GenerateContext): TargetFiles {
  const { file, diagnostics } = rulesOf(service);
  const withRules = new Set(
    file.groups.flatMap(({ rules }) =>
      rules.flatMap((rule) =>
        rule.kind === 'recording' && rule.record === recorded.objective ? [rule.labels.get('slo')] : [],
      ),
    ),
  );
  // Without rules there is nothing to show; why there are none is among the diagnostics.
  const slos = service.slos.filter(({ name }) => withRules.has(name));
  const boards: readonly (readonly [string, Board])[] = [
    [boardFile(service), serviceBoard(service, slos, options.interval)],
    ...slos.map((slo: Slo) => [boardFile(service, slo), detailBoard(service, slo, options.interval)] as const),
  ];
  return { files: new Map(boards.map(([path, board]) => [path, printBoard(board)])), diagnostics };
}

function printBoard(board: Board): string {
  return `${JSON.stringify(board, undefined, 2)}\n`;
}
