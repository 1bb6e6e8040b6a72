import { containerDown, end, type Notification, outage, type Run, speed } from './chain.ts';

const left = 330;
const width = 1000;
const row = 22;

/** The run of one system as a picture: what went wrong, which alerts fired meanwhile, whom they reached, which were held back. */
export function pictureOf(service: string, run: Run): string {
  const own = run.notifications.filter((one) => one.service === service);
  const held = run.inhibited.filter(({ labels }) => labels['service'] === service);
  const bars = [...alertsOf(own), ...heldBars(held)];
  const top = 70;
  const height = top + (bars.length + 1) * row + 30;
  const shade = [outage, containerDown].map(
    ({ name, from, to }) =>
      `<rect x="${x(from)}" y="44" width="${x(to) - x(from)}" height="${height - 74}" fill="#d33" opacity="0.12"/><text x="${x(from)}" y="38">${escaped(name)}</text>`,
  );
  const lines = bars.map(({ label, from, to, kind, note }, index) => {
    const y = top + index * row;
    const colour = { page: '#c22', ticket: '#c80', info: '#48a', held: '#999' }[kind];
    return [
      `<text x="${left - 8}" y="${y + 4}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${x(from)}" y="${y - 7}" width="${Math.max(2, x(to) - x(from))}" height="13" rx="3" fill="${colour}"/>`,
      `<text x="${x(to) + 5}" y="${y + 4}" fill="#777">${escaped(note)}</text>`,
    ].join('');
  });
  const ticks = Array.from({ length: Math.floor(end / 20) + 1 }, (_, index) => index * 20).map(
    (time) =>
      `<text x="${x(time)}" y="${height - 8}" text-anchor="middle" fill="#777">${(time * speed) / 60} min</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#444">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="12" y="20" font-size="14" font-weight="600">${escaped(service)}: from the emulated service over Prometheus and Alertmanager to the receiver</text>
${[...shade, ...lines, ...ticks].join('\n')}
</svg>
`;
}

interface Bar {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly kind: 'page' | 'ticket' | 'info' | 'held';
  readonly note: string;
}

/** One bar for each alert that somebody was told of, from the first news of it to the news of its end. */
function alertsOf(notifications: readonly Notification[]): readonly Bar[] {
  const bars = new Map<string, Bar>();
  for (const { alert, labels, status, startsAt, arrivedAt, receiver } of notifications) {
    const severity = labels['severity'] ?? '';
    const key = `${alert} ${labels['slo']} ${labels['window'] ?? labels['reason'] ?? ''} ${startsAt} ${receiver}`;
    const kind = severity === 'page' || severity === 'critical' ? 'page' : severity === 'info' ? 'info' : 'ticket';
    const label = `${alert} ${labels['slo'] ?? ''} ${labels['window'] ?? labels['reason'] ?? ''}`.trim();
    const before = bars.get(key);
    bars.set(key, {
      label,
      from: before?.from ?? arrivedAt,
      to: status === 'resolved' ? arrivedAt : Math.max(before?.to ?? 0, arrivedAt),
      kind,
      note: `${receiver}${status === 'resolved' ? ', resolved' : ''}`,
    });
  }
  return [...bars.values()].toSorted((a, b) => a.from - b.from || (a.label < b.label ? -1 : 1));
}

function heldBars(held: Run['inhibited']): readonly Bar[] {
  const times = new Map<string, number[]>();
  for (const { labels, at } of held) {
    const label = `${labels['alertname']} ${labels['slo'] ?? ''} ${labels['window'] ?? labels['reason'] ?? ''}`.trim();
    times.set(label, [...(times.get(label) ?? []), at]);
  }
  return [...times].map(([label, seen]) => ({
    label,
    from: Math.min(...seen) - 1,
    to: Math.max(...seen),
    kind: 'held',
    note: 'held back: a page tells of it',
  }));
}

function x(time: number): number {
  return Number((left + (Math.min(time, end) / end) * (width - left - 170)).toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
