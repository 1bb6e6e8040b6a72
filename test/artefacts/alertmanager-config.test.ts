import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readServices } from '../../src/core/formats/index.ts';
import { artefactTargets, serviceArtefacts } from '../../src/core/generate/index.ts';
import { nodeToValue, readYaml } from '../../src/core/yaml/index.ts';

const testdata = join('test', 'artefacts', 'testdata');
const operator = artefactTargets.filter(({ name }) => name === 'operator');

test('routes, receivers, inhibition and exclusions of a service become an AlertmanagerConfig', async () => {
  const { files, diagnostics } = generated('/etc/alertmanager/secrets/');
  expect(diagnostics.filter(({ code }) => code === 'generate/secret')).toEqual([]);
  expect(diagnostics.filter(({ code }) => code === 'generate/mute')).toMatchObject([
    { message: "shop: the exclusion odd can't be written as a time interval of Alertmanager" },
  ]);
  const text = files.find(({ path }) => path === 'shop.alertmanagerconfig.yaml')?.text ?? '';
  await expect(text).toMatchFileSnapshot('testdata/shop.alertmanagerconfig.yaml');
  const read = readYaml(text);
  if (!read.ok || read.value[0] === undefined) throw new Error(text);
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(testdata, 'alertmanagerconfig.schema.json'), 'utf8')));
  const object = nodeToValue(read.value[0]);
  expect(schema.safeParse(object).error).toBeUndefined();
  for (const [right, wrong] of [
    ['"routingKey"', '"routing_key"'],
    ['"daysOfMonth"', '"days_of_month"'],
    ['"startTime":"2', '"startTime":"3'],
  ] as const) {
    const misspelt = JSON.stringify(object).replace(right, wrong);
    expect(misspelt).toContain(wrong);
    expect(schema.safeParse(JSON.parse(misspelt)).success, wrong).toBe(false);
  }
});

test('a secret that is no key of a Secret is said, and the rules are written all the same', () => {
  const { files, diagnostics } = generated('/run/secrets/');
  expect(diagnostics.map(({ code }) => code)).toContain('generate/secret');
  expect(files.map(({ path }) => path)).toContain('shop.yaml');
  expect(files.map(({ path }) => path)).not.toContain('shop.alertmanagerconfig.yaml');
});

function generated(secrets: string) {
  const text = `
apiVersion: nines/v1
service: shop
owner: shop-team
metrics:
  http_requests_total: { type: counter, labels: [code] }
slos:
  availability:
    target: 99.9%
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
exclusions:
  nights: { reason: index rebuild, owner: shop-team, every: FREQ=WEEKLY;BYDAY=SU, start: "2026-01-04T03:00", for: 2h, timeZone: Asia/Kathmandu }
  migration: { reason: new database, owner: shop-team, from: "2026-11-07T21:00:00Z", to: "2026-11-08T03:00:00Z" }
  odd: { reason: every other week, owner: shop-team, every: "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", start: "2026-01-04T03:00", for: 2h }
notifications:
  receivers:
    on-call:
      - pagerduty: { routingKeyFile: ${secrets}pagerduty/key }
      - slack: { channel: "#shop", apiUrlFile: ${secrets}slack/url }
      - opsgenie: { apiKeyFile: ${secrets}opsgenie/key, priority: P1 }
      - teams: { webhookUrlFile: ${secrets}teams/url }
    team: [{ email: { to: shop@example.com } }, { webhook: { url: "https://hooks.example.com/slo" } }]
  routes:
    - { receiver: on-call, match: { severity: page }, groupWait: 10s }
    - { receiver: team, match: { severity: ticket }, continue: true }
  default: team
  repeatInterval: 4h
  dependsOn: [database]
  smtp: { smarthost: "mail.example.com:587", from: slo@example.com, passwordFile: ${secrets}smtp/password }
`;
  const read = readServices({ name: 'slo.yaml', text });
  const [service] = read.ok ? read.value : [];
  if (service === undefined) throw new Error(JSON.stringify(read.diagnostics));
  return serviceArtefacts(service, operator);
}
