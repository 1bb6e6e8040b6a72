import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { readAlertmanager, receiversOf } from '../../src/core/formats/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';

const folder = mkdtempSync(join(tmpdir(), 'nines-routing-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The receivers that our reader and matcher find for the labels. */
function ours(text: string, labels: Readonly<Record<string, string>>): readonly string[] {
  const outcome = readAlertmanager({ name: 'alertmanager.yml', text });
  const route = outcome.ok ? outcome.value.route : undefined;
  if (route === undefined) throw new Error(`no route in\n${text}`);
  return receiversOf(route, new Map(Object.entries(labels)));
}

function theirs(amtool: string, text: string, labels: Readonly<Record<string, string>>): readonly string[] {
  const file = join(folder, 'alertmanager.yml');
  writeFileSync(file, text);
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const output = execFileSync(amtool, ['config', 'routes', 'test', `--config.file=${file}`, ...pairs], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...serverEnvironment() },
  });
  return output.trim().split(',');
}

function configuration(routes: string): string {
  const names = ['top', 'a', 'b', 'c', 'd'];
  return `route:\n  receiver: top\n  routes: ${routes}\nreceivers: [${names.map((name) => `{name: ${name}}`).join(', ')}]\n`;
}

const cases: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['an exact value', '[{receiver: a, match: {severity: page}}]', { severity: 'page' }],
  ['a wildcard is none', '[{receiver: a, match: {alertname: "High*"}}]', { alertname: 'HighErrors' }],
  ['a pattern is anchored', '[{receiver: a, match_re: {severity: "pag|tick"}}]', { severity: 'page' }],
  ['a pattern matches the whole value', '[{receiver: a, match_re: {severity: "pag.|tick"}}]', { severity: 'page' }],
  ['a missing label is empty', `[{receiver: a, matchers: ['team=""']}]`, { severity: 'page' }],
  ['a negative matcher takes a missing label', `[{receiver: a, matchers: ['team!="x"']}]`, { severity: 'page' }],
  ['a negative pattern', `[{receiver: a, matchers: ['team!~"x.*"']}]`, { team: 'xy' }],
  ['conditions in braces', `[{receiver: a, matchers: ['{x="1",y=~"2|3"}']}]`, { x: '1', y: '3' }],
  ['a value without quotes', `[{receiver: a, matchers: [x = 1]}]`, { x: '1' }],
  ['a comma inside of quotes', `[{receiver: a, matchers: ['x="1,y"']}]`, { x: '1,y' }],
  ['an escaped quote', `[{receiver: a, matchers: ['x="1\\"y"']}]`, { x: '1"y' }],
  ['all conditions', '[{receiver: a, match: {x: "1", y: "2"}}]', { x: '1' }],
  ['the first sibling', '[{receiver: a, match: {x: "1"}}, {receiver: b, match: {x: "1"}}]', { x: '1' }],
  ['on with continue', '[{receiver: a, continue: true}, {receiver: b, match: {x: "1"}}, {receiver: c}]', { x: '1' }],
  ['a child before its parent', '[{receiver: a, routes: [{receiver: b, match: {x: "1"}}]}, {receiver: c}]', { x: '1' }],
  ['a parent without a child that matches', '[{receiver: a, routes: [{receiver: b, match: {x: "2"}}]}]', { x: '1' }],
  ['a receiver from above', '[{receiver: a, routes: [{match: {x: "1"}}]}]', { x: '1' }],
];

test('the receivers of an alert are those that amtool finds', (context) => {
  const amtool = needServer(context, 'amtool');
  for (const [name, routes, labels] of cases) {
    const text = configuration(routes);
    expect(ours(text, labels), name).toEqual(theirs(amtool, text, labels));
  }
});

test('so they are for any tree', (context) => {
  const amtool = needServer(context, 'amtool');
  const value = fc.constantFrom('', '1', '2', '12');
  const matcher = fc
    .tuple(fc.constantFrom('x', 'y'), fc.constantFrom('=', '!=', '=~', '!~'), fc.oneof(value, fc.constant('1.*|2')))
    .map(([name, operator, text]) => `${name}${operator}"${text}"`);
  const node = (children: fc.Arbitrary<readonly object[]>) =>
    fc.record({
      receiver: fc.constantFrom('a', 'b', 'c', 'd'),
      matchers: fc.array(matcher, { maxLength: 2 }),
      continue: fc.boolean(),
      routes: children,
    });
  const leaf = node(fc.constant([]));
  const route = node(fc.array(node(fc.array(leaf, { maxLength: 2 })), { maxLength: 2 }));
  const labels = fc.record({ x: value, y: value }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(route, { minLength: 1, maxLength: 4 }), labels, (routes, given) => {
      const text = configuration(JSON.stringify(routes));
      const set = Object.fromEntries(Object.entries(given).filter(([, one]) => one !== ''));
      expect(ours(text, set)).toEqual(theirs(amtool, text, set));
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
