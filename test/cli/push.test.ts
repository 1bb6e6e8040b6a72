import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import { pushApi } from '../../src/cli/push/push-api.ts';
import { planGrafana } from '../../src/cli/push/push-grafana.ts';
import { carryOut } from '../../src/cli/push/push-plan.ts';
import { duration } from '../../src/core/base/index.ts';
import { nodeToValue, readYaml } from '../../src/core/yaml/index.ts';
import { recordedTerminal } from '../server/terminal.ts';

/**
 * Neither Mimir nor Grafana is at hand: these servers answer as their documentation says (Mimir: HTTP API, ruler; Grafana: folder and
 * dashboard HTTP API), and note what they were asked.
 */
const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
// biome-ignore lint/suspicious/noExplicitAny: what was sent is what the tests are about
const rulers = new Map<string, Map<string, Map<string, any>>>();
// biome-ignore lint/suspicious/noExplicitAny: likewise
const boards = new Map<string, any>();
const folders = new Set<string>();
let refuse: (url: string, method: string) => number | undefined = () => undefined;
let refusalBody = '';
let breakAfter: number | undefined;
let hang = false;

let server: Server;
let address = '';
let folder = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      if (hang) return;
      const { method = '', url = '' } = request;
      asked.push({ method, url, headers: request.headers, body });
      if (
        method === 'POST' &&
        breakAfter !== undefined &&
        asked.filter((one) => one.method === 'POST').length > breakAfter
      ) {
        request.socket.destroy();
        return;
      }
      const refused = refuse(url, method);
      const [status, text] = refused === undefined ? answer(request, method, url, body) : [refused, refusalBody];
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const listening = server.address();
  address = `http://127.0.0.1:${typeof listening === 'object' && listening !== null ? listening.port : 0}`;
  folder = mkdtempSync(join(tmpdir(), 'nines-push-'));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked.length = 0;
  rulers.clear();
  boards.clear();
  folders.clear();
  refuse = () => undefined;
  hang = false;
  refusalBody = '{"error":"per-user rules limit (20) exceeded"}';
  breakAfter = undefined;
  define('shop', '99.9%');
  define('bank', '99.9%');
});

