import fc from 'fast-check';
import type {
  ChannelInput,
  ExclusionInput,
  PolicyInput,
  ServiceInput,
  ThresholdInput,
} from '../src/core/formats/index.ts';

// PromQL takes no metric whose name is a word of its own grammar in the place of a modifier.
/** A name that may stand for a metric, a label or an objective. */
export const word = fc
  .stringMatching(/^[a-z][a-z0-9]{0,5}$/)
  .filter((each) => !/^(?:on|by|bool|and|or|unless|offset|inf|nan|atan2|without|start|end)$/.test(each));
/** Any text. */
export const text = fc.string({ minLength: 1, unit: 'grapheme' });
/** One to three of something. */
export const few = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 3 });

const channel: fc.Arbitrary<ChannelInput> = fc.oneof(
  word.map((name) => ({ pagerduty: { routingKeyFile: `/etc/secrets/${name}` } })),
  fc.tuple(word, word).map(([name, room]) => ({ slack: { channel: `#${room}`, apiUrlFile: `/etc/secrets/${name}` } })),
  word.map((name) => ({ email: { to: `${name}@example.com` } })),
  word.map((name) => ({ webhook: { url: `https://${name}.example.com/hook` } })),
  word.map((name) => ({ opsgenie: { apiKeyFile: `/etc/secrets/${name}`, priority: 'P2' } })),
);
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata');
const exclusion: fc.Arbitrary<ExclusionInput> = fc.oneof(
  fc.record({
    reason: text,
    owner: word,
    every: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=SU', 'FREQ=WEEKLY;BYDAY=MO,WE', 'FREQ=MONTHLY;BYDAY=1SA'),
    start: fc.constantFrom('2026-01-04T02:00', '2025-06-01T23:30'),
    for: fc.constantFrom('30m', '2h'),
    timeZone: zone,
  }),
  fc.record({
    reason: text,
    owner: word,
    from: fc.constant('2026-03-01T02:00:00Z'),
    to: fc.constantFrom('2026-03-01T05:00:00Z', '2026-03-04T00:00:00Z'),
  }),
);
const profile = fc.constantFrom<'standard' | 'enhanced' | 'maximum'>('standard', 'enhanced', 'maximum');
const policy: fc.Arbitrary<PolicyInput> = fc
  .record({
    combine: fc.constantFrom<'worst' | 'each'>('worst', 'each'),
    profiles: fc.tuple(profile, profile, profile),
    actions: few(text),
  })
  .map(({ combine, profiles: [first, second, last], actions }) => ({
    combine,
    states: {
      healthy: { remainingAbove: '50%', profile: first },
      low: { remainingAbove: '10%', profile: second, actions },
      spent: { profile: last, changes: 'deny' as const },
    },
  }));
const threshold: fc.Arbitrary<ThresholdInput> = fc
  .tuple(word, text, fc.constantFrom([1, 2], [0.9, 0.5], [70, 90]), fc.constantFrom('5m', '1m'))
  .map(([metric, action, [warning = 1, critical = 2], duration]) => ({
    value: `max(${metric}) or vector(0)`,
    warning,
    critical,
    action,
    for: duration,
  }));
const named = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.dictionary(word, item, { minKeys: 1, maxKeys: 2 });
/** What a service says beyond its objectives, given their names. */
export const organisation: fc.Arbitrary<(slos: readonly string[]) => Partial<ServiceInput>> = fc
  .record(
    {
      owner: text,
      criticality: fc.constantFrom<'critical' | 'low'>('critical', 'low'),
      severities: fc.constant({ page: 'critical', ticket: 'warning' }),
      receivers: named(few(channel)),
      policies: named(policy),
      thresholds: named(threshold),
      exclusions: named(exclusion),
      environments: fc.constant({
        live: { labels: { cluster: 'eu' } },
        staging: { labels: { cluster: 'test' }, production: false },
      }),
      indicators: named(
        fc.tuple(word, text).map(([metric, title]) => ({ title, query: `sum(rate(${metric}_total[5m]))` })),
      ),
      glossary: fc.dictionary(word, text, { maxKeys: 2 }),
    },
    { requiredKeys: [] },
  )
  .map(({ receivers, exclusions, ...rest }) => (slos) => {
    const [receiver = ''] = Object.keys(receivers ?? {});
    const [first = ''] = slos;
    return {
      ...rest,
      ...(receivers !== undefined && {
        notifications: {
          receivers,
          routes: [{ receiver, match: ['severity="page"'] }],
          default: receiver,
          smtp: { smarthost: 'mail.example.com:587', from: 'nines@example.com' },
        },
      }),
      ...(exclusions !== undefined && {
        exclusions: Object.fromEntries(
          Object.entries(exclusions).map(([name, each], index) => [
            name,
            index === 0 ? each : { ...each, slos: [first] },
          ]),
        ),
      }),
    };
  });
