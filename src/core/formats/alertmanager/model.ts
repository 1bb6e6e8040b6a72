import type { Duration, Span } from '../../base/index.ts';
import type { YamlNode } from '../../yaml/index.ts';

/** What of a configuration of Alertmanager decides who is told of an alert. Places are those of the YAML text that was read. */
export interface AlertmanagerConfiguration {
  /** The top of the tree; undefined if the text has none, which Alertmanager refuses. */
  readonly route: AlertmanagerRoute | undefined;
  /** Where `route` stands as a key. */
  readonly routeSpan: Span;
  /** Undefined if the text has no list of them, as an excerpt that shows routes only. */
  readonly receivers: readonly Named[] | undefined;
  readonly inhibitRules: readonly InhibitRule[];
  /** Names of `time_intervals` and of the older `mute_time_intervals`. */
  readonly timeIntervals: readonly Named[];
  readonly root: YamlNode;
}

/** A name that other parts of the configuration refer to. */
export interface Named {
  readonly name: string;
  readonly span: Span;
}

/** A node of the routing tree with what it has from its parents put in. */
export interface AlertmanagerRoute {
  /** Its own receiver or that of the nearest parent; empty if there is none. */
  readonly receiver: string;
  /** Where the receiver is named, if this very node names one. */
  readonly receiverSpan?: Span;
  readonly matchers: readonly LabelMatcher[];
  /** Whether alerts that match go on to the siblings below. */
  readonly continues: boolean;
  readonly groupBy: readonly string[];
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
  readonly repeatInterval: Duration;
  /** Names of the intervals that this node mutes or is active in. */
  readonly intervals: readonly Named[];
  readonly routes: readonly AlertmanagerRoute[];
  readonly node: YamlNode;
}

/** A condition on one label of an alert. A label that the alert does not have counts as the empty string. */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** The key of the configuration that it stands under. */
  readonly key: 'match' | 'match_re' | 'matchers';
  readonly span: Span;
}

/** While an alert that matches the source fires, those that match the target and agree in `equal` stay silent. */
export interface InhibitRule {
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
  readonly span: Span;
}