describe("Mimir's ruler", () => {
  test('a dry run shows what would change and sends nothing', async () => {
    const { code, output, error } = await push('slos.yaml', '--dry-run');
    expect(code).toBe(0);
    expect(output).toContain('+ group nines-shop/nines-shop-availability\n');
    expect(error).toContain('nothing was sent');
    expect(asked.map(({ method }) => method)).toEqual(['GET']);
  });

  test('groups are created once, changed where they differ, deleted where nothing asks for them', async () => {
    expect(await push('slos.yaml', '--tenant', 'team-a')).toMatchObject({ code: 0 });
    expect(asked.every(({ headers }) => headers['x-scope-orgid'] === 'team-a')).toBe(true);
    const groups = tenant('team-a').get('nines-shop')!;
    expect([...groups.keys()].toSorted()).toEqual(['nines-shop-availability', 'nines-shop-availability-slow']);
    expect(groups.get('nines-shop-availability')).toMatchObject({ interval: '30s' });

    asked.length = 0;
    expect(await push('slos.yaml', '--tenant', 'team-a')).toMatchObject({ code: 0, output: '' });
    expect(asked.map(({ method }) => method)).toEqual(['GET']);

    define('shop', '99.5%');
    groups.set('nines-shop-former', { name: 'nines-shop-former', rules: [{ record: 'a', expr: 'b' }] });
    tenant('team-a').set('theirs', new Map([['nines-like', { name: 'nines-like', rules: [] }]]));
    const { code, output } = await push('slos.yaml', '--tenant', 'team-a');
    expect(code).toBe(0);
    expect(output).toContain('~ group nines-shop/nines-shop-availability\n');
    expect(output).toMatch(/~ rules\.slo:objective:ratio\{.*\}\.expr\n\s+- vector\(0\.999\)\n\s+\+ vector\(0\.995\)/);
    expect(output).toContain('- group nines-shop/nines-shop-former\n');
    expect(output).not.toContain('nines-bank');
    expect([...groups.keys()]).not.toContain('nines-shop-former');
    expect(tenant('team-a').has('theirs')).toBe(true);
    expect(tenant('').size).toBe(0);
  });

  test('a group that reads the same however it is written is left alone', async () => {
    await push('slos.yaml');
    for (const groups of tenant('').values()) {
      for (const group of groups.values()) {
        group.source_tenants = [];
        for (const rule of group.rules) rule.expr = rule.expr.replaceAll('\n', '\n   ');
      }
    }
    expect(await push('slos.yaml')).toMatchObject({ code: 0, output: '' });
  });

  test('services that are not among the definitions go only if asked to', async () => {
    await push('slos.yaml');
    define('bank', undefined);
    expect(await push('slos.yaml')).toMatchObject({ code: 0, output: '' });
    const { code, output } = await push('slos.yaml', '--prune');
    expect([code, output]).toEqual([0, expect.stringContaining('- group nines-bank/nines-bank-availability\n')]);
    expect(tenant('').get('nines-bank')?.size ?? 0).toBe(0);
  });

  test('a push that stops half way says what is there and what is not', async () => {
    refuse = (url, method) => (method === 'POST' && url.endsWith('nines-shop') ? 400 : undefined);
    const { code, error } = await push('slos.yaml');
    expect(code).toBe(2);
    expect(error).toContain('group nines-shop/nines-shop-availability: status 400: per-user rules limit (20) exceeded');
    expect(error).toContain('has 2 of 4 changes; 2 failed, 0 were not tried');
    refuse = () => undefined;
    expect(await push('slos.yaml')).toMatchObject({ code: 0 });
  });

  test.each([
    [401, 'no credentials', 'give a token by --token-file', '1 failed, 3 were not tried'],
    [403, '{"error":"not yours"}', 'ask for a token that may write', '1 failed, 3 were not tried'],
    [413, '<html><title>413 Too Large</title><body>nginx</body></html>', 'a limit on the size', '4 failed, 0 were not'],
    [
      429,
      'too many requests',
      'the server takes no more requests for now: push again later',
      '1 failed, 3 were not tried',
    ],
    [
      503,
      '{"status":"error","error":"ring is empty"}',
      'the server, or what it depends on, is not ready',
      '1 failed, 3 were not tried',
    ],
    [302, '', 'the server is somewhere else now', '1 failed, 3 were not tried'],
  ])('a refusal with status %i says what to do, and what is left undone', async (status, body, remedy, left) => {
    refuse = (_, method) => (method === 'POST' ? status : undefined);
    refusalBody = body;
    const { code, error } = await push('slos.yaml');
    expect(code).toBe(2);
    expect(error).toContain(`status ${status}`);
    expect(error).toContain(`  = help: ${remedy}`);
    expect(error.match(/= help/g)).toHaveLength(1);
    expect(error).toContain(left);
    expect(error).not.toMatch(/[<>]|\bat .*\.[jt]s/);
    refuse = () => status;
    expect((await push('slos.yaml')).error).toMatch(/does not show its rules: status \d+.*\n {2}= help: /);
  });

  test('a connection that breaks half way says what is there, and what nobody knows', async () => {
    breakAfter = 2;
    const { code, error } = await push('slos.yaml');
    expect(code).toBe(2);
    expect(error).toContain('no answer, so that it may have been changed or not');
    expect(error).toContain('has 2 of 4 changes; 1 failed, 1 were not tried');
    breakAfter = undefined;
    expect(await push('slos.yaml')).toMatchObject({ code: 0 });
  });

  test.each<readonly [name: string, args: readonly string[], reason: string]>([
    ['an address with a password', ['http://me:secret@127.0.0.1:1', 'slos.yaml'], 'the address holds a password'],
    ['no address', ['mimir', 'slos.yaml'], 'is no address'],
    ['nobody there', ['http://127.0.0.1:1', 'slos.yaml'], 'connection refused'],
    ['no definitions', ['http://127.0.0.1:1'], 'name definitions'],
    ['a token that is not there', ['http://127.0.0.1:1', 'slos.yaml', '--token-file', 'none'], 'cannot read none'],
  ])('%s: exit code 2', async (_, args, reason) => {
    const { code, error } = await nines('push', ...args);
    expect([code, error]).toEqual([2, expect.stringContaining(reason)]);
    expect(error).not.toContain('secret');
  });

  test('a server that does not answer is given up', async () => {
    hang = true;
    const { code, error } = await push('slos.yaml', '--timeout', '1s');
    expect([code, error]).toEqual([2, expect.stringContaining('no whole answer within 1s')]);
  });

  test('a server of another kind is told from an empty one', async () => {
    refuse = () => 404;
    const { code, error } = await push('slos.yaml');
    expect([code, error]).toEqual([2, expect.stringContaining('does not show its rules')]);
  });

  test('secrets come from files or the environment and are never printed', async () => {
    writeFileSync(join(folder, 'token'), 'top-secret\n');
    const told = await push('slos.yaml', '--token-file', 'token');
    expect(asked[0]?.headers.authorization).toBe('Bearer top-secret');
    expect(told.output + told.error).not.toContain('top-secret');
    asked.length = 0;
    await nines({ NINES_PUSH_BASIC_AUTH: 'me:pass' }, 'push', address, 'slos.yaml');
    expect(asked[0]?.headers.authorization).toBe(`Basic ${btoa('me:pass')}`);
  });

  test('an error in a definition leaves the server as it is', async () => {
    define('shop', '999%');
    expect(await push('slos.yaml')).toMatchObject({ code: 1, error: expect.stringContaining('slo/target') });
    expect(asked).toEqual([]);
  });
});

