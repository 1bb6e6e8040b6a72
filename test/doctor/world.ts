import { Labels, type Series } from '../../src/core/series/index.ts';

// Six hours of scrapes every half minute, each service with one thing wrong with its data.

const interval = 30;
export const end = Date.UTC(2026, 10, 20, 12);
export const start = end - 6 * 3600 * 1000;

/** A service of the world: its data, its definition, and what the doctor must find, besides the cost. */
export interface Patient {
  readonly name: string;
  readonly definition: string;
  readonly series: readonly Series[];
  readonly codes: readonly string[];
}

type Rate = (seconds: number) => number;

const always =
  (perSecond: number): Rate =>
  () =>
    perSecond;

/** A counter that grows at a rate, seconds since the start of the world; it starts anew at every multiple of `restart` seconds. */
function counter(
  labels: Readonly<Record<string, string>>,
  rate: Rate,
  more: { restart?: number; gap?: readonly [number, number] } = {},
): Series {
  const timestamps: number[] = [];
  const values: number[] = [];
  let value = 0;
  for (let second = 0; second <= (end - start) / 1000; second += interval) {
    value += rate(second) * interval;
    if (more.restart !== undefined && second % more.restart === 0) value = 0;
    const [from, to] = more.gap ?? [-1, -1];
    if (from <= second && second < to) continue;
    timestamps.push(start + second * 1000);
    values.push(value);
  }
  return { labels: Labels.of(labels), timestamps: Float64Array.from(timestamps), values: Float64Array.from(values) };
}

function up(job: string, instance = 'a:80'): Series {
  return { ...counter({ __name__: 'up', job, instance }, always(0)), values: new Float64Array(721).fill(1) };
}

interface Traffic {
  readonly good?: Rate;
  readonly bad?: Rate;
  readonly restart?: number;
  readonly gap?: readonly [number, number];
}

/** Two instances of a web service that counts its requests by code. */
function web(job: string, { good = always(20), bad = always(0.05), ...more }: Traffic): readonly Series[] {
  const series = (instance: string): readonly Series[] => [
    counter({ __name__: 'http_requests_total', job, instance, code: '200' }, good, more),
    counter({ __name__: 'http_requests_total', job, instance, code: '500' }, bad, more),
    up(job, instance),
  ];
  return [...series('a:80'), ...series('b:80')];
}

/** A histogram with buckets spelt as given, nine tenths of its observations at or below each. */
function histogram(job: string, bounds: readonly string[]): readonly Series[] {
  const base = { job, instance: 'a:80' };
  return [
    ...bounds.map((le) => counter({ __name__: 'seconds_bucket', ...base, le }, always(19.9))),
    counter({ __name__: 'seconds_bucket', ...base, le: '+Inf' }, always(20)),
    counter({ __name__: 'seconds_count', ...base }, always(20)),
    up(job),
  ];
}

/** A value at each scrape; NaN where there is none. */
function gauge(labels: Readonly<Record<string, string>>, at: (second: number) => number): Series {
  const seconds = Array.from({ length: (end - start) / 1000 / interval + 1 }, (_, i) => i * interval).filter(
    (second) => !Number.isNaN(at(second)),
  );
  return {
    labels: Labels.of(labels),
    timestamps: Float64Array.from(seconds, (second) => start + second * 1000),
    values: Float64Array.from(seconds, at),
  };
}

/** Jobs of a queue, workers by pool, and jobs that ended: what conditions speak of. */
function queue(job: string): readonly Series[] {
  const own = { job, instance: 'a:80' };
  return [
    gauge({ __name__: 'queue_depth', ...own }, (second) => (1800 <= second % 3600 && second % 3600 < 1860 ? 60 : 10)),
    gauge({ __name__: 'queue_limit', ...own, pool: 'large' }, always(100)),
    gauge({ __name__: 'waiting', ...own }, (second) => (second % 7200 < 3600 ? 5 : 0)),
    gauge({ __name__: 'running', ...own }, (second) => (second % 7200 < 3600 ? 20 : 0)),
    gauge({ __name__: 'temperature', ...own }, (second) => 20 + 5 * Math.sin(second / 40)),
    counter({ __name__: 'ticks_total', ...own }, always(0.1)),
    up(job),
  ];
}

