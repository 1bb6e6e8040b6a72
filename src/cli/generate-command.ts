import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { closest, type Duration, formatDuration, parseDuration } from '../core/base/index.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  defaultGenerateOptions,
  defaultTargets,
  formatServerVersion,
  type GenerateOptions,
  generateText,
  isAtLeast,
  longestInterval,
  oldestAlertmanager,
  oldestPrometheus,
  readNamespace,
  readObjectLabels,
  readServerVersion,
  readTargets,
  type ServerVersion,
  shortestInterval,
} from '../core/generate/index.ts';
import type { Service } from '../core/slo/index.ts';
import { type LoadedDefinitions, loadDefinitions, reportErrors } from './definitions.ts';
import { generateFiles, located } from './generate-files.ts';
import { watchDefinitions } from './generate-watch.ts';
import {
  addKeepNamesOptions,
  type KeepNamesFlags,
  keepNamesProblem,
  readKeepNames,
  readSlothFlags,
  withoutKept,
} from './keep-names.ts';
import type { KnownFile } from './output-folder.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options extends KeepNamesFlags {
  readonly input?: readonly string[];
  readonly output: string;
  readonly target: readonly ArtefactTarget[];
  readonly interval: Duration;
  readonly prometheusVersion: ServerVersion;
  readonly alertmanagerVersion: ServerVersion;
  readonly namespace?: string;
  readonly ruleLabels: ReadonlyMap<string, string>;
  readonly thanosPartialResponse: 'abort' | 'warn';
  readonly check?: boolean;
  readonly dryRun?: boolean;
  readonly watch?: boolean;
}

/** `nines generate`: writes what follows from definitions: rules, configurations, boards, documents. */
export function generateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const interval = new Option('--interval <duration>', 'how often Prometheus evaluates the rules')
    .argParser(readInterval)
    .default(defaultGenerateOptions.interval, formatDuration(defaultGenerateOptions.interval));
  return addKeepNamesOptions(new Command('generate'))
    .description('write what follows from definitions: Prometheus rules and more')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .requiredOption('-o, --output <folder>', 'where to write, or - for standard output')
    .addOption(targetOption())
    .addOption(interval)
    .addOption(versionOption('prometheus', oldestPrometheus))
    .addOption(versionOption('alertmanager', oldestAlertmanager))
    .addOption(new Option('--namespace <name>', 'the namespace of Kubernetes objects').argParser(readObjectNamespace))
    .addOption(ruleLabelsOption())
    .addOption(
      new Option('--thanos-partial-response <strategy>', "what Thanos's ruler does when a part of the data is missing")
        .choices(['abort', 'warn'])
        .default('abort'),
    )
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

function targetOption(): Option {
  return new Option('--target <targets>', 'what to write: one or more of the list below, joined by commas, or all')
    .argParser((text) => {
      const read = readTargets(text);
      if ('targets' in read) return read.targets;
      const meant = closest(read.unknown, ['all', ...artefactTargets.map(({ name }) => name)]);
      const hint = meant === undefined ? 'the list is in nines generate --help' : `did you mean ${meant}?`;
      throw new InvalidArgumentError(`there is no target ${JSON.stringify(read.unknown)}; ${hint}`);
    })
    .default(defaultTargets, defaultTargets.map(({ name }) => name).join());
}

function targetList(): string {
  const width = Math.max(...artefactTargets.map(({ name }) => name.length));
  return artefactTargets.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n');
}

function versionOption(program: 'prometheus' | 'alertmanager', oldest: ServerVersion): Option {
  const shown = formatServerVersion(oldest);
  return new Option(`--${program}-version <version>`, `the oldest ${program} that will load the files`)
    .argParser((text) => {
      const version = readServerVersion(text);
      if (version === undefined || !isAtLeast(version, oldest)) {
        throw new InvalidArgumentError(`write a version from ${shown} on, such as ${shown}`);
      }
      return version;
    })
    .default(oldest, shown);
}

function readObjectNamespace(text: string): string {
  const namespace = readNamespace(text);
  if (namespace !== undefined) return namespace;
  throw new InvalidArgumentError('lower-case letters, digits and hyphens, at most 63');
}

function ruleLabelsOption(): Option {
  return new Option('--rule-labels <labels>', 'labels of PrometheusRule objects, by which a Prometheus selects them')
    .argParser((text) => {
      const labels = readObjectLabels(text);
      if (labels === undefined)
        throw new InvalidArgumentError('write labels as Kubernetes has them: release=prometheus');
      return labels;
    })
    .default(defaultGenerateOptions.kubernetes.ruleLabels, 'none');
}

function readInterval(text: string): Duration {
  const interval = parseDuration(text);
  if (interval === undefined || interval < shortestInterval || longestInterval < interval) {
    const bounds = `${formatDuration(shortestInterval)} to ${formatDuration(longestInterval)}`;
    throw new InvalidArgumentError(`write a duration from ${bounds}, such as 30s or 1m`);
  }
  return interval;
}

async function generate(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const { output, target: targets } = options;
  const sloth = await readSlothFlags(terminal, options);
  if (!reportErrors(terminal, sloth.diagnostics)) return 1;
  const folder = resolve(terminal.cwd, output);
  const mode = options.check ? 'check' : options.dryRun ? 'dry-run' : 'write';
  const made = options.watch ? new WeakMap<Service, readonly KnownFile[]>() : undefined;
  const run = async (loaded: LoadedDefinitions): Promise<ExitCode> => {
    const keepNames = await readKeepNames(terminal, options, loaded, sloth);
    if (!reportErrors(terminal, withoutKept(loaded.diagnostics, keepNames))) return 1;
    const given = { ...generateOptions(options), ...(keepNames !== undefined && { keepNames }) };
    if (output === '-') return print(terminal, loaded, targets, given);
    const where = { folder, shown: output, inputs: paths, targets, options: given, mode } as const;
    return generateFiles(terminal, loaded, made === undefined ? where : { ...where, made });
  };
  if (!options.watch) return run(await loadDefinitions(terminal, paths, sloth));
  if (output === '-' || paths.includes('-') || mode !== 'write') {
    terminal.writeError('nines: --watch reads files and writes into a folder; leave out -, --check and --dry-run\n');
    return 2;
  }
  await watchDefinitions(terminal, paths, sloth, run);
  return 0;
}

function generateOptions(options: Options): GenerateOptions {
  const { interval, prometheusVersion, alertmanagerVersion, thanosPartialResponse, namespace, ruleLabels } = options;
  const kubernetes = { ruleLabels, ...(namespace !== undefined && { namespace }) };
  return { interval, prometheusVersion, alertmanagerVersion, thanosPartialResponse, kubernetes };
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
  if (!reportErrors(terminal, located(loaded, made.diagnostics))) return 1;
  terminal.write(made.text);
  return 0;
}
