import type { Duration } from '../../base/index.ts';

/** Where alerts go. */
export interface Notifications {
  readonly receivers: readonly Receiver[];
  /** Tried in order; the first that matches takes the alert, unless it says `continue`. */
  readonly routes: readonly Route[];
  /** The receiver of what no route takes. */
  readonly fallback?: string;
  readonly groupBy: readonly string[];
  readonly timing: RouteTiming;
  /** Other services whose pages silence this service's alerts: while the parent is down, its dependants are no news. */
  readonly dependsOn: readonly string[];
  readonly smtp?: SmtpServer;
}

export interface RouteTiming {
  readonly groupWait?: Duration;
  readonly groupInterval?: Duration;
  readonly repeatInterval?: Duration;
}

export interface Route {
  readonly receiver: string;
  /** Conditions on labels: `severity="page"`; all must hold. */
  readonly matchers: readonly LabelCondition[];
  readonly continues: boolean;
  readonly timing: RouteTiming;
}

export interface LabelCondition {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

/** Somebody's channels. */
export interface Receiver {
  readonly name: string;
  readonly channels: readonly Channel[];
}

/** One way to reach somebody. Secrets are files that the server reads, never values. */
export type Channel =
  | { readonly kind: 'pagerduty'; readonly routingKeyFile: string; readonly severity?: string }
  | { readonly kind: 'slack'; readonly channel: string; readonly apiUrlFile: string }
  | { readonly kind: 'email'; readonly to: string }
  | { readonly kind: 'webhook'; readonly url?: string; readonly urlFile?: string }
  | { readonly kind: 'opsgenie'; readonly apiKeyFile: string; readonly priority?: string }
  | { readonly kind: 'teams'; readonly webhookUrlFile: string };

/** The mail server for the receivers that send mail. */
export interface SmtpServer {
  /** Host and port. */
  readonly smarthost: string;
  readonly from: string;
  readonly username?: string;
  readonly passwordFile?: string;
}
