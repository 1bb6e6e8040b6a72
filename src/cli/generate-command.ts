import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  type Diagnostic,
  type Duration,
  formatDuration,
  type LocatedDiagnostic,
  parseDuration,
} from '../core/base/index.ts';
import {
  type ArtefactTarget,
  artefactTargets,
  defaultGenerateOptions,
  generateArtefacts,
  generatedMark,
  generateText,
  longestInterval,
  shortestInterval,
} from '../core/generate/index.ts';
import { type LoadedDefinitions, loadDefinitions, reportErrors } from './definitions.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly output: string;
  readonly target: ArtefactTarget;
  readonly interval: Duration;
  readonly check?: boolean;
}

/** `nines generate`: writes what follows from definitions, today Prometheus rules. */
export function generateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const interval = new Option('--interval <duration>', 'how often Prometheus evaluates the rules')
    .argParser(readInterval)
    .default(defaultGenerateOptions.interval, formatDuration(defaultGenerateOptions.interval));
  return new Command('generate')
    .description('write the Prometheus rules of definitions, one file for each service')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .requiredOption('-o, --output <folder>', 'where to write, or - for standard output')
    .addOption(new Option('--target <target>', 'what to write').choices(artefactTargets).default('prometheus'))
    .addOption(interval)
    .option('--check', 'write nothing; fail if a file is missing or differs from what would be written')
    .addHelpText(
      'after',
      '\nFiles that Nines did not write are never overwritten. Exit code: 0 done, 1 errors in a definition or (with --check) a difference, 2 something could not be read or written.',
    )
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      if (paths.length === 0) {
        terminal.writeError('nines: name definitions to generate from, or - for standard input\n');
        exit(2);
        return;
      }
      exit(await generate(terminal, paths, options));
    });
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
  const { output, target, interval, check = false } = options;
  const loaded = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, loaded.diagnostics)) return 1;
  if (output === '-') {
    const { text, diagnostics } = generateText(loaded.services, target, { interval });
    if (!reportErrors(terminal, located(loaded, diagnostics))) return 1;
    terminal.write(text);
    return 0;
  }
  const { files, diagnostics } = generateArtefacts(loaded.services, target, { interval });
  if (!reportErrors(terminal, located(loaded, diagnostics))) return 1;
  const folder = resolve(terminal.cwd, output);
  return check ? compare(terminal, folder, output, files) : write(terminal, folder, output, files);
}

/** Generation knows services, not places in files; each finding is shown with the file of its service. */
function located({ files }: LoadedDefinitions, diagnostics: readonly Diagnostic[]): readonly LocatedDiagnostic[] {
  return diagnostics.map((diagnostic) => {
    const owner = files.find(({ services }) => services.some(({ name }) => diagnostic.message.startsWith(`${name}/`)));
    return { ...diagnostic, source: { name: owner?.source.name ?? '<definition>', text: '' } };
  });
}

async function compare(
  terminal: Terminal,
  folder: string,
  shown: string,
  files: ReadonlyMap<string, string>,
): Promise<ExitCode> {
  let differences = 0;
  for (const [path, text] of files) {
    const existing = await readIfThere(join(folder, path));
    if (existing === text) continue;
    differences += 1;
    terminal.writeError(`nines: ${join(shown, path)} ${existing === undefined ? 'is missing' : 'differs'}\n`);
  }
  if (0 < differences) terminal.writeError('nines: run nines generate without --check to write them\n');
  return differences === 0 ? 0 : 1;
}

/** Writes all files or, if one of them is not ours to overwrite, none. Each appears whole: it is written beside its place and moved there. */
async function write(
  terminal: Terminal,
  folder: string,
  shown: string,
  files: ReadonlyMap<string, string>,
): Promise<ExitCode> {
  const changed: (readonly [path: string, text: string])[] = [];
  for (const [path, text] of files) {
    const existing = await readIfThere(join(folder, path));
    if (existing !== undefined && !existing.startsWith(generatedMark)) {
      terminal.writeError(
        `nines: ${join(shown, path)} was not written by Nines; nothing was written. Move it away first\n`,
      );
      return 1;
    }
    if (existing !== text) changed.push([path, text]);
  }
  for (const [path, text] of changed) {
    terminal.signal.throwIfAborted();
    await writeWhole(join(folder, path), text);
    terminal.writeError(`wrote ${join(shown, path)}\n`);
  }
  const same = files.size - changed.length;
  if (0 < same) terminal.writeError(`${same} file${same === 1 ? ' is' : 's are'} up to date\n`);
  return 0;
}

async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new Error(`cannot write ${path}`, { cause: error });
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}
