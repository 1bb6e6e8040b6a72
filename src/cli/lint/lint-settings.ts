import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { LocatedDiagnostic, Source } from '../../core/base/index.ts';
import { type LintSettings, noLintSettings, readLintSettings, suppressBySettings } from '../../core/lint/index.ts';
import type { Terminal } from '../terminal.ts';

/** The settings that hold for some files, and where they stand. */
interface FoundSettings {
  readonly folder: string;
  readonly source: Source;
  readonly settings: LintSettings;
  /** What is wrong with the settings themselves. */
  readonly problems: readonly LocatedDiagnostic[];
}

/** What was found in one file, by the name it is shown under. */
export interface LintedFile {
  readonly name: string;
  readonly found: readonly LocatedDiagnostic[];
}

/** The files in which a project's settings stand, in the order in which they count. */
export const settingsFiles: readonly string[] = ['.nines.yaml', 'nines.config.yaml'];

/** The settings of projects, each file of which is read once. */
export interface SettingsFinder {
  /** The settings for a file; those of nothing if no folder has any. */
  settingsOf(name: string): Promise<LintSettings>;
  /** What is left once each file's settings have suppressed what they say, and what is wrong with the settings. */
  apply(files: readonly LintedFile[]): Promise<readonly LocatedDiagnostic[]>;
}

/** Finds the settings beside a file or in the nearest folder above it that has some. */
export function settingsFinder({ cwd }: Pick<Terminal, 'cwd'>): SettingsFinder {
  const known = new Map<string, Promise<FoundSettings | undefined>>();
  const find = (folder: string): Promise<FoundSettings | undefined> => {
    const found = known.get(folder) ?? readIn(folder);
    known.set(folder, found);
    return found;
  };
  const readIn = async (folder: string): Promise<FoundSettings | undefined> => {
    const own = await readSettings(cwd, folder);
    const above = dirname(folder);
    return own ?? (above === folder ? undefined : find(above));
  };
  const findFor = (name: string) => find(dirname(resolve(cwd, name)));
  return {
    settingsOf: async (name) => (await findFor(name))?.settings ?? noLintSettings,
    async apply(files) {
      const groups = new Map<FoundSettings | undefined, LintedFile[]>();
      for (const file of files) {
        const found = await findFor(file.name);
        const group = groups.get(found);
        if (group === undefined) groups.set(found, [file]);
        else group.push(file);
      }
      return [...groups].flatMap(([found, own]) =>
        found === undefined ? own.flatMap((one) => one.found) : judge(found, own, cwd),
      );
    },
  };
}

function judge(
  { folder, settings, source, problems }: FoundSettings,
  files: readonly LintedFile[],
  cwd: string,
): readonly LocatedDiagnostic[] {
  const paths = files.map(({ name, found }) => ({
    path: relative(folder, resolve(cwd, name)).split(sep).join('/'),
    found,
  }));
  const { kept, complaints } = suppressBySettings(settings, paths);
  return [...kept, ...problems, ...complaints.map((one) => ({ ...one, source }))];
}

async function readSettings(cwd: string, folder: string): Promise<FoundSettings | undefined> {
  for (const name of settingsFiles) {
    const path = join(folder, name);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const near = relative(cwd, path);
    const source = { name: near.startsWith('..') ? path : near, text };
    const outcome = readLintSettings(source);
    const problems = outcome.diagnostics.map((one) => ({ ...one, source }));
    return { folder, source, settings: outcome.ok ? outcome.value : noLintSettings, problems };
  }
  return undefined;
}
