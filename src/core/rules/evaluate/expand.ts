import type { Timestamp } from '../../base/index.ts';
import { type Histogram, Labels, metricName } from '../../series/index.ts';
import type { FoundAlert } from '../alerts/alert.ts';
import { alertName } from '../alerts/alert-samples.ts';
import { type AlertTemplate, expandAlertTemplate } from '../template/alert-template.ts';
import type { TemplateAnswer, TemplateContext } from '../template/function.ts';
import type { TemplateData } from '../template/value.ts';
import type { PreparedAlertingRule } from './prepare.ts';

/** An element of the result of a rule's expression. */
export interface FoundSample {
  readonly labels: Labels;
  /** NaN if it is a histogram. */
  readonly value: number;
  readonly histogram?: Histogram;
}

/** What the templates of all alerts see. */
export interface ExternalData {
  readonly externalLabels: Labels;
  /** For `$externalURL`; empty if there is none. */
  readonly externalUrl: string;
  /** For the functions `externalURL` and `pathPrefix`; absent where there is no server, as in promtool's tests. */
  readonly serverUrl?: string;
}

export const noExternalData: ExternalData = { externalLabels: Labels.empty, externalUrl: '' };

/** Answers to templates' queries at one tick, by the query's text. */
export type Answers = ReadonlyMap<string, TemplateAnswer>;

/** What expanding gives: the value, or a query whose answer is still to be asked. */
export type Expanded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly query: string };

/** Makes an element of the result into an alert: its labels and annotations expanded. */
export function expandAlert(
  rule: PreparedAlertingRule,
  sample: FoundSample,
  time: Timestamp,
  external: ExternalData,
  answers: Answers,
): Expanded<FoundAlert> {
  const labels = expandLabels(rule, sample, time, external, answers);
  if (!labels.ok) return labels;
  const annotations = expandAnnotations(rule, sample, time, external, answers);
  if (!annotations.ok) return annotations;
  const { value, histogram } = sample;
  return {
    ok: true,
    // Prometheus notes zero for a histogram.
    value: { labels: labels.value, annotations: annotations.value, value: histogram === undefined ? value : 0 },
  };
}

/** The labels of the alert: the result's own without the name, the rule's, `alertname`. Templates see the result's labels as they were. */
export function expandLabels(
  rule: PreparedAlertingRule,
  sample: FoundSample,
  time: Timestamp,
  external: ExternalData,
  answers: Answers,
): Expanded<Labels> {
  const pairs = expandAll(rule.labelTemplates, sample, time, external, answers);
  if (!pairs.ok) return pairs;
  return { ok: true, value: sample.labels.merge([[metricName, ''], ...pairs.value, [alertName, rule.name]]) };
}

export function expandAnnotations(
  rule: PreparedAlertingRule,
  sample: FoundSample,
  time: Timestamp,
  external: ExternalData,
  answers: Answers,
): Expanded<ReadonlyMap<string, string>> {
  const pairs = expandAll(rule.annotationTemplates, sample, time, external, answers);
  return pairs.ok ? { ok: true, value: new Map(pairs.value) } : pairs;
}

function expandAll(
  templates: readonly (readonly [name: string, template: AlertTemplate])[],
  { labels, value, histogram }: FoundSample,
  time: Timestamp,
  { externalLabels, externalUrl, serverUrl }: ExternalData,
  answers: Answers,
): Expanded<readonly (readonly [name: string, text: string])[]> {
  const data: TemplateData = { labels, externalLabels, externalUrl, value: histogram ?? value };
  const context: TemplateContext = {
    now: time,
    answer: (expr) => answers.get(expr),
    ...(serverUrl === undefined ? {} : { serverUrl }),
  };
  const pairs: (readonly [name: string, text: string])[] = [];
  for (const [name, template] of templates) {
    const expansion = expandAlertTemplate(template, data, context);
    if (expansion.kind === 'query') return { ok: false, query: expansion.expr };
    pairs.push([name, expansion.text]);
  }
  return { ok: true, value: pairs };
}
