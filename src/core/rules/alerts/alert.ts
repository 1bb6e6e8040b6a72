import { type Duration, duration, minute, type Timestamp } from '../../base/index.ts';
import type { Labels } from '../../series/index.ts';

/** One alert of a rule. It is identified by its labels. */
export interface Alert {
  /** Those of the result without the metric name, then the rule's own, then `alertname`. */
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  /** The value of the expression when it last held. */
  readonly value: number;
  /** `inactive` alerts have fired and are kept for a while, so that their end can be sent more than once. */
  readonly state: 'pending' | 'firing' | 'inactive';
  /** When the condition began to hold. */
  readonly activeAt: Timestamp;
  readonly firedAt?: Timestamp;
  readonly resolvedAt?: Timestamp;
  /** Since when the condition no longer holds although the alert goes on firing. */
  readonly keepFiringSince?: Timestamp;
  readonly lastSentAt?: Timestamp;
}

/** The alerts of one rule by the key of their labels. */
export type Alerts = ReadonlyMap<string, Alert>;

/** An element of the expression's result, made into the labels of an alert. */
export interface FoundAlert {
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  readonly value: number;
}

/** What of a rule governs the life of its alerts. */
export interface AlertTiming {
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
  /** Most pending and firing alerts; 0: no limit. */
  readonly limit: number;
}

/** The alerts after a tick, or why the rule has failed; after some failures the alerts are gone. */
export type NextAlerts =
  | { readonly ok: true; readonly alerts: Alerts }
  | { readonly ok: false; readonly alerts: Alerts; readonly message: string };

/** How long the end of an alert is told again and again. */
const resolvedRetention: Duration = duration(15 * minute);

export const noAlerts: Alerts = new Map();

/** What Prometheus says of a rule two of whose alerts have the same labels. */
const duplicateAlerts = 'vector contains metrics with the same labelset after applying alert labels';

/**
 * One tick in the life of a rule's alerts: what its expression gives now, and what they were before. The caller brings the time.
 * Source: prometheus, rules/alerting.go, Eval (3.14).
 */
export function nextAlerts(
  previous: Alerts,
  found: readonly FoundAlert[],
  time: Timestamp,
  timing: AlertTiming,
): NextAlerts {
  const foundByKey = new Map<string, FoundAlert>();
  for (const one of found) {
    if (foundByKey.has(one.labels.key)) return { ok: false, alerts: previous, message: duplicateAlerts };
    foundByKey.set(one.labels.key, one);
  }
  const alerts = new Map<string, Alert>();
  let active = 0;
  for (const [key, alert] of previous) {
    const still = foundByKey.get(key);
    const next = still === undefined ? unfound(alert, time, timing) : refound(alert, still, time, timing);
    if (next === undefined) continue;
    alerts.set(key, next);
    if (next.state !== 'inactive') active += 1;
  }
  for (const [key, one] of foundByKey) {
    if (previous.has(key)) continue;
    alerts.set(key, settle(newAlert(one, time), time, timing));
    active += 1;
  }
  if (0 < timing.limit && timing.limit < active) {
    return { ok: false, alerts: noAlerts, message: `exceeded limit of ${timing.limit} with ${active} alerts` };
  }
  return { ok: true, alerts };
}

/** The state of a rule is that of its worst alert. */
export function worstState(alerts: Alerts): 'inactive' | 'pending' | 'firing' {
  let worst: 'inactive' | 'pending' = 'inactive';
  for (const { state } of alerts.values()) {
    if (state === 'firing') return 'firing';
    if (state === 'pending') worst = 'pending';
  }
  return worst;
}

function newAlert({ labels, annotations, value }: FoundAlert, time: Timestamp): Alert {
  return { labels, annotations, value, state: 'pending', activeAt: time };
}

function refound(alert: Alert, found: FoundAlert, time: Timestamp, timing: AlertTiming): Alert {
  // Whoever comes back after the end begins a new life.
  if (alert.state === 'inactive') return settle(newAlert(found, time), time, timing);
  const { keepFiringSince: _, ...rest } = alert;
  return settle({ ...rest, annotations: found.annotations, value: found.value }, time, timing);
}

/** The condition no longer holds: a pending alert is forgotten, a firing one ends, now or after `keep_firing_for`. */
function unfound(alert: Alert, time: Timestamp, timing: AlertTiming): Alert | undefined {
  switch (alert.state) {
    case 'pending':
      return undefined;
    case 'inactive':
      return resolvedRetention < time - (alert.resolvedAt ?? time) ? undefined : alert;
    case 'firing': {
      const keepFiringSince = alert.keepFiringSince ?? time;
      const keeps = 0 < timing.keepFiringFor && time - keepFiringSince < timing.keepFiringFor;
      if (keeps) return settle({ ...alert, keepFiringSince }, time, timing);
      const since = 0 < timing.keepFiringFor ? { keepFiringSince } : {};
      return { ...alert, ...since, state: 'inactive', resolvedAt: time };
    }
  }
}

/** Lets an active alert fire once it has held long enough; if `for` was lengthened meanwhile, it may have to wait again. */
function settle(alert: Alert, time: Timestamp, { holdFor }: AlertTiming): Alert {
  const held = holdFor <= time - alert.activeAt;
  if (alert.state === 'pending' && held) return { ...alert, state: 'firing', firedAt: time };
  if (alert.state !== 'firing' || held) return alert;
  const { labels, annotations, value, activeAt } = alert;
  return { labels, annotations, value, state: 'pending', activeAt };
}
