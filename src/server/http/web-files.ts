import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A file of the web UI, ready to be sent. */
export interface WebFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
  /** Whether its name changes with its content, so that browsers may keep it for good. */
  readonly hashed: boolean;
}

/** The files of the web UI by the path they are asked for: `/index.html`, `/assets/index-4fQ1.js`. */
export type WebFiles = ReadonlyMap<string, WebFile>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Reads the built web UI into memory, so that no request ever names a path of the disk. Empty if it was not built. */
export function readWebFiles(folder: string): WebFiles {
  const files = new Map<string, WebFile>();
  for (const entry of list(folder)) {
    const contentType = contentTypes[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const body = new Uint8Array(readFileSync(path));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    files.set(name, { body, contentType, etag, hashed: name.startsWith('/assets/') });
  }
  return files;
}

function list(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
}
