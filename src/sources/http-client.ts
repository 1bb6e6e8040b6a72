import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Duration, formatDuration } from '../core/base/index.ts';

/** One request to a server that may be slow, hostile or away. */
export interface HttpRequest {
  readonly url: URL;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from the first packet to the last byte of the body: a slow drip does not outlive it. */
  readonly timeout: Duration;
  /** Most bytes of the body once it is unpacked. */
  readonly bodyLimit: number;
  readonly signal?: AbortSignal | undefined;
}

/** A whole answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** The media type with its parameters as sent; empty if the server sent none. */
  readonly contentType: string;
  readonly body: string;
}

/** Why there is no whole answer. */
export type HttpFailureKind = 'unreachable' | 'timeout' | 'tooLarge' | 'truncated' | 'encoding' | 'cancelled';

/** There is no whole answer. The message names the reason, never the credentials of the address. */
export class HttpFailure extends Error {
  override readonly name: string = 'HttpFailure';
  readonly kind: HttpFailureKind;

  constructor(kind: HttpFailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * Fetches one answer over a connection of its own: kept connections that the server closes just as they are used again would look like
 * failures of the target. Redirects are given back as they are, not followed: where a request goes is the configuration's decision.
 */
export async function fetchText(request: HttpRequest): Promise<HttpAnswer> {
  // One controller an exchange: a signal that lives as long as the server must not gather what each of its requests leaves behind.
  const exchange = new AbortController();
  const cancel = (): void => exchange.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    exchange.abort();
  }, request.timeout);
  request.signal?.addEventListener('abort', cancel);
  if (request.signal?.aborted === true) cancel();
  try {
    const response = await open(request, exchange.signal);
    const body = await readBody(unpacked(response, exchange.signal), request.bodyLimit);
    return { status: response.statusCode ?? 0, contentType: response.headers['content-type'] ?? '', body };
  } catch (error) {
    if (late) {
      throw new HttpFailure('timeout', `no whole answer within ${formatDuration(request.timeout)}`, { cause: error });
    }
    if (exchange.signal.aborted) throw new HttpFailure('cancelled', 'the request was cancelled', { cause: error });
    throw error instanceof HttpFailure ? error : new HttpFailure(kindOf(error), reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', cancel);
  }
}

/** Reads an address of HTTP or HTTPS; undefined for anything else. */
export function readHttpUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

/** The address as it may be shown: without user name and password. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}

function open({ url, method, headers, body }: HttpRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request: ClientRequest = start(url, {
      method: method ?? 'GET',
      headers: { 'accept-encoding': 'gzip', connection: 'close', ...headers },
      agent: false,
      signal,
    });
    request.on('response', resolve).on('error', reject);
    request.end(body);
  });
}

function unpacked(response: IncomingMessage, signal: AbortSignal): Readable {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity' || encoding === '') return response;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    response.destroy();
    throw new HttpFailure('encoding', `the answer is packed as ${JSON.stringify(encoding)}; only gzip was offered`);
  }
  const gunzip = createGunzip();
  response.on('error', (error) => gunzip.destroy(error));
  // Stopping the unpacking early (too much, too late) must also hang up on the sender.
  gunzip.on('close', () => response.destroy());
  signal.addEventListener('abort', () => gunzip.destroy(new Error('aborted')), { once: true });
  return response.pipe(gunzip);
}

async function readBody(stream: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop by an exception destroys the stream, and the connection with it.
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (limit < length) throw new HttpFailure('tooLarge', `the answer is larger than the limit of ${limit} bytes`);
    chunks.push(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw new HttpFailure('encoding', 'the answer is not UTF-8 text', { cause: error });
  }
}

function kindOf(error: unknown): HttpFailureKind {
  const code = codeOf(error);
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'Z_BUF_ERROR') return 'truncated';
  return code.startsWith('Z_') ? 'encoding' : 'unreachable';
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is not known';
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
    case 'Z_BUF_ERROR':
      return 'the connection was closed before the answer was whole';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'the host cannot be reached';
    default:
      return error instanceof Error && error.message !== ''
        ? error.message
        : `the request failed (${code || 'no reason given'})`;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
