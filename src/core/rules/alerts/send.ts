import { type Duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { type Expr, printExpr } from '../../promql/index.ts';
import type { Labels } from '../../series/index.ts';
import { queryEscape } from '../template/builtins.ts';
import type { Alert, Alerts } from './alert.ts';

/** How long Prometheus waits before it tells an alert again. */
export const defaultResendDelay: Duration = minute;

/** What is told about an alert. */
export interface AlertNotice {
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  readonly startsAt: Timestamp;
  /** When it ended, or until when it counts as firing if nothing more is heard of it. */
  readonly endsAt: Timestamp;
  readonly resolved: boolean;
}

export interface SendOptions {
  /** Of the rule's group. */
  readonly interval: Duration;
  readonly resendDelay: Duration;
}

/**
 * Which alerts of a rule are to be sent after a tick, and the alerts with that noted. An alert is sent when it fires, again after the
 * resend delay, and when it has ended. A firing alert is good for four times the longer of interval and delay, so that two failures in
 * a row do not end it. Source: prometheus, rules/alerting.go, needsSending and sendAlerts.
 */
export function alertsToSend(
  alerts: Alerts,
  time: Timestamp,
  { interval, resendDelay }: SendOptions,
): { readonly notices: readonly AlertNotice[]; readonly alerts: Alerts } {
  const notices: AlertNotice[] = [];
  const noted = new Map<string, Alert>();
  const validUntil = timestamp(time + 4 * Math.max(interval, resendDelay));
  for (const [key, alert] of alerts) {
    if (!needsSending(alert, time, resendDelay)) {
      noted.set(key, alert);
      continue;
    }
    noted.set(key, { ...alert, lastSentAt: time });
    const { labels, annotations, resolvedAt } = alert;
    const startsAt = alert.firedAt ?? alert.activeAt;
    notices.push({
      labels,
      annotations,
      startsAt,
      endsAt: resolvedAt ?? validUntil,
      resolved: resolvedAt !== undefined,
    });
  }
  return notices.length === 0 ? { notices, alerts } : { notices, alerts: noted };
}

function needsSending({ state, lastSentAt, resolvedAt }: Alert, time: Timestamp, resendDelay: Duration): boolean {
  if (state === 'pending') return false;
  if (lastSentAt === undefined) return true;
  if (resolvedAt !== undefined && lastSentAt < resolvedAt) return true;
  return lastSentAt + resendDelay < time;
}

/** Where a rule's expression can be looked at, as Alertmanager shows it. */
export function generatorUrl(externalUrl: string, expr: Expr): string {
  return `${externalUrl}/graph?g0.expr=${queryEscape(printExpr(expr))}&g0.tab=1`;
}
