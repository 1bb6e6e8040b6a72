import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files that a pattern of Go's filepath.Glob matches, sorted: `*`, `?` and `[a-z]` within a part of the path. A path without them is
 * that file, if it exists.
 */
export async function glob(folder: string, pattern: string): Promise<readonly string[]> {
  const absolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found: readonly string[] = [absolute ? '/' : folder];
  for (const part of parts) found = (await Promise.all(found.map((path) => step(path, part)))).flat();
  return found.toSorted();
}

async function step(folder: string, part: string): Promise<readonly string[]> {
  if (!/[*?[\\]/.test(part)) {
    const path = join(folder, part);
    return (await exists(path)) ? [path] : [];
  }
  const names = await readdir(folder).catch((): readonly string[] => []);
  const matches = partPattern(part);
  return names.filter((name) => matches.test(name)).map((name) => join(folder, name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function partPattern(part: string): RegExp {
  const source = part.replaceAll(/\\(.)|\[\^?[^\]]*\]|[*?]|[^\w]/g, (piece, escaped?: string) => {
    if (escaped !== undefined) return literal(escaped);
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return 1 < piece.length ? piece.replaceAll('\\', '\\\\') : literal(piece);
  });
  return new RegExp(`^${source}$`, 's');
}

function literal(char: string): string {
  return /\w/.test(char) ? char : `\\${char}`;
}
