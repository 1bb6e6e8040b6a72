import type { Timestamp } from '../../core/base/index.ts';
import { metricName, type QueryBackend } from '../../core/series/index.ts';
import type { Backend } from '../backend.ts';
import type { ActiveAlert, AlertSource } from './figures.ts';

/** The active alerts of a backend: from our own rule loop, from the server's list, or where it evaluates no rules from the series they leave. */
export function activeAlerts(backend: Backend): AlertSource {
  switch (backend.kind) {
    case 'embedded':
      return async () => backend.server.rules.groups().flatMap(({ rules }) => rules.flatMap(({ alerts }) => alerts));
    case 'prometheus':
      return async (time, signal) =>
        (await backend.client.alerts(signal)) ?? (await alertsFromSeries(backend.client, time, signal));
  }
}

/** Thanos and VictoriaMetrics leave rules to another program, which writes `ALERTS` and `ALERTS_FOR_STATE`. Annotations are not in series. */
async function alertsFromSeries(
  backend: QueryBackend,
  time: Timestamp,
  signal: AbortSignal,
): Promise<readonly ActiveAlert[]> {
  const since = new Map(
    (await backend.query('ALERTS_FOR_STATE', time, signal)).map(({ labels, value }) => [
      labels.without(metricName).key,
      value,
    ]),
  );
  return (await backend.query('ALERTS', time, signal)).flatMap(({ labels }): ActiveAlert[] => {
    const state = labels.get('alertstate');
    if (state !== 'pending' && state !== 'firing') return [];
    const own = labels.without(metricName, 'alertstate');
    const seconds = since.get(own.key);
    return [
      { labels: own, annotations: new Map(), state, activeAt: seconds === undefined ? undefined : seconds * 1000 },
    ];
  });
}
