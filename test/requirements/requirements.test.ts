import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../servers.ts';
import { classOf, type Row } from './row.ts';
import { comfyBoards } from './rows/comfy-boards.ts';
import { comfyObjectives } from './rows/comfy-objectives.ts';
import { comfyOperations } from './rows/comfy-operations.ts';
import { comfyRules } from './rows/comfy-rules.ts';
import { dumbObjectives } from './rows/dumb-objectives.ts';
import { dumbOperations } from './rows/dumb-operations.ts';
import { flowObjectives } from './rows/flow-objectives.ts';
import { flowOperations } from './rows/flow-operations.ts';
import { pacRows } from './rows/pac.ts';
import { taskAlerts } from './rows/task-alerts.ts';
import { taskObjectives } from './rows/task-objectives.ts';
import { taskPolicy } from './rows/task-policy.ts';
import { taskPractice } from './rows/task-practice.ts';
import { taskReviews } from './rows/task-reviews.ts';
import { type System, systemOf } from './system.ts';

/**
 * Whether all that five documents ask of their systems is served: 343 rows, each a test of its own that begins with the row's id. What is
 * checked are the examples, which are these documents put right, and what is generated of them.
 */
const tables: Readonly<Record<string, readonly Row[]>> = {
  'comfyui-api': [...comfyObjectives, ...comfyRules, ...comfyBoards, ...comfyOperations],
  'koder-flow': [...flowObjectives, ...flowOperations],
  dumbkv: [...dumbObjectives, ...dumbOperations],
  'task-mcp': [...taskObjectives, ...taskAlerts, ...taskPolicy, ...taskReviews, ...taskPractice],
  pactodo: pacRows,
};

const rows = Object.values(tables).flat();

test('there are 343 rows, none of them twice', () => {
  expect(rows.length).toBe(343);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(343);
});

test('they are the rows of the list of requirements', (context) => {
  const folder = sharedFolder('reference');
  if (folder === undefined) return context.skip('the list of requirements is not here');
  const listed: readonly { readonly id: string }[] = JSON.parse(
    readFileSync(join(folder, 'seed-requirements.json'), 'utf8'),
  );
  expect(rows.map(({ id }) => id).toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
});

test('at most 60 are organisation alone; the others say what they lack', () => {
  const count = new Map<string, number>();
  for (const row of rows) count.set(classOf(row), 1 + (count.get(classOf(row)) ?? 0));
  const told = [...count].map(([name, some]) => `${name}: ${some}`);
  const lacking = rows.flatMap((row) =>
    'partly' in row ? [`${row.id} ${row.partly}`] : 'later' in row ? [`${row.id} (${row.later}) ${row.why}`] : [],
  );
  console.log(`requirement rows by what serves them: ${told.join(', ')}\n  ${lacking.join('\n  ')}`);
  expect(count.get('organisation')).toBeLessThanOrEqual(60);
  for (const row of rows) {
    if ('partly' in row || 'later' in row) expect('later' in row ? row.why : row.partly, row.id).toMatch(/\w+ .*\.$/);
  }
});

for (const [name, own] of Object.entries(tables)) {
  describe(name, () => {
    for (const row of own) test(`${row.id} ${row.says}`, (context) => expectServed(row, systemOf(name, context)));
  });
}

async function expectServed(row: Row, system: System): Promise<void> {
  if ('organisation' in row) {
    const value = system.at(row.organisation);
    expect(value, row.organisation).toBeDefined();
    expect(JSON.stringify(value)).toContain(row.holds);
  } else if (row.check !== undefined) await row.check(system);
  else system.skip(`comes later: ${'why' in row ? row.why : ''}`);
}
