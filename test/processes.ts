import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';

/** A server that a test started: where it answers, and how to end it. */
export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** A port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** Starts a server and waits until `readyPath` answers with success. What it printed is part of the error if it does not. */
export async function startServer(
  program: string,
  args: readonly string[],
  url: string,
  readyPath: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = `${printed}${chunk.toString()}`.slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(patience);
  };
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const ready = await fetch(`${url}${readyPath}`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return { url, process: child, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop();
  throw new Error(`${program} did not become ready:\n${printed}`);
}
