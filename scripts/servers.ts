/**
 * Brings the real servers that the tests talk to: found on the PATH; else installed by apt-get as root; else fetched with their
 * dependencies and unpacked into .cache/servers. What can't be had is named; the tests that need it then say that they were skipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerName, serverBinary, serverCache, servers } from '../test/servers.ts';

const names = Object.keys(servers).filter((name): name is ServerName => name in servers);
const missing = (): readonly ServerName[] => names.filter((name) => serverBinary(name) === undefined);

const wanted = [...new Set(missing().map((name) => servers[name].debianPackage))];
if (0 < wanted.length && run('apt-get', ['--version'])) {
  console.log(`servers: bringing ${wanted.join(', ')}`);
  if (process.getuid?.() === 0) install(wanted);
  if (0 < missing().length) unpack([...new Set(missing().map((name) => servers[name].debianPackage))]);
}
for (const name of names) {
  const path = serverBinary(name);
  console.log(
    path === undefined
      ? `servers: ${name} is missing; tests that need it will be skipped`
      : `servers: ${name} is ${path}`,
  );
}

function install(packages: readonly string[]): void {
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  const command = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  if (run('apt-get', command, environment)) return;
  run('apt-get', ['update', '-qq'], environment);
  run('apt-get', command, environment);
}

/** Needs no rights: package lists and archives are kept in the cache folder. */
function unpack(packages: readonly string[]): void {
  const lists = join(serverCache, 'lists');
  const archives = join(serverCache, 'archives');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const own = ['-o', `Dir::State::lists=${lists}`, '-o', `Dir::Cache=${archives}`, '-o', 'Debug::NoLocking=1', '-qq'];
  run('apt-get', [...own, 'update']);
  const plan = spawnSync('apt-get', [...own, 'install', '--print-uris', '-y', '--no-install-recommends', ...packages], {
    encoding: 'utf8',
  });
  const files = [...plan.stdout.matchAll(/^'[^']+' (\S+?)_\S+\.deb /gm)].map(([, name = '']) => name);
  const fetched = spawnSync('apt-get', [...own, 'download', ...files], { cwd: archives, stdio: 'inherit' });
  if (fetched.status !== 0) return;
  for (const file of readdirSync(archives).filter((name) => name.endsWith('.deb'))) {
    run('dpkg', ['-x', join(archives, file), serverCache]);
  }
}

function run(program: string, args: readonly string[], environment: Record<string, string> = {}): boolean {
  const result = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, ...environment },
  });
  return result.status === 0;
}
