import { Labels, type MetricFamily, metricName, printExposition } from '../core/series/index.ts';

/** One metric of the server about itself. */
export interface OwnMetric extends MetricFamily {
  readonly help: string;
  readonly samples: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
}

/** The page of the server's own metrics, with those of its process in front. */
export function printOwnMetrics(metrics: readonly OwnMetric[]): string {
  const all = [...processMetrics(), ...metrics];
  const samples = all.flatMap(({ name, samples: own }) =>
    own.map(({ labels = {}, value }) => ({ labels: Labels.of({ ...labels, [metricName]: name }), value })),
  );
  return printExposition({ families: all, samples }, 'text');
}

/** Names and meaning as Prometheus's client libraries have them. */
function processMetrics(): readonly OwnMetric[] {
  const { user, system } = process.cpuUsage();
  return [
    {
      name: 'process_cpu_seconds_total',
      type: 'counter',
      help: 'Total user and system CPU time spent in seconds.',
      samples: [{ value: (user + system) / 1e6 }],
    },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory size in bytes.',
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      help: 'Start time of the process since unix epoch in seconds.',
      samples: [{ value: Math.round(performance.timeOrigin) / 1000 }],
    },
  ];
}