describe('Grafana', () => {
  const board = { uid: 'nines-shop', title: 'Shop', panels: [{ id: 1, title: 'Budget', targets: [{ expr: 'a' }] }] };
  const files = (value: unknown) => [{ path: 'shop.json', text: JSON.stringify(value), target: 'grafana' }];

  test('boards are created in their folder once, and changed where they differ', async () => {
    expect(await pushBoards(files(board))).toMatchObject({
      code: 0,
      output: '+ folder Service level objectives\n+ dashboard nines-shop\n',
    });
    expect([...folders]).toEqual(['service-level-objectives']);
    expect(boards.get('nines-shop')).toMatchObject({
      meta: { folderUid: 'service-level-objectives' },
      dashboard: { title: 'Shop', version: 1 },
    });
    expect(await pushBoards(files(board))).toMatchObject({ code: 0, output: '' });
    const changed = structuredClone(board);
    changed.panels[0]!.targets[0]!.expr = 'b';
    const { output } = await pushBoards(files(changed));
    expect(output).toBe('~ dashboard nines-shop\n    ~ panels[0].targets[0].expr\n        - a\n        + b\n');
    expect(JSON.parse(asked.at(-1)!.body)).toMatchObject({
      overwrite: true,
      dashboard: { id: null, uid: 'nines-shop' },
    });
  });

  test('the boards of definitions are pushed, and found to be there', async () => {
    const { code, output } = await push('slos.yaml', '--target', 'grafana', '--folder', 'SLOs');
    expect([code, output]).toEqual([0, expect.stringMatching(/^\+ folder SLOs\n(?:\+ dashboard \S+\n)+$/)]);
    expect(boards.size).toBe(output.split('\n').length - 2);
    expect(await push('slos.yaml', '--target', 'grafana', '--folder', 'SLOs')).toMatchObject({ code: 0, output: '' });
  });

  test('a board that somebody moved is moved back, and it is said', async () => {
    await pushBoards(files(board));
    boards.get('nines-shop').meta.folderUid = 'attic';
    expect((await pushBoards(files(board))).output).toContain('~ folder\n');
  });

  test('without a folder no board is tried', async () => {
    refuse = (url, method) => (method === 'POST' && url.endsWith('/folders') ? 403 : undefined);
    const { code, error } = await pushBoards(files(board));
    expect([code, error]).toEqual([2, expect.stringContaining('1 failed, 1 were not tried')]);
    expect(asked.filter(({ url, method }) => method === 'POST' && url.endsWith('/db'))).toEqual([]);
  });

  test('without rights nothing is sent', async () => {
    refuse = () => 403;
    await expect(pushBoards(files(board))).rejects.toThrow(/does not show its folders: status 403/);
  });
});

