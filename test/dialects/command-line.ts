import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import { recordedTerminal } from '../server/terminal.ts';

/** An objective as Sloth has it. */
export const sloth = `version: prometheus/v1
service: shop
slos:
  - name: availability
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting: { name: ErrorBudgetBurn }
`;
/** The same as a definition of ours. */
export const ours = `apiVersion: nines/v1
service: shop
slos:
  availability:
    target: 99.9%
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
`;

/** What a command ended with and wrote. */
interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** The command line in a folder of its own for each test of a file, which holds `sloth.yml` and `slo.yaml`. */
export function commandLine(): {
  readonly nines: (args: readonly string[], input?: string) => Promise<Ended>;
  readonly write: (name: string, text: string) => Promise<void>;
  /** The path of a file in the folder. */
  readonly place: (...names: readonly string[]) => string;
} {
  let folder = '';
  const place = (...names: readonly string[]): string => join(folder, ...names);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nines-dialects-'));
    await writeFile(place('sloth.yml'), sloth);
    await writeFile(place('slo.yaml'), ours);
  });
  afterEach(() => rm(folder, { recursive: true }));
  return {
    place,
    write: (name, text) => writeFile(place(name), text),
    nines: async (args, input = '') => {
      const terminal = recordedTerminal(input);
      const code = await run(args, commands, { ...terminal, cwd: folder });
      return { code, output: terminal.out(), errors: terminal.error() };
    },
  };
}