/** An objective on a condition; JOB stands for the condition that only its own series meet. */
function conditional(name: string, condition: string, codes: readonly string[], alerts = ''): Patient {
  const text = `apiVersion: nines/v1\nservice: ${name}\nowner: team\nslos:\n  main:\n    target: 90% of 1m slices\n`;
  const written = condition.replaceAll('JOB', `job="${name}"`);
  return {
    name,
    codes,
    definition: `${text}    condition: ${written}\n${alerts.replaceAll('JOB', `job="${name}"`)}`,
    series: queue(name),
  };
}

/** A composite of an objective with traffic and another one, and the others' definitions. */
function composed(name: string, codes: readonly string[], combine: string, other: string): Patient {
  const slos = `  main:\n    target: 99%\n    composite: { combine: ${combine}, members: [web, other] }\n`;
  const requests = `  web:\n    target: 99%\n    alerts: none\n${bad(name)}`;
  return {
    name,
    codes,
    definition: `apiVersion: nines/v1\nservice: ${name}\nowner: team\nslos:\n${slos}${requests}  other:\n${other.replaceAll('JOB', `job="${name}"`)}`,
    series: [...web(name, {}), ...queue(name).filter(({ labels }) => labels.get('__name__') !== 'up')],
  };
}

function definition(name: string, indicator: string, more = ''): string {
  return `apiVersion: nines/v1\nservice: ${name}\nowner: team\n${more}slos:\n  main:\n    target: 99%\n${indicator}`;
}

const bad = (name: string): string =>
  `    bad: http_requests_total{job="${name}", code=~"5.."}\n    total: http_requests_total{job="${name}"}\n`;

function patient(name: string, codes: readonly string[], traffic: Traffic): Patient {
  return { name, codes, definition: definition(name, bad(name)), series: web(name, traffic) };
}

const calm = '    target: 90% of 1m slices\n    condition: queue_depth{JOB} < 50\n    alerts: none\n';

