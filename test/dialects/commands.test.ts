import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commandLine, ours, sloth } from './command-line.ts';

const { nines, place, write } = commandLine();

describe('nines import', () => {
  test('writes definitions of ours to standard output or into a file', async () => {
    expect(await nines(['import', 'sloth.yml'])).toEqual({ code: 0, output: ours, errors: '' });
    expect((await nines(['import', '-', '-o', 'out.yaml'], sloth)).code).toBe(0);
    expect(await readFile(place('out.yaml'), 'utf8')).toBe(ours);
  });

  test('ends with 1 for a definition that is wrong, and writes nothing', async () => {
    const { code, output, errors } = await nines(['import', '-'], sloth.replace('99.9', '101'));
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('<stdin>:5:16 error slo/target');
  });

  test("takes the period and the windows that Sloth's flags set", async () => {
    const { code, output } = await nines(['import', 'sloth.yml', '--default-slo-period', '28d']);
    expect(code).toBe(0);
    expect(output).toContain('    period: 4w\n');
    await write('28d.yaml', output);
    expect((await nines(['diff', 'sloth.yml', '28d.yaml', '--default-slo-period', '28d'])).code).toBe(0);
    expect((await nines(['diff', 'sloth.yml', '28d.yaml'])).output).toContain('shop/availability: period 30d -> 4w\n');
    const unknown = await nines(['import', 'sloth.yml', '--default-slo-period', '90d']);
    expect(unknown.code).toBe(1);
    expect(unknown.errors).toContain('there are no alert windows for a period of 90d');
  });

  test("reads slo-generator's periods and alerts from its configuration", async () => {
    const [config = '', ...definitions] = (
      await readFile(join(import.meta.dirname, 'testdata/slo-generator-policies-valid.yaml'), 'utf8')
    ).split('---\n');
    await write('config.yaml', config);
    await write('slos.yaml', definitions.join('---\n'));
    const { code, output } = await nines(['import', 'slos.yaml', 'config.yaml']);
    expect(code).toBe(0);
    const golden = join(import.meta.dirname, 'testdata/slo-generator-policies-valid.nines.yaml');
    expect(output).toBe(await readFile(golden, 'utf8'));
  });

  test.each([
    ['a file that is not there', ['import', 'nowhere.yaml']],
    ['no file', ['import']],
    ['a format that is not known', ['import', '--from', 'nobl9', 'sloth.yml']],
    ['a folder that is not there', ['import', 'sloth.yml', '-o', 'no/where.yaml']],
  ])('ends with 2 for %s', async (_, args) => {
    expect((await nines(args)).code).toBe(2);
  });

  test('finds what OpenSLO objects refer to in the other files', async () => {
    const { output } = await nines(['export', 'slo.yaml', '--to', 'openslo']);
    const [service = '', slo = ''] = output.split('---\n');
    const indicator = /indicator:\n(?: {4}.*\n)+/.exec(slo)?.[0] ?? '';
    const sli = indicator.replace('indicator:', '').replaceAll(/^ {4}/gm, '');
    await write('a.yaml', `${service}---\n${slo.replace(indicator, 'indicatorRef: availability-indicator\n')}`);
    await write('b.yaml', `apiVersion: openslo/v1\nkind: SLI${sli}`);
    expect((await nines(['import', 'a.yaml'])).errors).toContain('dialect/reference');
    expect(await nines(['import', 'a.yaml', 'b.yaml'])).toEqual({ code: 0, output: ours, errors: '' });
  });
});

