import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  EXDEV: 'it lies on another file system',
};

/** Why the file system refused, in words. */
export function fileReason(error: unknown): string {
  return reasons[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** The code of an error of the system, such as `ENOENT`; empty for any other. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * Makes a folder and those above it, and gives the topmost one that was not there before. Node's own recursive `mkdir` never ends where a
 * folder exists but refuses to hold another with ENOENT, as /proc does.
 */
export function makeFolder(path: string): string | undefined {
  if (isFolder(path)) return undefined;
  const parent = dirname(path);
  const above = parent === path ? undefined : makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (errorCode(error) !== 'EEXIST' || !isFolder(path)) throw error;
  }
  return above ?? path;
}

/** What stands at a path; symbolic links are followed. */
export function kindAt(path: string): 'nothing' | 'file' | 'folder' | 'other' {
  try {
    const found = statSync(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const isMissing = errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
    if (!isMissing) throw error;
    return isDanglingLink(path) ? 'other' : 'nothing';
  }
}

function isFolder(path: string): boolean {
  const kind = kindAt(path);
  if (kind === 'file' || kind === 'other')
    throw Object.assign(new Error(`${path} is a file, not a folder`), { code: 'ENOTDIR' });
  return kind === 'folder';
}

function isDanglingLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
