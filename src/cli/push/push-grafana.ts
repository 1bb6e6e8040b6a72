import type { GeneratedFile } from '../../core/generate/index.ts';
import type { PlainValue } from '../../core/yaml/index.ts';
import { type PushApi, refused } from './push-api.ts';
import type { PushPlan, PushStep } from './push-plan.ts';
import { valueDifference } from './value-difference.ts';

/**
 * Compares generated boards with those of a Grafana, by their uid. Boards that are not generated any more are left to people: Grafana does
 * not say who made one.
 * Source: Grafana, HTTP API, "Dashboard API" and "Folder API".
 */
export async function planGrafana(api: PushApi, files: readonly GeneratedFile[], folder: string): Promise<PushPlan> {
  const steps: PushStep[] = [];
  let unchanged = 0;
  const folderUid = uidOf(folder);
  const folderStep = await planFolder(api, folder, folderUid);
  if (folderStep !== undefined) steps.push(folderStep);
  for (const { path, text } of files.filter((file) => file.path.endsWith('.json'))) {
    const wanted = readObject(text);
    const uid = wanted?.['uid'];
    if (wanted === undefined || typeof uid !== 'string') throw new Error(`${path} is no dashboard with a uid`);
    const answer = await api.send('GET', `api/dashboards/uid/${encodeURIComponent(uid)}`);
    if (answer.status !== 200 && answer.status !== 404) {
      throw refused(`${api.address} does not show the dashboard ${uid}`, answer);
    }
    const found = answer.status === 404 ? undefined : readObject(answer.body);
    if (answer.status === 200 && found === undefined) throw new Error(`${api.address} is no Grafana`);
    const difference = found === undefined ? [] : boardDifference(found, wanted, folderUid);
    if (found !== undefined && difference.length === 0) unchanged += 1;
    else steps.push(writeBoard(uid, wanted, folderUid, found === undefined ? 'create' : 'change', difference));
  }
  return { steps, unchanged };
}

async function planFolder(api: PushApi, title: string, uid: string): Promise<PushStep | undefined> {
  const answer = await api.send('GET', `api/folders/${encodeURIComponent(uid)}`);
  if (answer.status === 200) return undefined;
  if (answer.status !== 404) throw refused(`${api.address} does not show its folders`, answer);
  const body = { type: 'application/json', text: JSON.stringify({ uid, title }) };
  return {
    kind: 'create',
    what: `folder ${title}`,
    difference: [],
    isNeeded: true,
    // 412: somebody has made it meanwhile.
    send: async (target) => {
      const made = await target.send('POST', 'api/folders', body);
      return made.status === 412 ? { ...made, status: 200 } : made;
    },
  };
}

function writeBoard(
  uid: string,
  board: PlainObject,
  folderUid: string,
  kind: 'create' | 'change',
  difference: readonly string[],
): PushStep {
  // The id is the server's own; the uid says which dashboard it is.
  const request = { dashboard: { ...board, id: null }, folderUid, overwrite: true, message: 'nines push' };
  const body = { type: 'application/json', text: JSON.stringify(request) };
  return { kind, what: `dashboard ${uid}`, difference, send: (api) => api.send('POST', 'api/dashboards/db', body) };
}

/** What Grafana counts and numbers itself is no difference. */
function boardDifference(found: PlainObject, wanted: PlainObject, folderUid: string): readonly string[] {
  const { dashboard, meta } = found;
  const before = withoutServerFields(isObject(dashboard) ? dashboard : {});
  const moved = isObject(meta) ? valueDifference(meta['folderUid'] ?? '', folderUid, 'folder') : [];
  return [...moved, ...valueDifference(before, withoutServerFields(wanted))];
}

function withoutServerFields(board: PlainObject): PlainObject {
  const { id: _, version: __, iteration: ___, ...rest } = board;
  return rest;
}

/** A uid has letters, digits, hyphens and underscores, at most 40. */
function uidOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40);
}

type PlainObject = { [key: string]: PlainValue };

function readObject(text: string): PlainObject | undefined {
  try {
    const value: PlainValue = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: PlainValue | undefined): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
