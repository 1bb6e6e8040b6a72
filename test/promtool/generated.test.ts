import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { duration, second } from '../../src/core/base/index.ts';
import { defineService } from '../../src/core/formats/index.ts';
import { artefactTargets, defaultGenerateOptions, generateArtefacts } from '../../src/core/generate/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { example, exampleNames } from '../example-services.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { alerts, composites, conditions, corners, groups, periods, profiles, shop, slices } from './services.ts';

const isLong = process.env['NINES_LONG'] === '1';
const kinds = [shop, slices, conditions, groups, composites, alerts, periods, profiles, corners];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-promtool-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(kinds.map((service) => [service.name, service] as const))('the tests of %s', (name, service) => {
  test('are the golden ones, and leave nothing out', async () => {
    expect(untested(service)).toEqual([]);
    await expect(files(service).get(`${name}.tests.yaml`)).toMatchFileSnapshot(`testdata/${name}.tests.yaml`);
  });

  test('pass in the engine', { timeout: 120_000 }, async () => {
    expect(await failures(service)).toEqual([]);
  });
});

test.each([20, 60])(
  'tests of rules that are evaluated every %i seconds pass too',
  { timeout: 120_000 },
  async (seconds) => {
    const options = { ...defaultGenerateOptions, interval: duration(seconds * second) };
    // A slice of half a minute fits neither, so that its objective has no rules and no tests.
    for (const service of [conditions, alerts]) {
      const written = new Map(generated(service, options).files.map(({ path, text }) => [path, text]));
      expect(await failuresOf(service, written.get(`${service.name}.rules.yaml`) ?? '', written)).toEqual([]);
    }
  },
);

// promtool takes five times as long as the engine, so that it has one case or two of each kind in the short form.
test.for<[name: string, service: Service, only: RegExp]>([
  ['slices', slices, /each of them fails/],
  ['conditions', conditions, /is broken/],
  ['groups', groups, /each of them fails/],
  ['composites', composites, /grouped|pot/],
  ['alerts', alerts, /./],
  ['profiles', profiles, /each of them fails/],
  ['corners', corners, /each of them fails|there is no target/],
])('the tests of %s pass in a real promtool', { timeout: 300_000 }, ([, service, only], context) =>
  passesInPromtool(context, service, isLong ? /./ : only),
);

test.for(isLong ? [shop, periods] : [])(
  'the tests of $name pass in a real promtool',
  { timeout: 300_000 },
  (service, context) => passesInPromtool(context, service),
);

test.each(isLong ? exampleNames : ['comfyui-api', 'koder-flow'])(
  'the tests of the example %s leave nothing out',
  { timeout: 120_000 },
  (name) => {
    expect(untested(example(name))).toEqual([]);
  },
);

test('a level between two of a figure is tested by a bucket between them', async () => {
  const service = example('comfyui-api');
  expect(await failures(service, (rules) => rules, /job-latency-p99 warning/)).toEqual([]);
  const wrong = (rules: string): string => rules.replace('} > 40 <= 60', '} > 60 <= 80');
  expect(await failures(service, wrong, /job-latency-p99 warning/)).not.toEqual([]);
});

describe.each(isLong ? exampleNames : [])('the tests of the example %s', (name) => {
  test('pass in the engine', { timeout: 1_200_000 }, async () => {
    expect(await failures(example(name))).toEqual([]);
  });

  test('pass in a real promtool', { timeout: 3_600_000 }, (context) => passesInPromtool(context, example(name)));
});

// promtool 2.42 refuses their notation: "unexpected character in series sequence: '{'".
test('each objective on a native histogram is told of, and named in the file', () => {
  const service = defineService({
    service: 'native',
    metrics: {
      wait_seconds: { type: 'histogram', native: true },
      calls_total: { type: 'counter', labels: ['code'] },
    },
    slos: {
      fast: { target: '95%', histogram: 'wait_seconds', below: '500ms' },
      faster: { target: '90%', histogram: 'wait_seconds', below: '100ms', period: 'calendar month' },
      ok: { target: '99%', bad: 'calls_total{code="500"}', total: 'calls_total' },
    },
  });
  const gaps = ['fast', 'faster'].map(
    (name) => `native/${name}: it has no unit tests: promtool 2.42 has no notation for native histograms`,
  );
  expect(untested(service)).toEqual(gaps);
  const tests = files(service).get('native.tests.yaml') ?? '';
  for (const gap of gaps) expect(tests).toContain(`# Not tested: ${gap}`);
  expect(tests).toContain('native/ok: everything fails');
});

