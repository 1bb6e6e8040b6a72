import { formatDuration } from '../../base/index.ts';
import { build, type Expr, printExpr } from '../../promql/index.ts';
import { type BurnRateTier, budgetShareAt, type Service, type Slo } from '../../slo/index.ts';
import { literal } from '../literal.ts';
import { anyone, groupIdentity, identityLabels, recorded, windowLabel } from '../names.ts';
import { periodWords } from '../period-levels.ts';
import { periodScope } from '../scope.ts';
import { remembered } from './remembered.ts';

const { compare, divide, multiply, on, selector } = build;

/** The words of an alert on a burn rate, with places for names. */
interface BurnWords {
  readonly summary: string;
  readonly description: readonly string[];
}

const words = remembered<BurnWords>();

/**
 * What a person reads who is woken by a burning budget: what burns, how fast, what is left, and for how long. It is worded once for all
 * objectives that differ in nothing but their names and titles; `likeness` is the same for those.
 */
export function burnAnnotations(
  service: Service,
  slo: Slo,
  tier: BurnRateTier,
  likeness: string,
): ReadonlyMap<string, string> {
  const text = `${tier.longWindow} ${tier.shortWindow} ${tier.burnRate} ${likeness}`;
  const { summary, description } = words(text, () => burnWords(slo, tier));
  let described = '';
  for (const part of description) {
    if (part === anyone.service) described += service.name;
    else if (part === anyone.slo) described += slo.name;
    else described += part;
  }
  return new Map([
    ['summary', `${literal(service.title)}, ${literal(slo.title)}${summary}`],
    ['description', described],
  ]);
}

function burnWords(promised: Slo, tier: BurnRateTier): BurnWords {
  const service = { name: anyone.service };
  const slo = { ...promised, name: anyone.slo };
  const own = { ...identityLabels(service, slo), ...groupConditions(slo) };
  const long = formatDuration(tier.longWindow);
  const short = formatDuration(tier.shortWindow);
  const conditions = { ...periodScope(service, slo).conditions, ...groupConditions(slo) };
  const isCalendar = slo.period.kind === 'calendar';
  const period = isCalendar ? `this ${periodWords(slo.period)}` : formatDuration(slo.period.length);
  const windowed = { ...own, [windowLabel]: long };
  const errors = shown(selector(recorded.errorRatio, windowed), 'humanizePercentage');
  const left = shown(
    selector(isCalendar ? recorded.periodProjectedBudget : recorded.periodBudgetRemaining, conditions),
    'humanizePercentage',
  );
  const seen = shown(selector(recorded.periodFill, conditions), 'humanizePercentage');
  const exhaustion = queryText(printExpr(timeToExhaustion(conditions, windowed, slo)));
  const lasts = `{{ with query ${exhaustion} }}which lasts {{ . | first | value | humanizeDuration }} at this rate{{ else }}so it is spent{{ end }}`;
  const allowed = percentage(slo.target.errorBudget);
  const spent = percentage(budgetShareAt(tier.burnRate, tier.longWindow, slo.period.length));
  const description =
    `In the last ${long} ${errors} of ${eventsText(slo)} were bad, and in the last ${short} it went on; the target of ${slo.target.text} ` +
    `allows ${allowed}. The error budget of ${period} has ${left} left (${seen} of the period has been seen), ` +
    `${lasts}. This alert fires when ${long} have spent ${spent} of the budget.`;
  return {
    summary: `${groupText(slo)}: the error budget burns at {{ $value | printf "%.1f" }} times the allowed rate`,
    description: description.split(places),
  };
}

/** Splits a text so that the places stand by themselves. */
const places = new RegExp(`(${anyone.service}|${anyone.slo})`);

/** What a person reads when there are no samples at all. */
export function missingAnnotations(service: Service, slo: Slo, targetsUp: boolean): ReadonlyMap<string, string> {
  const absent = formatDuration(slo.absentFor);
  const description = targetsUp
    ? `For ${absent} the targets of job ${literal(service.job)} have answered scrapes without the metrics of this objective: they ` +
      'were renamed or relabelled, or the service has not counted anything since it started.'
    : `For ${absent} no target of job ${literal(service.job)} has answered a scrape: the service is down, or Prometheus cannot ` +
      'reach or find it. Its error budget stands still while its users may not be served.';
  return new Map([
    ['summary', `${literal(service.title)}, ${literal(slo.title)}: no data, so nobody knows how it is doing`],
    ['description', description],
  ]);
}

/** What the target is a share of. */
function eventsText({ measure }: Slo): string {
  return measure.kind === 'events' ? 'events' : `slices of ${formatDuration(measure.length)}`;
}

/** How many seconds the rest of the budget lasts if it goes on burning as in the window: remaining share x period / burn rate. Nothing if it is spent. */
function timeToExhaustion(conditions: build.Conditions, windowed: Readonly<Record<string, string>>, slo: Slo): Expr {
  const remaining = slo.period.kind === 'calendar' ? recorded.periodProjectedBudget : recorded.periodBudgetRemaining;
  const left = multiply(selector(remaining, conditions), slo.period.length / 1000);
  return compare('>', divide(left, selector(recorded.burnRate, windowed), on(...groupIdentity(slo))), 0);
}

/** A template that asks for a figure at the moment of the alert. */
function shown(expr: Expr, format: string): string {
  return `{{ with query ${queryText(printExpr(expr))} }}{{ . | first | value | ${format} }}{{ else }}an unknown share{{ end }}`;
}

const groupMark = 'nines-group:';

/** Conditions that only the alert knows the values of: its own labels. */
function groupConditions({ groupBy }: Slo): Readonly<Record<string, string>> {
  return Object.fromEntries(groupBy.map((label) => [label, groupMark + label]));
}

/** A query as a template's string, into which the labels of the alert's group are put when it fires. */
function queryText(query: string): string {
  const labels: string[] = [];
  const format = query.replaceAll('%', '%%').replaceAll(/"nines-group:([^"]+)"/g, (_, label: string) => {
    labels.push(`$labels.${label}`);
    return '%q';
  });
  return labels.length === 0 ? goString(query) : `(printf ${goString(format)} ${labels.join(' ')})`;
}

/** Which group an alert is about. */
export function groupText({ groupBy }: Slo): string {
  return groupBy.length === 0 ? '' : ` (${groupBy.map((label) => `${label} {{ $labels.${label} }}`).join(', ')})`;
}

/** A Go string literal: raw if it can be, so that PromQL's quotes need no escapes. */
function goString(text: string): string {
  return text.includes('`') ? JSON.stringify(text) : `\`${text}\``;
}

/** A share as people read it, without the noise of binary fractions: `0.5%`. */
function percentage(share: number): string {
  return `${Number((share * 100).toPrecision(6))}%`;
}
