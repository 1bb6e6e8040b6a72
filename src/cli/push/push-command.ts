import { Command, InvalidArgumentError, Option } from 'commander';
import { type Duration, duration, formatDuration, minute, parseDuration, second } from '../../core/base/index.ts';
import {
  type ArtefactTarget,
  defaultGenerateOptions,
  type GeneratedFile,
  type GenerateOptions,
  generateArtefacts,
  targetNamed,
} from '../../core/generate/index.ts';
import { type LoadedDefinitions, loadDefinitions, reportErrors } from '../definitions.ts';
import { intervalOption, prometheusVersionOption } from '../generate/generate-options.ts';
import { subjectsIn } from '../subjects.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type PushApi, pushApi } from './push-api.ts';
import { planGrafana } from './push-grafana.ts';
import { planMimir } from './push-mimir.ts';
import { carryOut, type PushPlan } from './push-plan.ts';

interface Options extends Pick<GenerateOptions, 'interval' | 'prometheusVersion'> {
  readonly input?: readonly string[];
  readonly target: 'mimir' | 'grafana';
  readonly tenant?: string;
  readonly tokenFile?: string;
  readonly basicAuthFile?: string;
  readonly folder: string;
  readonly timeout: Duration;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

/** `nines push`: brings rules to Mimir's ruler, or boards to Grafana, over HTTP. */
export function pushCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('push')
    .description("bring the rules of definitions to Mimir's ruler, or their boards to Grafana")
    .argument('<url>', 'the address of the server')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--target <target>', 'what to push').choices(['mimir', 'grafana']).default('mimir'))
    .option('--dry-run', 'show what would change, and send nothing')
    .option('--prune', 'mimir: delete the rules of services that are not among the definitions as well')
    .option('--tenant <name>', 'mimir: the tenant, as X-Scope-OrgID')
    .option('--folder <title>', 'grafana: the folder of the boards', 'Service level objectives')
    .option('--token-file <file>', 'a file with a bearer token; else NINES_PUSH_TOKEN')
    .option('--basic-auth-file <file>', 'a file with user:password; else NINES_PUSH_BASIC_AUTH')
    .addOption(timeoutOption())
    .addOption(intervalOption())
    .addOption(prometheusVersionOption())
    .addHelpText(
      'after',
      '\nExit code: 0 done, 1 errors in a definition, 2 the server did not answer or refused; it is said what was changed before.',
    )
    .action(async (url: string, positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      if (paths.length === 0) {
        terminal.writeError('nines: name definitions to push, or - for standard input\n');
        exit(2);
        return;
      }
      exit(await push(terminal, url, paths, options));
    });
}

function timeoutOption(): Option {
  const longest = duration(10 * minute);
  return new Option('--timeout <duration>', 'how long to wait for each answer')
    .argParser((text) => {
      const timeout = parseDuration(text);
      if (timeout !== undefined && second <= timeout && timeout <= longest) return timeout;
      throw new InvalidArgumentError(`write a duration from 1s to ${formatDuration(longest)}`);
    })
    .default(duration(30 * second), '30s');
}

async function push(terminal: Terminal, url: string, paths: readonly string[], options: Options): Promise<ExitCode> {
  const target = targetNamed(options.target);
  if (target === undefined) throw new Error(`nothing generates ${options.target}`);
  const headers: Record<string, string> = options.tenant === undefined ? {} : { 'x-scope-orgid': options.tenant };
  const api = await pushApi(terminal, url, { ...options, headers });
  if (typeof api === 'string') {
    terminal.writeError(`nines: ${api}\n`);
    return 2;
  }
  const loaded = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, loaded.diagnostics)) return 1;
  const { interval, prometheusVersion } = options;
  const generate = { ...defaultGenerateOptions, interval, prometheusVersion };
  const files = generated(terminal, loaded, target, generate);
  if (files === undefined) return 1;
  return carryOut(terminal, api, await plan(api, loaded, files, generate, options), options.dryRun === true);
}

/** Everything is generated before anything is sent, so that an error in one definition leaves the server as it is. */
function generated(
  terminal: Terminal,
  loaded: LoadedDefinitions,
  target: ArtefactTarget,
  options: GenerateOptions,
): readonly GeneratedFile[] | undefined {
  const files: GeneratedFile[] = [];
  const atSubjects = subjectsIn(loaded);
  let failed = false;
  for (const piece of generateArtefacts(loaded.services, [target], options)) {
    failed = !reportErrors(terminal, atSubjects(piece.diagnostics)) || failed;
    files.push(...piece.files);
  }
  return failed ? undefined : files;
}

function plan(
  api: PushApi,
  { services }: LoadedDefinitions,
  files: readonly GeneratedFile[],
  generate: GenerateOptions,
  { target, folder, prune = false }: Options,
): Promise<PushPlan> {
  switch (target) {
    case 'mimir':
      return planMimir(api, services, generate, prune);
    case 'grafana':
      return planGrafana(api, files, folder);
  }
}