describe('the tests fail for rules with', () => {
  test.each<[what: string, service: Service, from: RegExp, to: string, only: RegExp]>([
    ['a threshold that is too high', shop, /\b14\.4\b/g, '25', /everything/],
    ['a threshold that is too low', shop, /\b14\.4\b/g, '3', /everything/],
    ['a slower threshold that is a little too high', shop, /^ {10}6$/gm, '6.2', /1\.368 %/],
    ['a short window that is too long', shop, /\[4m59s999ms\]/g, '[6m59s999ms]', /everything/],
    ['an alert on missing data that waits too long', shop, /for: 5m\b/g, 'for: 6m', /no traffic/],
    ['errors that are not counted', shop, /status=~"5\.\."/g, 'status=~"6.."', /everything/],
    ['another bucket', shop, /le="0\.5"/g, 'le="1"', /everything/],
    ['a target of slices that is too loose', slices, /^ {14}0\.05$/gm, '0.2', /slowly/],
    ['a target of slices that is too strict', slices, /^ {14}0\.05$/gm, '0.02', /slowly/],
    ['slices that are too long', slices, /% 60\b/g, '% 120', /each of them/],
    ['ratios of slices that are no ratios', slices, /clamp_max/g, 'clamp_min', /each of them/],
    ['a query that gives the good share', slices, /1 - avg\(/g, 'avg(', /each of them/],
    ['a condition with another bound', conditions, /< bool 50\b/g, '< bool 500', /broken/],
    ['a heartbeat that is heard for too long', conditions, /\[4m59s999ms\]/g, '[5m59s999ms]', /broken/],
    [
      'a part of a condition that is left out',
      conditions,
      /part=~"1\|2",service="conditions",slo="both"/g,
      'part=~"2",service="conditions",slo="both"',
      /broken/,
    ],
    [
      'a part of a condition that counts the other way round',
      conditions,
      /slo="either"\} == 1/g,
      'slo="either"} == 0',
      /broken/,
    ],
    ['an alert that waits too long', conditions, /for: 5m\b/g, 'for: 6m', /broken/],
    ['an alert that goes on for too long', conditions, /keep_firing_for: 3m\b/g, 'keep_firing_for: 4m', /broken/],
    ['an alert on the absence of something else', conditions, /absent\(queue_depth\)/g, 'absent(other)', /QueueGone/],
    ['an alert on standing still that comes late', conditions, /\[9m59s999ms\]/g, '[11m59s999ms]', /broken/],
    ['groups of events taken for one another', groups, /tenant!="acme"/g, 'tenant="one"', /each of them fails/],
    ['a group that is judged by all', groups, /min by \(tenant\)/g, 'min', /each of them fails/],
    ['another weight', composites, /\b3 \*/g, '1 *', /weighted/],
    [
      'a group that has the weight of a member',
      composites,
      /\bavg by \(service, slo/g,
      'sum by (service, slo',
      /grouped/,
    ],
    ['the best member instead of the worst', composites, /max by \(window\)/g, 'min by (window)', /worst/],
    ['members in a row that are not', composites, /\bexp\(/g, 'abs(', /chain/],
    ['a pot without one of its members', composites, /slo="ok"\}(\[29s999ms\] offset)/g, 'slo="fast"}$1', /pot/],
    ['another factor', alerts, /\b5 \*/g, '20 *', /each/],
    ['another floor', alerts, /> 0\.1\b/g, '> 10', /each/],
    ['another quantile', alerts, /quantile\(0\.9,/g, 'quantile(0.2,', /each/],
    ['a level of a figure that is too high', alerts, /> 0\.7\b/g, '> 0.88', /warning/],
    ['coarse steps that are forgotten', periods, /\[2d23h59m59s999ms\]/g, '[9m59s999ms]', /everything fails for/],
    ['a period that is too short', periods, /\[59m59s999ms\]/g, '[29m59s999ms]', /everything fails for/],
    [
      'a profile that its states do not turn on',
      profiles,
      /slo:alert_profile:level\{(.*)\} >= 1/g,
      'absent(up{$1})',
      /each of/,
    ],
    ['a state with another profile', profiles, /slo="queue"\}\) \+ 1/g, 'slo="queue"}) + 0', /each of/],
    ['pages that go to somebody else', profiles, /routing_key: payments/g, 'routing_key: ops', /each of/],
    ['a former name that is not known', periods, /\bold_total\b/g, 'older_total', /as old_total/],
  ])('%s', { timeout: 60_000 }, async (_, service, from, to, only) => {
    const changed = (rules: string): string => rules.replaceAll(from, to);
    const rules = files(service).get(`${service.name}.rules.yaml`) ?? '';
    expect(changed(rules)).not.toBe(rules);
    expect(await failures(service, changed, only)).not.toEqual([]);
  });
});

