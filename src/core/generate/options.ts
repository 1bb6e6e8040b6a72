import { type Duration, duration, minute, second } from '../base/index.ts';
import type { KeepNames } from './keep-names/options.ts';
import type { ServerVersion } from './server-version.ts';

/** What the generated files must know of the programs that load them. */
export interface GenerateOptions {
  /** How often the rules are evaluated. Every range derives from it, so it is printed into the groups. */
  readonly interval: Duration;
  /** The oldest Prometheus that loads the rules; nothing newer is used. */
  readonly prometheusVersion: ServerVersion;
  /** The oldest Alertmanager that loads the configuration. */
  readonly alertmanagerVersion: ServerVersion;
  /** The oldest vmalert that loads the rules written for it. */
  readonly vmalertVersion: ServerVersion;
  /** For objects of Kubernetes. */
  readonly kubernetes: KubernetesOptions;
  /** What Thanos's ruler does when a part of its data does not answer. */
  readonly thanosPartialResponse: 'abort' | 'warn';
  /** Address of a board, with the places `{service}` and `{slo}`, that alerts of objectives without a board of their own link to. */
  readonly dashboardUrl?: string;
  /** Address of a server of Nines, to whose pages alerts link. */
  readonly pageUrl?: string;
  /** The environment that everything is made for: the labels of its series, and whether it pages. Without it, for all of them alike. */
  readonly environment?: string;
  /** Another tool whose names the rules are to have; our own by default. */
  readonly keepNames?: KeepNames;
}

/** What objects of Kubernetes have beside their contents. */
export interface KubernetesOptions {
  /** The namespace written into each object; without it, it is the one that they are applied to. */
  readonly namespace?: string;
  /** Labels of the PrometheusRule objects, by which a Prometheus of the operator selects them. */
  readonly ruleLabels: ReadonlyMap<string, string>;
}

/** The oldest versions that are supported: those of Debian 12, which most long-term installations have reached. */
export const oldestPrometheus: ServerVersion = { major: 2, minor: 42 };
export const oldestAlertmanager: ServerVersion = { major: 0, minor: 25 };
export const oldestVmalert: ServerVersion = { major: 1, minor: 79 };

/** Prometheus users mostly evaluate and scrape every half minute. What is written by default loads in every supported version. */
export const defaultGenerateOptions: GenerateOptions = {
  interval: duration(30 * second),
  prometheusVersion: oldestPrometheus,
  alertmanagerVersion: oldestAlertmanager,
  vmalertVersion: oldestVmalert,
  kubernetes: { ruleLabels: new Map() },
  thanosPartialResponse: 'abort',
};

/** The shortest and the longest interval that the windows of alerts make sense with. */
export const shortestInterval: Duration = second;
export const longestInterval: Duration = duration(5 * minute);

/**
 * How long the past of a counter is remembered: a gap in scrapes or in the evaluation of rules up to this long loses no events. Half an
 * hour is enough for an upgrade of Prometheus; the rest allows for the guard below.
 */
export const memory: Duration = duration(35 * minute);

/**
 * An SLO must have been known for so long (and for four evaluations) before the first value of a new series counts: when Prometheus starts,
 * all series look new, until each target has been scraped.
 */
export const settlingTime: Duration = duration(2 * minute);