async function pushBoards(files: Parameters<typeof planGrafana>[1]) {
  const terminal = recordedTerminal();
  const api = await pushApi(terminal, address, { headers: {}, timeout: duration(5000) });
  if (typeof api === 'string') throw new Error(api);
  const code = await carryOut(terminal, api, await planGrafana(api, files, 'Service level objectives'), false);
  return { code, output: terminal.out(), error: terminal.error() };
}

function push(...args: readonly string[]) {
  return nines('push', address, ...args);
}

async function nines(...args: readonly [Record<string, string>, ...string[]] | readonly string[]) {
  const [first, ...rest] = args;
  const env = typeof first === 'object' ? first : {};
  const terminal = { ...recordedTerminal(), cwd: folder, env };
  const words = typeof first === 'string' ? [first, ...rest] : rest;
  const code = await run(
    words.filter((word): word is string => typeof word === 'string'),
    commands,
    terminal,
  );
  return { code, output: terminal.out(), error: terminal.error() };
}

function tenant(name: string) {
  const found = rulers.get(name) ?? new Map();
  rulers.set(name, found);
  return found;
}

function answer(request: IncomingMessage, method: string, url: string, body: string): readonly [number, string] {
  const [, api = '', ...parts] =
    /^\/(prometheus\/config\/v1\/rules|api\/folders|api\/dashboards)\/?(.*)$/.exec(url) ?? [];
  const [first = '', second = ''] = (parts[0] ?? '').split('/').map(decodeURIComponent);
  const namespaces = tenant(String(request.headers['x-scope-orgid'] ?? ''));
  switch (`${method} ${api}`) {
    case 'GET prometheus/config/v1/rules':
      if (namespaces.size === 0) return [404, 'no rule groups found\n'];
      return [
        200,
        JSON.stringify(Object.fromEntries([...namespaces].map(([name, groups]) => [name, [...groups.values()]]))),
      ];
    case 'POST prometheus/config/v1/rules': {
      const read = readYaml(body);
      if (!read.ok || read.value[0] === undefined) return [400, 'unable to decode rule group'];
      const group = nodeToValue(read.value[0]);
      const groups = namespaces.get(first) ?? new Map();
      groups.set(Object(group).name, group);
      namespaces.set(first, groups);
      return [202, '{"status":"success","data":null,"errorType":"","error":""}'];
    }
    case 'DELETE prometheus/config/v1/rules':
      return namespaces.get(first)?.delete(second) ? [202, '{"status":"success"}'] : [404, 'group does not exist'];
    case 'GET api/folders':
      return folders.has(first) ? [200, JSON.stringify({ uid: first })] : [404, '{"message":"folder not found"}'];
    case 'POST api/folders':
      folders.add(JSON.parse(body).uid);
      return [200, '{}'];
    case 'GET api/dashboards':
      return boards.has(second)
        ? [200, JSON.stringify(boards.get(second))]
        : [404, '{"message":"Dashboard not found"}'];
    case 'POST api/dashboards': {
      const { dashboard, folderUid } = JSON.parse(body);
      const version = (boards.get(dashboard.uid)?.dashboard.version ?? 0) + 1;
      boards.set(dashboard.uid, { dashboard: { ...dashboard, id: 7, version }, meta: { folderUid } });
      return [200, JSON.stringify({ status: 'success', uid: dashboard.uid, version })];
    }
    default:
      return [404, 'page not found'];
  }
}

const targetsOf = new Map<string, string>();

/** Writes all definitions into one file; without a target the service is left out. */
function define(service: string, target: string | undefined): void {
  if (target === undefined) targetsOf.delete(service);
  else targetsOf.set(service, target);
  const documents = [...targetsOf].map(
    ([name, share]) => `
apiVersion: nines/v1
service: ${name}
owner: team
metrics:
  http_requests_total: { type: counter, labels: [code] }
slos:
  availability:
    target: ${share}
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
`,
  );
  writeFileSync(join(folder, 'slos.yaml'), documents.join('---'));
}
