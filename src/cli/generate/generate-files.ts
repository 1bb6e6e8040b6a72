import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ArtefactTarget, GenerateOptions } from '../../core/generate/index.ts';
import type { Service } from '../../core/slo/index.ts';
import { type LoadedDefinitions, reportErrors } from '../definitions.ts';
import { errorCode, fileReason } from '../file-errors.ts';
import {
  type Change,
  type FolderWriter,
  type KnownFile,
  lookAt,
  type OutputFolder,
  writeTo,
} from '../output/output-folder.ts';
import { isHalfMoved } from '../output/staging.ts';
import { textDifference } from '../output/text-difference.ts';
import { subjectsIn } from '../subjects.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type GenerateThreads, generatePieces } from './generate-workers.ts';

/** What is to be generated, and where. */
export interface GenerateRun {
  readonly folder: string;
  /** The folder as the user wrote it. */
  readonly shown: string;
  /** The paths of the definitions. */
  readonly inputs: readonly string[];
  readonly targets: readonly ArtefactTarget[];
  readonly options: GenerateOptions;
  readonly mode: 'write' | 'check' | 'dry-run';
  /** Of services whose files are in place, those files; they are not generated again. */
  readonly made?: WeakMap<Service, readonly KnownFile[]>;
  /** Threads that have begun with what was read first. */
  readonly threads?: GenerateThreads;
}

/** Generates everything and brings the folder up to date, or tells how far it is from that. */
export async function generateFiles(
  terminal: Terminal,
  loaded: LoadedDefinitions,
  run: GenerateRun,
): Promise<ExitCode> {
  let writer: FolderWriter | undefined;
  let committed = false;
  try {
    writer = run.mode === 'write' ? writeTo(run.folder) : undefined;
    const output = lookAt(run.folder, run.inputs, terminal.cwd);
    const compared = await compareAll(terminal, loaded, run, output, (change) => writer?.add(change));
    if (compared === undefined) return 1;
    const left = output.leftOver(run.targets.map(({ name }) => name));
    const changes = [...compared.changes, ...left];
    if (run.mode === 'check') return reportDifferences(terminal, run, output, changes);
    const foreign = changes.filter(({ kind }) => kind === 'foreign');
    for (const { path } of foreign) terminal.writeError(`nines: ${join(run.shown, path)} was not written by Nines\n`);
    if (0 < foreign.length) {
      const them = foreign.length === 1 ? 'it' : 'them';
      terminal.writeError(`nines: nothing was written; move ${them} away, or write into another folder\n`);
      return 1;
    }
    const removed = left.filter(({ kind }) => kind === 'stale').map(({ path }) => path);
    terminal.signal.throwIfAborted();
    writer?.commit(removed, output.manifest(removed));
    committed = true;
    reportWritten(terminal, run, changes, compared.count);
    for (const [service, files] of compared.made) run.made?.set(service, files);
    return 0;
  } catch (error) {
    throw errorCode(error) === '' ? error : new Error(whatFailed(error, run));
  } finally {
    if (!committed) writer?.discard();
  }
}

/** What the file system refused, and how that leaves the folder. */
function whatFailed(error: unknown, { folder, shown }: GenerateRun): string {
  const left = isHalfMoved(folder)
    ? 'some files are new and others are not yet: run nines generate again to finish'
    : 'nothing was changed';
  return `cannot write into ${shown}: ${fileReason(error)}; ${left}`;
}

interface Compared {
  readonly changes: readonly Change[];
  readonly count: number;
  readonly made: ReadonlyMap<Service, readonly KnownFile[]>;
}

/** Goes through everything that is generated, one service at a time; undefined if a definition cannot be generated. */
async function compareAll(
  terminal: Terminal,
  loaded: LoadedDefinitions,
  { targets, options, made, mode, threads }: GenerateRun,
  output: OutputFolder,
  take: (change: Change) => void,
): Promise<Compared | undefined> {
  const changes: Change[] = [];
  const nowMade = new Map<Service, readonly KnownFile[]>();
  const atSubjects = subjectsIn(loaded);
  let failed = false;
  let count = 0;
  const alreadyMade = (service: Service): readonly string[] | undefined => {
    const known = made?.get(service);
    if (known !== undefined) output.keep(known);
    return known?.map(({ path }) => path);
  };
  for await (const piece of generatePieces(loaded.services, targets, options, alreadyMade, threads)) {
    const { service, files, diagnostics } = piece;
    failed = !reportErrors(terminal, atSubjects(diagnostics)) || failed;
    if (failed) continue;
    for (const file of files) {
      count += 1;
      const change = output.compare(file);
      if (change === undefined) continue;
      if (change.kind !== 'foreign') take(change);
      // The texts are needed again only to show how they differ.
      changes.push(mode === 'check' ? change : { kind: change.kind, path: change.path });
    }
    if (service !== undefined)
      nowMade.set(
        service,
        files.flatMap(({ path }) => output.known(path) ?? []),
      );
    // Ctrl-C is heard only between two pieces.
    await setImmediate();
    terminal.signal.throwIfAborted();
  }
  return failed ? undefined : { changes, count, made: nowMade };
}

const inCheck: Readonly<Record<Change['kind'], string>> = {
  new: 'is missing',
  changed: 'differs',
  foreign: 'differs, and was not written by Nines',
  stale: 'does not follow from the definitions any more',
  edited: 'does not follow from the definitions any more; it was changed since it was written',
};

function reportDifferences(
  terminal: Terminal,
  { shown }: GenerateRun,
  { isHalfMoved }: OutputFolder,
  changes: readonly Change[],
): ExitCode {
  for (const { kind, path, before, after } of changes) {
    terminal.writeError(`nines: ${join(shown, path)} ${inCheck[kind]}\n`);
    if (before !== undefined && after !== undefined) terminal.writeError(`${textDifference(before, after)}\n`);
  }
  if (isHalfMoved) terminal.writeError(`nines: an earlier run was interrupted while it wrote into ${shown}\n`);
  if (changes.length === 0 && !isHalfMoved) return 0;
  terminal.writeError('nines: run nines generate without --check to bring them up to date\n');
  return 1;
}

/** More changes than these are counted, not listed. */
const mostListed = 20;

function reportWritten(
  terminal: Terminal,
  { shown, mode, made }: GenerateRun,
  changes: readonly Change[],
  count: number,
): void {
  const done = changes.filter(({ kind }) => kind !== 'edited');
  const isDry = mode === 'dry-run';
  const say = isDry ? terminal.write : terminal.writeError;
  const verb = (kind: Change['kind']): string => {
    if (kind === 'stale') return isDry ? 'would remove' : 'removed';
    return isDry ? 'would write' : 'wrote';
  };
  const listed = isDry ? done : done.slice(0, mostListed);
  for (const { kind, path } of listed) say(`${verb(kind)} ${join(shown, path)}\n`);
  if (listed.length < done.length) say(`... and ${counted(done.length - listed.length, 'more file')}\n`);
  for (const { path } of changes.filter(({ kind }) => kind === 'edited')) {
    terminal.writeError(`kept ${join(shown, path)}: it was changed since Nines wrote it, and is not needed any more\n`);
  }
  const same = count - changes.filter(({ kind }) => kind === 'new' || kind === 'changed').length;
  if (0 < same && made === undefined) terminal.writeError(`${counted(same, 'file')} up to date\n`);
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
