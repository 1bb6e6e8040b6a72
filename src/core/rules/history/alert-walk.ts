import { type Timestamp, timestamp } from '../../base/index.ts';
import type { Labels, Selection, Series, SeriesSource } from '../../series/index.ts';
import { type Alert, type Alerts, nextAlerts, noAlerts } from '../alerts/alert.ts';
import { alertsForStateLabels, alertsLabels } from '../alerts/alert-samples.ts';
import type { FoundSample } from '../evaluate/expand.ts';
import type { Recorder } from '../evaluate/recorder.ts';
import type { ScheduledRule } from './schedule.ts';

/** One life of an alert. */
export interface AlertEpisode {
  readonly labels: Labels;
  readonly activeAt: Timestamp;
  /** Absent if it never fired. */
  readonly firedAt?: Timestamp;
  /** When its condition no longer held, of those whose firing was prolonged by `keep_firing_for`. */
  readonly keepFiringSince?: Timestamp;
  /** When it was resolved, or dropped without having fired; absent if it was still active at the end of the stretch. */
  readonly endedAt?: Timestamp;
}

/** An element of the result with the labels of its alert. */
export interface LabelledSample {
  readonly labels: Labels;
  readonly sample: FoundSample;
}

/** An alert at a tick, with what its annotations are to be expanded from: the result when its condition last held. */
export interface WalkedAlert {
  readonly alert: Alert;
  readonly sample: FoundSample;
  readonly foundAt: Timestamp;
}

/**
 * Walks the alerts of one rule over ticks. It is the life cycle of `nextAlerts` with what a stretch of history needs kept beside it: the
 * series that are written, the episodes, and the results that alerts came from.
 */
export class AlertWalk implements SeriesSource {
  readonly #scheduled: ScheduledRule;
  readonly #recorder: Recorder | undefined;
  readonly #noAnnotations = new Map<string, string>();
  /** The last result of each alert, by the key of its labels. */
  readonly #origins = new Map<string, { readonly sample: FoundSample; readonly time: Timestamp }>();
  readonly #ended: AlertEpisode[] = [];
  readonly #seriesLabels = new Map<string, Labels>();
  #alerts: Alerts = noAlerts;
  #written: ReadonlyMap<string, Labels> = new Map();

  /** `recorder`: where `ALERTS` and `ALERTS_FOR_STATE` are written, if they are wanted. */
  constructor(scheduled: ScheduledRule, recorder?: Recorder) {
    this.#scheduled = scheduled;
    this.#recorder = recorder;
  }

  /** One tick; gives why the rule has failed at it, or undefined. */
  tick(found: readonly LabelledSample[], time: Timestamp): string | undefined {
    if (found.length === 0 && this.#alerts.size === 0 && this.#written.size === 0) return undefined;
    const { rule, group } = this.#scheduled;
    if (rule.kind !== 'alerting') return undefined;
    const { holdFor, keepFiringFor } = rule.rule;
    const before = this.#alerts;
    const next = nextAlerts(
      before,
      found.map(({ labels, sample }) => ({ labels, annotations: this.#noAnnotations, value: plainValue(sample) })),
      time,
      { holdFor, keepFiringFor, limit: group.limit },
    );
    this.#alerts = next.alerts;
    this.#closeEpisodes(before, time);
    if (!next.ok) return next.message;
    for (const { labels, sample } of found) this.#origins.set(labels.key, { sample, time });
    this.#write(time);
    return undefined;
  }

  /** The pending and firing alerts after the last tick. */
  active(): readonly WalkedAlert[] {
    return [...this.#alerts].flatMap(([key, alert]) => {
      const origin = this.#origins.get(key);
      if (alert.state === 'inactive' || origin === undefined) return [];
      return [{ alert, sample: origin.sample, foundAt: origin.time }];
    });
  }

  /** All lives so far in the order in which they began. */
  episodes(): readonly AlertEpisode[] {
    const active = [...this.#alerts.values()]
      .filter(({ state }) => state !== 'inactive')
      .map((alert) => episode(alert));
    return [...this.#ended, ...active].sort((a, b) => a.activeAt - b.activeAt);
  }

  /** What has been written about the alerts. */
  series(): readonly Series[] {
    return this.#recorder?.series() ?? [];
  }

  select(selections: readonly Selection[]): Promise<readonly (readonly Series[])[]> {
    return this.#recorder?.select(selections) ?? Promise.resolve(selections.map(() => []));
  }

  /** Whoever was active and is inactive, gone, or of a new life now has ended. */
  #closeEpisodes(before: Alerts, time: Timestamp): void {
    for (const [key, alert] of before) {
      if (alert.state === 'inactive') continue;
      const now = this.#alerts.get(key);
      if (now !== undefined && now.state !== 'inactive') continue;
      this.#ended.push({ ...episode(now ?? alert), endedAt: time });
      if (now === undefined) this.#origins.delete(key);
    }
  }

  #write(time: Timestamp): void {
    const recorder = this.#recorder;
    if (recorder === undefined) return;
    const at = timestamp(time - this.#scheduled.group.queryOffset);
    const written = new Map<string, Labels>();
    const put = (labels: Labels, value: number): void => {
      recorder.append({ labels, time: at, value });
      written.set(labels.key, labels);
    };
    for (const alert of this.#alerts.values()) {
      if (alert.state === 'inactive') continue;
      put(this.#labelsOf(alert, alert.state), 1);
      put(this.#labelsOf(alert, 'since'), Math.floor(alert.activeAt / 1000));
    }
    for (const [key, labels] of this.#written) {
      if (!written.has(key)) recorder.append({ labels, time: at, value: Number.NaN, stale: true });
    }
    this.#written = written;
  }

  /** Making labels costs more than everything else here, and most ticks need the same ones again. */
  #labelsOf({ labels }: Alert, which: 'pending' | 'firing' | 'since'): Labels {
    const key = `${which} ${labels.key}`;
    const known = this.#seriesLabels.get(key);
    if (known !== undefined) return known;
    const { rule } = this.#scheduled;
    const own = rule.kind === 'alerting' ? rule.labels : labels;
    const made =
      which === 'since' ? alertsForStateLabels(rule.name, own, labels) : alertsLabels(rule.name, own, labels, which);
    this.#seriesLabels.set(key, made);
    return made;
  }
}

/** Prometheus notes zero as the value of an alert whose expression gives a histogram. */
function plainValue({ value, histogram }: FoundSample): number {
  return histogram === undefined ? value : 0;
}

function episode({ labels, activeAt, firedAt, keepFiringSince }: Alert): AlertEpisode {
  return {
    labels,
    activeAt,
    ...(firedAt === undefined ? {} : { firedAt }),
    ...(keepFiringSince === undefined ? {} : { keepFiringSince }),
  };
}
