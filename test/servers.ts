import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** A real program that tests talk to, and the Debian package that carries it. */
interface Server {
  readonly debianPackage: string;
  /** Names of the program, by preference; a path where it stands outside the PATH. */
  readonly programs: readonly string[];
}

export const servers = {
  prometheus: { debianPackage: 'prometheus', programs: ['prometheus'] },
  promtool: { debianPackage: 'prometheus', programs: ['promtool'] },
  alertmanager: { debianPackage: 'prometheus-alertmanager', programs: ['prometheus-alertmanager', 'alertmanager'] },
  amtool: { debianPackage: 'prometheus-alertmanager', programs: ['amtool'] },
  'victoria-metrics': { debianPackage: 'victoria-metrics', programs: ['victoria-metrics'] },
  vmalert: { debianPackage: 'victoria-metrics', programs: ['vmalert'] },
  jsonnet: { debianPackage: 'jsonnet', programs: ['jsonnet'] },
  chromium: { debianPackage: 'chromium', programs: ['chromium', 'chromium-browser', 'google-chrome'] },
} as const satisfies Record<string, Server>;

export type ServerName = keyof typeof servers;

/** Where packages are unpacked when they can't be installed; `npm run servers` fills it. */
export const serverCache: string = join(import.meta.dirname, '..', '.cache', 'servers');

/** The path of a server's program, from the PATH or from the cache folder; undefined if the machine has none. */
export function serverBinary(name: ServerName): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), join(serverCache, 'usr', 'bin')];
  for (const program of servers[name].programs) {
    const found = folders.map((folder) => join(folder, program)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a program from the cache folder needs to find the libraries unpacked beside it. */
export function serverEnvironment(): Record<string, string> {
  const libraries = ['usr/lib', 'usr/lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/x86_64-linux-gnu']
    .map((folder) => join(serverCache, folder))
    .filter((folder) => existsSync(folder));
  const path = [...libraries, process.env['LD_LIBRARY_PATH'] ?? ''].filter((part) => part !== '').join(delimiter);
  return path === '' ? {} : { LD_LIBRARY_PATH: path };
}

/**
 * The program, or the end of the test: skipped with the reason where a person runs it, failed in CI, where every server must be there.
 */
export function needServer(context: TestContext, name: ServerName): string {
  const binary = serverBinary(name);
  if (binary !== undefined) return binary;
  const reason = `needs ${name}: run "npm run servers", or install Debian's package ${servers[name].debianPackage}`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return context.skip(reason);
}

/** The folder of other projects' test data beside the checkout, or undefined: it is no part of this repository. */
export function sharedFolder(...parts: readonly string[]): string | undefined {
  const folder = join(import.meta.dirname, '..', '..', 'shared', ...parts);
  return existsSync(folder) ? folder : undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
