import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Duration } from '../../core/base/index.ts';
import {
  type ArtefactTarget,
  type GenerateOptions,
  generateText,
  type ServerVersion,
} from '../../core/generate/index.ts';
import type { Service } from '../../core/slo/index.ts';
import { type LoadedDefinitions, loadDefinitions, reportErrors } from '../definitions.ts';
import {
  addKeepNamesOptions,
  type KeepNamesFlags,
  keepNamesProblem,
  readKeepNames,
  readSlothFlags,
  withoutKept,
} from '../keep-names.ts';
import type { KnownFile } from '../output/output-folder.ts';
import { atSubjects } from '../subjects.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { generateFiles } from './generate-files.ts';
import {
  alertmanagerVersionOption,
  intervalOption,
  namespaceOption,
  prometheusVersionOption,
  ruleLabelsOption,
  targetList,
  targetOption,
  vmalertVersionOption,
} from './generate-options.ts';
import { watchDefinitions } from './generate-watch.ts';
import { type GenerateThreads, generateThreads } from './generate-workers.ts';

interface Options extends KeepNamesFlags {
  readonly input?: readonly string[];
  readonly output: string;
  readonly target: readonly ArtefactTarget[];
  readonly interval: Duration;
  readonly prometheusVersion: ServerVersion;
  readonly alertmanagerVersion: ServerVersion;
  readonly vmalertVersion: ServerVersion;
  readonly namespace?: string;
  readonly ruleLabels: ReadonlyMap<string, string>;
  readonly thanosPartialResponse: 'abort' | 'warn';
  readonly environment?: string;
  readonly dashboardUrl?: string;
  readonly pageUrl?: string;
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** `nines generate`: writes what follows from definitions: rules, configurations, boards, documents. */
export function generateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return addKeepNamesOptions(new Command('generate'))
    .description('write what follows from definitions: Prometheus rules and more')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .requiredOption('-o, --output <folder>', 'where to write, or - for standard output')
    .addOption(targetOption())
    .option('--environment <name>', 'for one of the environments of the definitions: its labels, and whether it pages')
    .addOption(intervalOption())
    .addOption(prometheusVersionOption())
    .addOption(alertmanagerVersionOption())
    .addOption(vmalertVersionOption())
    .addOption(namespaceOption())
    .addOption(ruleLabelsOption())
    .addOption(
      new Option('--thanos-partial-response <strategy>', "what Thanos's ruler does when a part of the data is missing")
        .choices(['abort', 'warn'])
        .default('abort'),
    )
    .option('--dashboard-url <url>', 'a board for alerts to link to; {service} and {slo} are put in')
    .option('--page-url <url>', 'a server of Nines for alerts to link to')
    .option('--check', 'write nothing; show what differs from what would be written, and fail if anything does')
    .option('--dry-run', 'write nothing; list what would be written and removed')
    .option('--watch', 'go on, and write again what follows from definitions that change')
    .addHelpText(
      'after',
      `\nTargets:\n${targetList()}\n\nFiles that Nines did not write are never overwritten. Exit code: 0 done, 1 errors in a definition or (with --check) a difference, 2 something could not be read or written.`,
    )
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      if (paths.length === 0) {
        terminal.writeError('nines: name definitions to generate from, or - for standard input\n');
        exit(2);
        return;
      }
      const problem = keepNamesProblem(options, options.target);
      if (problem !== undefined) {
        terminal.writeError(`nines: ${problem}\n`);
        exit(2);
        return;
      }
      exit(await generate(terminal, paths, options));
    });
}

async function generate(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const { output, target: targets } = options;
  const sloth = await readSlothFlags(terminal, options);
  if (!reportErrors(terminal, sloth.diagnostics)) return 1;
  const folder = resolve(terminal.cwd, output);
  const mode = options.check ? 'check' : options.dryRun ? 'dry-run' : 'write';
  const made = options.watch ? new WeakMap<Service, readonly KnownFile[]>() : undefined;
  const run = async (loaded: LoadedDefinitions, threads?: GenerateThreads): Promise<ExitCode> => {
    const keepNames = await readKeepNames(terminal, options, loaded, sloth);
    if (!reportErrors(terminal, withoutKept(loaded.diagnostics, keepNames))) return 1;
    const unknown = unknownEnvironment(options, loaded.services);
    if (unknown !== undefined) {
      terminal.writeError(`nines: ${unknown}\n`);
      return 2;
    }
    const given = { ...generateOptions(options), ...(keepNames !== undefined && { keepNames }) };
    if (output === '-') return print(terminal, loaded, targets, given);
    const where = { folder, shown: output, inputs: paths, targets, options: given, mode } as const;
    return generateFiles(terminal, loaded, {
      ...where,
      ...(made !== undefined && { made }),
      ...(threads !== undefined && { threads }),
    });
  };
  if (!options.watch) {
    // Which names are kept is known when all is read: until then nothing can be made.
    const threads =
      output === '-' || options.keepNames !== undefined
        ? undefined
        : generateThreads(targets, generateOptions(options));
    try {
      return await run(
        await loadDefinitions(terminal, paths, sloth, ({ services }) => threads?.expect(services)),
        threads,
      );
    } finally {
      await threads?.end();
    }
  }
  if (output === '-' || paths.includes('-') || mode !== 'write') {
    terminal.writeError('nines: --watch reads files and writes into a folder; leave out -, --check and --dry-run\n');
    return 2;
  }
  await watchDefinitions(terminal, paths, sloth, run);
  return 0;
}

/** What is wrong with an environment that no definition names. */
function unknownEnvironment({ environment }: Options, services: readonly Service[]): string | undefined {
  if (environment === undefined) return undefined;
  const known = [...new Set(services.flatMap(({ environments }) => environments.map(({ name }) => name)))];
  if (known.includes(environment)) return undefined;
  const list = known.length === 0 ? 'the definitions name none' : `there are ${known.toSorted().join(', ')}`;
  return `there is no environment ${JSON.stringify(environment)}; ${list}`;
}

function generateOptions(options: Options): GenerateOptions {
  const { interval, prometheusVersion, alertmanagerVersion, vmalertVersion, thanosPartialResponse } = options;
  const { namespace, ruleLabels, environment, dashboardUrl, pageUrl } = options;
  const kubernetes = { ruleLabels, ...(namespace !== undefined && { namespace }) };
  const links = { ...(dashboardUrl !== undefined && { dashboardUrl }), ...(pageUrl !== undefined && { pageUrl }) };
  const place = { ...(environment !== undefined && { environment }) };
  const versions = { prometheusVersion, alertmanagerVersion, vmalertVersion };
  return { interval, ...versions, thanosPartialResponse, kubernetes, ...place, ...links };
}

function print(
  terminal: Terminal,
  loaded: LoadedDefinitions,
  targets: readonly ArtefactTarget[],
  options: GenerateOptions,
): ExitCode {
  const [target, ...more] = targets;
  const made = target === undefined || 0 < more.length ? undefined : generateText(loaded.services, target, options);
  if (made === undefined) {
    terminal.writeError('nines: these are several files, which need a folder: -o DIR\n');
    return 2;
  }
  if (!reportErrors(terminal, atSubjects(loaded, made.diagnostics))) return 1;
  terminal.write(made.text);
  return 0;
}
