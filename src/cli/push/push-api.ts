import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Duration } from '../../core/base/index.ts';
import { fetchText, HttpFailure, readHttpUrl, shownUrl } from '../../sources/index.ts';
import { fileReason } from '../file-errors.ts';
import type { Terminal } from '../terminal.ts';

/** A server that things are pushed to. */
export interface PushApi {
  /** Its address, which holds no secret. */
  readonly address: string;
  /** Asks for a path below the address. Throws an Error that names the reason if there is no answer. */
  send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: { readonly type: string; readonly text: string },
  ): Promise<PushAnswer>;
}

export interface PushAnswer {
  readonly status: number;
  readonly body: string;
}

export interface PushAccess {
  readonly tokenFile?: string;
  readonly basicAuthFile?: string;
  /** Further headers, such as the tenant. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: Duration;
}

/** The most that is read of an answer. */
const bodyLimit = 64 * 1024 * 1024;

/** What may be asked of a server; the text that is given instead says what is wrong with the address. */
export async function pushApi(terminal: Terminal, address: string, access: PushAccess): Promise<PushApi | string> {
  const base = readHttpUrl(address);
  if (base === undefined) return `${JSON.stringify(address)} is no address: write http://HOST:PORT`;
  if (base.username !== '' || base.password !== '') {
    return 'the address holds a password, which others can see: use --basic-auth-file or NINES_PUSH_BASIC_AUTH';
  }
  const authorization = await readAuthorization(terminal, access);
  const shown = shownUrl(base).replace(/\/$/, '');
  const headers = { ...access.headers, ...(authorization !== undefined && { authorization }) };
  return {
    address: shown,
    send: async (method, path, body) => {
      const url = new URL(`${shown}/${path}`);
      try {
        const type = body !== undefined && { 'content-type': body.type };
        const { status, body: text } = await fetchText({
          url,
          method,
          headers: { ...headers, ...type },
          ...(body !== undefined && { body: body.text }),
          timeout: access.timeout,
          bodyLimit,
          signal: terminal.signal,
        });
        return { status, body: text };
      } catch (error) {
        if (error instanceof HttpFailure) throw new Error(`${shown}: ${error.message}`, causeOf(error));
        throw error;
      }
    },
  };
}

/** What lies behind a failure, unless it is that time has run out, which says all. */
function causeOf({ kind, cause }: HttpFailure): ErrorOptions {
  return kind === 'timeout' || kind === 'cancelled' ? {} : { cause };
}

/** A secret is read from a file or the environment, never from an argument, which the list of processes shows. */
async function readAuthorization(
  terminal: Terminal,
  { tokenFile, basicAuthFile }: PushAccess,
): Promise<string | undefined> {
  const basic =
    basicAuthFile === undefined ? terminal.env['NINES_PUSH_BASIC_AUTH'] : await readSecret(terminal, basicAuthFile);
  const token = tokenFile === undefined ? terminal.env['NINES_PUSH_TOKEN'] : await readSecret(terminal, tokenFile);
  if (basicAuthFile === undefined && token !== undefined && token !== '') return `Bearer ${token}`;
  if (basic !== undefined && basic !== '') return `Basic ${Buffer.from(basic).toString('base64')}`;
  return undefined;
}

async function readSecret(terminal: Terminal, path: string): Promise<string> {
  try {
    return (await readFile(resolve(terminal.cwd, path), 'utf8')).trim();
  } catch (error) {
    throw new Error(`cannot read ${path}: ${fileReason(error)}`);
  }
}

/** What a server said when it refused, in one line. */
export function refusal({ status, body }: PushAnswer): string {
  const said = messageOf(body).replaceAll(/\s+/g, ' ').trim().slice(0, 300);
  return said === '' ? `status ${status}` : `status ${status}: ${said}`;
}

/** What to do about a refusal, if its status says it. */
export function remedyFor({ status }: Pick<PushAnswer, 'status'>): string | undefined {
  if (300 <= status && status < 400) return 'the server is somewhere else now: give the address that it sends to';
  if (500 <= status) return 'the server, or what it depends on, is not ready: push again later';
  switch (status) {
    case 401:
      return 'give a token by --token-file or NINES_PUSH_TOKEN, or user:password by --basic-auth-file or NINES_PUSH_BASIC_AUTH';
    case 403:
      return 'ask for a token that may write rules, or boards and folders';
    case 413:
      return 'a limit on the size of requests is in the way, mostly that of a proxy: raise it there';
    case 429:
      return 'the server takes no more requests for now: push again later';
    default:
      return undefined;
  }
}

/** A refusal as an error: what was asked for, what the server said, and what to do about it. */
export function refused(what: string, answer: PushAnswer): Error {
  const remedy = remedyFor(answer);
  return new Error(`${what}: ${refusal(answer)}${remedy === undefined ? '' : `\n  = help: ${remedy}`}`);
}

/** Mimir says `error` in JSON or plain text, Grafana `message`; a proxy in front of them has a page for people. */
function messageOf(body: string): string {
  if (/^\s*<(?:!doctype|html)\b/i.test(body)) return pageTitle(body);
  try {
    const value: unknown = JSON.parse(body);
    const { error, message }: { readonly error?: unknown; readonly message?: unknown } = Object(value);
    if (typeof error === 'string' && error !== '') return error;
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}

function pageTitle(page: string): string {
  const start = page.search(/<(?:title|h1)\b/i);
  const from = start < 0 ? 0 : start;
  const end = page.slice(from).search(/<\/(?:title|h1)>/i);
  return page.slice(from, end < 0 ? from + 1000 : from + end).replaceAll(/<[^<>]*>/g, ' ');
}