test('comments go with what they are about', async () => {
  const commented = `# What the shop promises.
version: prometheus/v1
# One of many.
service: shop
slos:
  # One request in a thousand may fail.
  - name: availability
    objective: 99.9 # behind a value it stays behind
    sli:
      events:
        # Only errors of ours.
        error_query: |
          # no comment of YAML
          sum(rate(http_requests_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_requests_total[{{.window}}]))
    alerting: { name: Shop }
  # Slower than the rest.
  - name: slow
    objective: 90
    sli: { raw: { error_ratio_query: 'avg(avg_over_time(slow[{{.window}}]))' } }
    alerting: { name: Slow }
`;
  await write('commented.yml', commented);
  const { output } = await nines(['import', 'commented.yml']);
  expect(
    output.split('\n').flatMap((line, index, all) => (/^ *#/.test(line) ? [`${line} -> ${all[index + 1]}`] : [])),
  ).toEqual([
    '# What the shop promises. -> # One of many.',
    '# One of many. -> apiVersion: nines/v1',
    '  # One request in a thousand may fail. ->   # Only errors of ours.',
    '  # Only errors of ours. ->   availability:',
    '  # Slower than the rest. ->   slow:',
  ]);
  expect(await nines(['diff', 'commented.yml', 'commented.yml'])).toMatchObject({ code: 0 });
  const { output: openslo } = await nines(['export', 'slo.yaml', '--to', 'openslo']);
  await write('openslo.yaml', openslo.replace('kind: SLO\n', 'kind: SLO\n# It must not go down.\n'));
  expect((await nines(['import', 'openslo.yaml'])).output).toContain('  # It must not go down.\n  availability:');
});

describe('what stands in several files', () => {
  const object = (kind: string, name: string, spec: string): string =>
    `apiVersion: openslo/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
  const slo = (name: string): string =>
    object(
      'SLO',
      name,
      '{ service: shop, indicatorRef: errors, timeWindow: [{ duration: 28d, isRolling: true }], ' +
        'budgetingMethod: Occurrences, objectives: [{ target: 0.99 }], alertPolicies: [{ alertPolicyRef: fast }] }',
    );
  const files: Readonly<Record<string, string>> = {
    'service.yaml': `${object('Service', 'shop', '{ description: It sells. }')}`,
    'prometheus.yaml': object('DataSource', 'prom', '{ type: Prometheus, connectionDetails: {} }'),
    'errors.yaml': object(
      'SLI',
      'errors',
      '{ ratioMetric: { counter: true, bad: { metricSource: { metricSourceRef: prom, spec: { query: \'x_total{code="5"}\' } } }, ' +
        'total: { metricSource: { metricSourceRef: prom, spec: { query: x_total } } } } }',
    ),
    'fast.yaml': object(
      'AlertPolicy',
      'fast',
      '{ alertWhenBreaching: true, conditions: [{ conditionRef: burn }], notificationTargets: [{ targetRef: team }] }',
    ),
    'burn.yaml': object(
      'AlertCondition',
      'burn',
      '{ severity: page, condition: { kind: burnrate, op: gt, threshold: 14.4, lookbackWindow: 1h } }',
    ),
    'team.yaml': object('AlertNotificationTarget', 'team', '{ target: email, description: The team }'),
    'a.yaml': slo('first'),
    'b.yaml': slo('second'),
  };

  async function writeAll(but: string): Promise<void> {
    await mkdir(place('all'), { recursive: true });
    for (const [name, text] of Object.entries(files)) if (name !== but) await write(`all/${name}`, text);
  }

  test('is one service to every command', async () => {
    await writeAll('');
    const imported = await nines(['import', 'all']);
    expect(imported).toMatchObject({ code: 0, errors: '' });
    expect(imported.output).toContain('description: It sells.');
    expect([...imported.output.matchAll(/^ {2}(first|second):/gm)]).toHaveLength(2);
    expect(imported.output).toContain('burn: 14.4');
    expect(imported.output).toContain('title: The team');
    await write('one.yaml', imported.output);
    expect(await nines(['diff', 'all', 'one.yaml'])).toMatchObject({ code: 0, output: '' });
    expect((await nines(['lint', 'all'])).output).not.toMatch(/ (?:warning|error) /);
    expect((await nines(['generate', '-i', 'all', '-o', '-'])).output).toContain('nines-shop-objectives');
    expect((await nines(['export', 'all', '--to', 'openslo'])).output.match(/kind: SLO$/gm)).toHaveLength(2);
  });

  test.each([
    ['errors.yaml', 'a.yaml', 'there is no SLI `errors`', 1],
    ['fast.yaml', 'a.yaml', 'there is no AlertPolicy `fast`', 1],
    ['burn.yaml', 'fast.yaml', 'there is no AlertCondition `burn`', 1],
    ['team.yaml', 'fast.yaml', 'there is no AlertNotificationTarget `team`', 0],
    ['prometheus.yaml', 'errors.yaml', 'there is no DataSource `prom`', 0],
  ])('without %s it is said where %s asks for it', async (missing, place, reason, code) => {
    await writeAll(missing);
    for (const command of [
      ['generate', '-i', 'all', '-o', '-'],
      ['import', 'all'],
      ['export', 'all', '--to', 'sloth'],
    ]) {
      const told = await nines(command);
      expect([told.code, told.errors]).toEqual([code, expect.stringContaining(reason)]);
    }
    const { code: linted, output } = await nines(['lint', 'all']);
    // Who checks a part of the files need not have all.
    expect(linted).toBe(0);
    expect(output).toContain(`${join('all', place)}:`);
    expect(output).toContain(`warning dialect/reference: ${reason}`);
  });

  test('goes for JSON as well', async () => {
    const sli = { apiVersion: 'openslo/v1', kind: 'SLI', metadata: { name: 'errors' }, spec: {} };
    const query = (text: string): object => ({ metricSource: { type: 'Prometheus', spec: { query: text } } });
    const ratioMetric = { counter: true, bad: query('x_total{code="5"}'), total: query('x_total') };
    await write('sli.json', JSON.stringify({ ...sli, spec: { ratioMetric } }));
    await write('a.yaml', (files['a.yaml'] ?? '').replace(/, alertPolicies.*$/m, ' }'));
    expect(await nines(['import', 'a.yaml', 'sli.json'])).toMatchObject({ code: 0, errors: '' });
  });

  test('an objective that two files define is wrong, and so is a service of Nines in two files', async () => {
    await writeAll('');
    await write('all/c.yaml', files['a.yaml'] ?? '');
    const twice = await nines(['generate', '-i', 'all', '-o', '-']);
    expect([twice.code, twice.errors]).toEqual([1, expect.stringContaining('`first` of `shop` is defined in')]);
    await rm(place('all'), { recursive: true });
    await write('other.yaml', ours);
    const own = await nines(['lint', 'slo.yaml', 'other.yaml']);
    expect([own.code, own.output]).toEqual([
      1,
      expect.stringContaining('the service `shop` is defined in slo.yaml as well'),
    ]);
  });

  test('of two owners the first one is kept, and the other one told', async () => {
    const second = sloth.replace('name: availability', 'name: second');
    await write('one.yml', sloth.replace('slos:', 'labels: { owner: red }\nslos:'));
    await write('two.yml', second.replace('slos:', 'labels: { owner: blue }\nslos:'));
    const { code, output, errors } = await nines(['import', 'one.yml', 'two.yml']);
    expect([code, errors]).toEqual([0, expect.stringContaining('belongs to `red` by one.yml; `blue` is not kept')]);
    expect(output).toContain('owner: red');
    expect(output).toContain('  second:');
  });
});

describe('nines export', () => {
  test.each(['openslo', 'sloth', 'sloth-crd'])('writes %s that means the same', async (format) => {
    expect((await nines(['export', 'slo.yaml', '--to', format, '-o', 'out.yaml'])).code).toBe(0);
    expect(await nines(['diff', 'slo.yaml', 'out.yaml'])).toEqual({ code: 0, output: '', errors: '' });
  });

  test('ends with 1 where the format cannot express an objective, and writes the others', async () => {
    const good = ours.replace('bad: http_requests_total{code=~"5.."}', 'good: http_requests_total{code="200"}');
    await write('good.yaml', good);
    const alone = await nines(['export', 'good.yaml', '--to', 'pyrra']);
    expect({ code: alone.code, output: alone.output }).toEqual({ code: 1, output: '' });
    expect(alone.errors).toContain('dialect/unsupported: shop/availability');
    await write(
      'both.yaml',
      `${good}  other:\n    target: 99%\n    bad: http_errors_total\n    total: http_requests_total\n`,
    );
    const { code, output, errors } = await nines(['export', 'both.yaml', '--to', 'pyrra']);
    expect(code).toBe(1);
    expect(errors).toContain('it is left out');
    expect([...output.matchAll(/^kind: .*\nmetadata:\n {2}name: (.*)$/gm)].map(([, name]) => name)).toEqual([
      'shop-other',
    ]);
  });

  test('tells what the format has no place for', async () => {
    const { code, errors } = await nines(['export', 'slo.yaml', '--to', 'pyrra']);
    expect(code).toBe(0);
    expect(errors).toContain('dialect/lost: shop/availability: the format has no place for alerts');
  });
});

test('the other commands take definitions of other tools, too', async () => {
  expect((await nines(['lint', 'sloth.yml'])).code).toBe(0);
  const generated = await nines(['generate', 'sloth.yml', '-o', '-']);
  expect(generated.output).toBe((await nines(['generate', 'slo.yaml', '-o', '-'])).output);
});
