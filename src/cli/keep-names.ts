import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Duration,
  day,
  duration,
  formatDuration,
  type LocatedDiagnostic,
  parseDuration,
} from '../core/base/index.ts';
import {
  readPyrraNames,
  readSlothNames,
  readSlothWindows,
  type SlothAlertWindows,
  slothTiers,
} from '../core/formats/index.ts';
import {
  type ArtefactTarget,
  type KeepNames,
  type KeptTool,
  keepNamesOf,
  keptTools,
  type WindowSource,
  windowSources,
} from '../core/generate/index.ts';
import type { LoadedDefinitions } from './definitions.ts';
import type { Terminal } from './terminal.ts';

/** The options of `nines generate` that keep another tool's names. Those that are Sloth's own are spelt as Sloth spells them. */
export interface KeepNamesFlags extends SlothFlags {
  readonly keepNames?: KeptTool;
  readonly windowSource?: WindowSource;
  readonly namesFrom?: readonly string[];
  readonly extraLabels?: ReadonlyMap<string, string>;
}

/** What Sloth's files leave to flags of it, spelt as it spells them. */
export interface SlothFlags {
  readonly defaultSloPeriod?: Duration;
  readonly sloPeriodWindowsPath?: string;
}

/** Adds them to the command. */
export function addKeepNamesOptions(command: Command): Command {
  const named = command
    .addOption(
      new Option('--keep-names <tool>', 'Prometheus rules under the names and labels of another tool').choices(
        keptTools,
      ),
    )
    .addOption(
      new Option(
        '--window-source <source>',
        'with --keep-names: shares from raw counters as there, or from recorded events',
      ).choices(windowSources),
    )
    .option(
      '--names-from <path...>',
      'with --keep-names: files of the other tool that say what it called the objectives',
    )
    .addOption(
      new Option('--extra-labels <label=value...>', 'with --keep-names: further labels of what is recorded').argParser(
        readLabel,
      ),
    );
  return addSlothOptions(named);
}

/** Adds the flags by which Sloth's definitions are read. */
export function addSlothOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--default-slo-period <duration>',
        "the period of Sloth's definitions, as by its flag (default: 30d)",
      ).argParser(readLength),
    )
    .option('--slo-period-windows-path <path>', "the windows of Sloth's alerts, as by its flag: a file or a folder");
}

/** What is wrong with the options taken together; undefined if nothing is. */
export function keepNamesProblem(flags: KeepNamesFlags, targets: readonly ArtefactTarget[]): string | undefined {
  if (flags.keepNames !== undefined) {
    const other = targets.find(({ packsRules }) => packsRules !== true);
    return other === undefined ? undefined : `--keep-names is about rules, and ${other.name} reads the names of Nines`;
  }
  const without = (
    [
      ['--window-source', flags.windowSource],
      ['--names-from', flags.namesFrom],
      ['--extra-labels', flags.extraLabels],
    ] as const
  ).find(([, value]) => value !== undefined);
  return without === undefined ? undefined : `${without[0]} goes with --keep-names`;
}

interface SlothReading {
  readonly sloth?: SlothAlertWindows;
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/** The period and the windows that Sloth's files are read with; undefined for its own thirty days. */
export async function readSlothFlags(
  terminal: Terminal,
  { defaultSloPeriod, sloPeriodWindowsPath }: SlothFlags,
): Promise<SlothReading> {
  if (defaultSloPeriod === undefined && sloPeriodWindowsPath === undefined) return { diagnostics: [] };
  const period = defaultSloPeriod ?? duration(30 * day);
  const known: SlothAlertWindows[] = [];
  const diagnostics: LocatedDiagnostic[] = [];
  for (const name of sloPeriodWindowsPath === undefined ? [] : await filesAt(terminal, sloPeriodWindowsPath)) {
    const source = { name, text: await readFile(resolve(terminal.cwd, name), 'utf8') };
    const read = readSlothWindows(source);
    diagnostics.push(...read.diagnostics.map((diagnostic) => ({ ...diagnostic, source })));
    if (read.ok) known.push(read.value);
  }
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  const tiers = known.find((windows) => windows.period === period)?.tiers ?? slothTiers(period);
  if (tiers !== undefined) return { sloth: { period, tiers }, diagnostics };
  const message = `there are no alert windows for a period of ${formatDuration(period)}`;
  const help = 'write a document of kind AlertWindows for it, and name it by --slo-period-windows-path';
  const source = { name: sloPeriodWindowsPath ?? '<command line>', text: '' };
  return {
    diagnostics: [
      { severity: 'error', code: 'dialect/missing-key', message, help, span: { start: 0, end: 0 }, source },
    ],
  };
}

/** All that generation needs to keep names: those of the definitions themselves, where they are the other tool's, and of further files. */
export async function readKeepNames(
  terminal: Terminal,
  { keepNames, windowSource, extraLabels, namesFrom = [] }: KeepNamesFlags,
  loaded: LoadedDefinitions,
  { sloth }: SlothReading,
): Promise<KeepNames | undefined> {
  if (keepNames === undefined) return undefined;
  const further = await Promise.all(
    namesFrom.map(async (name) => {
      const text = await readFile(resolve(terminal.cwd, name), 'utf8').catch((cause: unknown) => {
        throw new Error(`cannot read ${name}`, { cause });
      });
      return { name, text };
    }),
  );
  const own = loaded.files.map(({ source }) => source);
  return keepNamesOf(keepNames, {
    ...(windowSource !== undefined && { windowSource }),
    ...(extraLabels !== undefined && { extraLabels }),
    ...(sloth !== undefined && { slothWindows: sloth }),
    slothNames: [...further, ...own].flatMap(readSlothNames),
    pyrraNames: [...further, ...own].flatMap(readPyrraNames),
  });
}

/** What reading remarks, but for what is lost or changed on the way into definitions of Nines: under the old names it is there. */
export function withoutKept(
  diagnostics: readonly LocatedDiagnostic[],
  keepNames: KeepNames | undefined,
): readonly LocatedDiagnostic[] {
  if (keepNames === undefined) return diagnostics;
  return diagnostics.filter(
    ({ code, message }) =>
      (code !== 'dialect/lost' || lostAnyway.test(message)) &&
      (code !== 'dialect/assumed' || !message.includes('the query is kept')),
  );
}

/** Keys of Pyrra that change how its rules are made, which no names bring back. */
const lostAnyway = /^`(?:ruleOutput|partial_response_strategy|performanceOverAccuracy)`/;

async function filesAt(terminal: Terminal, path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(resolve(terminal.cwd, path))).isDirectory()) return [path];
    const names = await readdir(resolve(terminal.cwd, path));
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .toSorted()
      .map((name) => join(path, name));
  } catch (error) {
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}

function readLabel(text: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const [, label, value] = /^([a-zA-Z_]\w*)=(.*)$/.exec(text) ?? [];
  if (label === undefined || value === undefined || label.startsWith('__'))
    throw new InvalidArgumentError('write label=value, such as team=payments');
  return new Map([...before, [label, value]]);
}

function readLength(text: string): Duration {
  const length = parseDuration(text);
  if (length === undefined || length === 0) throw new InvalidArgumentError('write a duration, such as 28d');
  return length;
}