export const patients: readonly Patient[] = [
  patient('healthy', [], {}),
  {
    name: 'healthy-histogram',
    codes: [],
    definition: definition('healthy-histogram', '    histogram: seconds{job="healthy-histogram"}\n    below: 1\n'),
    series: histogram('healthy-histogram', ['0.5', '1.0', '5.0']),
  },
  patient('always', ['doctor/always-burns'], { bad: always(2) }),
  patient('never', ['doctor/never-burns'], { bad: always(0) }),
  patient('sleeper', ['doctor/idle'], {
    good: (second) => (second % 7200 < 3600 ? 40 : 0),
    bad: (second) => (second % 7200 < 3600 ? 0.1 : 0),
  }),
  patient('quiet', ['doctor/low-traffic'], { good: always(0.001), bad: always(0.000001) }),
  patient('restarting', ['doctor/reset-storm'], { restart: 600 }),
  patient('gappy', ['doctor/gaps'], { gap: [7200, 9600] }),
  {
    name: 'absent',
    codes: ['doctor/no-data'],
    definition: definition('absent', bad('absent').replaceAll('http_requests_total', 'http_request_total')),
    series: [up('absent')],
  },
  {
    name: 'jobless',
    codes: ['doctor/no-target'],
    definition: definition('jobless', bad('jobless'), 'job: elsewhere\n'),
    series: web('jobless', {}),
  },
  {
    name: 'mislabelled',
    codes: ['doctor/label-missing'],
    definition: definition('mislabelled', bad('mislabelled').replace('code=~', 'status=~')),
    series: web('mislabelled', {}),
  },
  {
    name: 'generous',
    codes: ['doctor/good-above-total'],
    definition: definition(
      'generous',
      '    good: http_good_total{job="generous"}\n    total: http_requests_total{job="generous"}\n',
    ),
    series: [
      ...web('generous', {}),
      counter({ __name__: 'http_good_total', job: 'generous', instance: 'a:80' }, always(90)),
    ],
  },
  {
    name: 'stranger',
    codes: ['doctor/errors-not-subset'],
    definition: definition(
      'stranger',
      '    bad: http_requests_total{job="stranger", code=~"5.."}\n    total: http_requests_total{job="stranger", code!~"5[0-9]0"}\n',
    ),
    series: web('stranger', {}),
  },
  {
    name: 'bucketless',
    codes: ['doctor/missing-bucket'],
    definition: definition('bucketless', '    histogram: seconds{job="bucketless"}\n    below: 2\n'),
    series: histogram('bucketless', ['0.5', '1.0', '5.0']),
  },
  {
    name: 'spelling',
    codes: ['doctor/missing-bucket'],
    definition: definition(
      'spelling',
      '    good: seconds_bucket{job="spelling", le="1"}\n    total: seconds_count{job="spelling"}\n',
    ),
    series: histogram('spelling', ['0.5', '1.0', '5.0']),
  },
  {
    name: 'twice',
    codes: ['doctor/duplicate-scrape'],
    definition: definition(
      'twice',
      '    bad: http_requests_total{job=~"twice.*", code=~"5.."}\n    total: http_requests_total{job=~"twice.*"}\n',
      'job: twice\n',
    ),
    series: [...web('twice', {}), ...web('twice-again', {})],
  },
  {
    name: 'swaying',
    codes: ['doctor/not-a-counter'],
    definition: definition(
      'swaying',
      '    bad: temperature{job="swaying", code="500"}\n    total: temperature{job="swaying"}\n',
    ),
    series: ['200', '500']
      .flatMap((code) => [
        gauge(
          { __name__: 'temperature', job: 'swaying', instance: 'a:80', code },
          (second) => 20 + 5 * Math.sin(second / 40),
        ),
        up('swaying'),
      ])
      .slice(0, 3),
  },
  conditional('calm', 'queue_depth{JOB} < 50', []),
  conditional('hopeless', 'queue_depth{JOB} < 5', ['doctor/always-burns']),
  conditional('unbreakable', 'queue_depth{JOB} < 1000', []),
  conditional('operandless', 'queue_depth{JOB} / queue_max{JOB} < 0.9', ['doctor/no-data']),
  conditional('unmatched', 'queue_depth{JOB} / queue_limit{JOB} < 0.9', ['doctor/no-value']),
  conditional('dividing', 'waiting{JOB} / running{JOB} < 0.9', ['doctor/divides-by-nothing']),
  conditional('filtered', '(queue_depth{JOB} > 1000) < 2000', ['doctor/no-value']),
  conditional('absentee', 'absent(queue_depth{JOB}) < 1', ['doctor/absent']),
  conditional('zoneless', 'queue_depth{JOB, zone="x"} < 50', ['doctor/label-missing']),
  conditional('ticking', '\n      increases: ticks_total{JOB}\n      within: 5m', []),
  conditional('thermometer', '\n      increases: temperature{JOB}\n      within: 5m', ['doctor/not-a-counter']),
  conditional('stuck', '\n      increases: queue_limit{JOB}\n      within: 5m', ['doctor/always-burns']),
  conditional('unborn', '\n      neverIncreases: lost_total{JOB}\n      within: 5m', []),
  conditional(
    'lossy',
    "\n      all:\n        - queue_depth{JOB} < 50\n        - { neverIncreases: 'ticks_total{JOB}', within: 5m }",
    ['doctor/always-burns'],
  ),
  conditional(
    'alarmed',
    'queue_depth{JOB} < 50',
    ['doctor/absent', 'doctor/no-data'],
    "    alerts:\n      - { name: NoWorkers, severity: ticket, absent: 'workers{JOB}' }\n      - { name: Hot, severity: ticket, when: 'heat{JOB} > 5' }\n",
  ),
  composed('joined', [], 'worst', calm),
  composed(
    'half-joined',
    ['doctor/member-data', 'doctor/no-data'],
    'weighted',
    calm.replace('queue_depth', 'queue_deepness'),
  ),
  composed('out-of-step', ['doctor/member-period'], 'series', `${calm}    period: 7d\n`),
];