function passesInPromtool(context: TestContext, service: Service, only = /./): void {
  const promtool = needServer(context, 'promtool');
  const path = join(folder, `${service.name}.tests.yaml`);
  writeFileSync(join(folder, `${service.name}.rules.yaml`), files(service).get(`${service.name}.rules.yaml`) ?? '');
  writeFileSync(path, chosen(files(service).get(`${service.name}.tests.yaml`) ?? '', only));
  const shown = execFileSync(promtool, ['test', 'rules', path], {
    encoding: 'utf8',
    env: { ...process.env, ...serverEnvironment() },
  });
  expect(shown).toContain('SUCCESS');
}

/** Those cases alone whose names match. */
function chosen(tests: string, only: RegExp): string {
  const [head = '', ...cases] = tests.split(/^(?= {2}- name:)/m);
  const matching = cases.filter((each) => only.test(each.slice(0, each.indexOf('\n'))));
  expect(matching.length).toBeGreaterThan(0);
  return [head, ...matching].join('');
}

function untested(service: Service): readonly string[] {
  return made(service)
    .diagnostics.filter(({ code }) => code === 'generate/untested')
    .map(({ message }) => message);
}

function made(service: Service): ReturnType<typeof generated> {
  const known = generatedOnce.get(service) ?? generated(service);
  generatedOnce.set(service, known);
  return known;
}

const generatedOnce = new Map<Service, ReturnType<typeof generated>>();

function generated(service: Service, options = defaultGenerateOptions) {
  const targets = artefactTargets.filter(({ name }) => name === 'promtool');
  const pieces = [...generateArtefacts([service], targets, options)];
  return { files: pieces.flatMap((piece) => piece.files), diagnostics: pieces.flatMap((piece) => piece.diagnostics) };
}

function files(service: Service): ReadonlyMap<string, string> {
  return new Map(made(service).files.map(({ path, text }) => [path, text]));
}

/** What the engine says of the generated tests, or of one of them, with the rules changed or as they are. */
function failures(
  service: Service,
  change: (rules: string) => string = (rules) => rules,
  only = /./,
): Promise<readonly string[]> {
  const written = files(service);
  return failuresOf(service, change(written.get(`${service.name}.rules.yaml`) ?? ''), written, only);
}

async function failuresOf(
  { name }: Service,
  text: string,
  written: ReadonlyMap<string, string>,
  only = /./,
): Promise<readonly string[]> {
  const tests = { name: 'tests.yaml', text: chosen(written.get(`${name}.tests.yaml`) ?? '', only) };
  const result = await runUnitTests(tests, (file) => Promise.resolve([{ name: file, text }]));
  expect(result.passed + result.failed).toBeGreaterThanOrEqual(3);
  return result.failures.map((failure) => failure.text);
}
