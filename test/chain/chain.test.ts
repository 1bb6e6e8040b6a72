import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { containerDown, type Notification, outage, type Run, runChain } from './chain.ts';
import { pictureOf } from './picture.ts';

/** Of each system: the objective whose requests fail, who is woken, and what the label of a page and of a ticket says. */
const systems = [
  { name: 'comfyui-api', slo: 'control-plane', pager: 'pagerduty', page: 'critical', ticket: 'warning' },
  { name: 'dumbkv', slo: 'availability', pager: 'on-call', page: 'critical', ticket: 'warning' },
  { name: 'koder-flow', slo: 'web-availability', pager: 'on-call', page: 'page', ticket: 'ticket' },
  { name: 'pactodo', slo: 'availability', pager: 'backend', page: 'page', ticket: 'ticket' },
  { name: 'task-mcp', slo: 'api-availability', pager: 'critical-alerts', page: 'critical', ticket: 'warning' },
] as const;

/** A scrape and an evaluation a second each, and a busy machine. */
const patience = 8;

// Time passes sixty times faster here, so that a machine that stops for a second misses a minute: it may try again.
const once = { timeout: 400_000, retry: 1 };

test('from the failing service to whoever is woken, for each system', once, async (context) => {
  const run = await runChain(
    context,
    systems.map(({ name }) => name),
  );
  for (const system of systems) {
    const own = run.notifications.filter(({ service }) => service === system.name);
    expectPage(system, own, outage, ({ alert, labels }) => alert !== 'SloDataMissing' && labels['slo'] === system.slo);
    expectPage(
      system,
      own,
      containerDown,
      ({ alert, labels }) => alert === 'SloDataMissing' && labels['slo'] === system.slo,
    );
    expectTicketHeldBack(system, run);
    if (process.env['NINES_PICTURES'] === '1')
      writeFileSync(join('examples', system.name, 'chain.svg'), pictureOf(system.name, run));
  }
});

type System = (typeof systems)[number];

/** The page comes in time, to the right receiver and to no other; its end is told as well. */
function expectPage(
  { name, page, pager }: System,
  own: readonly Notification[],
  { from, to, name: what }: { readonly from: number; readonly to: number; readonly name: string },
  isIt: (notification: Notification) => boolean,
): void {
  // Before the first scrapes nobody has data: what that raises is over when the trouble begins.
  const pages = own.filter((one) => isIt(one) && one.labels['severity'] === page && from - 1 <= one.startsAt);
  const [first] = pages.filter(({ status }) => status === 'firing').toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  const place = `${name}, ${what}: ${JSON.stringify(own.filter(isIt))}`;
  expect(first, place).toBeDefined();
  expect(first!.startsAt, place).toBeLessThanOrEqual(from + patience);
  expect(first!.arrivedAt, place).toBeLessThanOrEqual(to);
  expect(
    pages.map(({ receiver }) => receiver),
    place,
  ).toContain(pager);
  const resolved = pages.filter(({ status, receiver }) => status === 'resolved' && receiver === pager);
  expect(
    resolved.some(({ arrivedAt }) => to <= arrivedAt),
    place,
  ).toBe(true);
}

/** While the page fires, the ticket of the same objective is held back. */
function expectTicketHeldBack({ name, slo, ticket }: System, { inhibited, notifications }: Run): void {
  const isTicket = (labels: Readonly<Record<string, string>>): boolean =>
    labels['service'] === name && labels['slo'] === slo && labels['severity'] === ticket;
  expect(inhibited.filter(({ labels }) => isTicket(labels)).length, name).toBeGreaterThan(0);
  const told = notifications.filter(({ labels, status, arrivedAt }) => {
    return isTicket(labels) && status === 'firing' && outage.from <= arrivedAt && arrivedAt <= outage.to;
  });
  expect(told, `${name}: ${JSON.stringify(told)}`).toEqual([]);
}
