import { formatDuration } from '../base/index.ts';
import { build, type Expr, printExpr } from '../promql/index.ts';
import { type BurnRateTier, budgetShareAt, type Service, type Slo } from '../slo/index.ts';
import { literal } from './literal.ts';
import { groupIdentity, identityLabels, recorded, windowLabel } from './names.ts';
import { periodWords } from './period-levels.ts';
import { periodScope } from './scope.ts';

const { call, divide, multiply, on, selector } = build;

/** The annotations of the alert of a tier, of an objective for which it is worded already but for its name and title. */
export type BurnTexts = (slo: Pick<Slo, 'name' | 'title'>) => ReadonlyMap<string, string>;

/** Gives the annotations of alerts on burn rates. */
export type BurnTextsOf = (slo: Slo, tier: BurnRateTier) => BurnTexts;

/** The annotations of a service's alerts, worded once for all objectives that differ in nothing but what they are called. */
export function burnTextsOnce(service: Service): BurnTextsOf {
  const made = new Map<string, BurnTexts>();
  // The tiers of one objective are asked for one after the other.
  let last: { readonly slo: Slo; readonly text: string } | undefined;
  return (slo, tier) => {
    if (last?.slo !== slo) {
      const { period, furtherPeriods, groupBy, measure, target } = slo;
      last = { slo, text: JSON.stringify([period, furtherPeriods, groupBy, measure, target]) };
    }
    const key = `${tier.longWindow} ${tier.shortWindow} ${tier.burnRate} ${last.text}`;
    const texts = made.get(key) ?? burnTexts(service, slo, tier);
    made.set(key, texts);
    return texts;
  };
}

/** What a person reads who is woken by a burning budget: what burns, how fast, what is left, and for how long. */
function burnTexts(service: Service, promised: Slo, tier: BurnRateTier): BurnTexts {
  const slo = { ...promised, name: nameMark };
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
  const exhaustion = shown(timeToExhaustion(conditions, windowed, slo), 'humanizeDuration');
  const allowed = percentage(slo.target.errorBudget);
  const spent = percentage(budgetShareAt(tier.burnRate, tier.longWindow, slo.period.length));
  const description = (
    `In the last ${long} ${errors} of ${eventsText(slo)} were bad, and in the last ${short} it went on; the target of ${slo.target.text} ` +
    `allows ${allowed}. The error budget of ${period} has ${left} left (${seen} of the period has been seen); at this rate it ` +
    `is spent in ${exhaustion}. This alert fires when ${long} have spent ${spent} of the budget.`
  ).split(nameMark);
  const whose = `${literal(service.title)}, `;
  const burns = `${groupText(slo)}: the error budget burns {{ $value | printf "%.1f" }} times too fast`;
  return ({ name, title }) =>
    new Map([
      ['summary', `${whose}${literal(title)}${burns}`],
      ['description', description.join(name)],
    ]);
}

/** What a person reads when there are no samples at all. */
export function missingAnnotations(service: Service, slo: Slo, targetsUp: boolean): ReadonlyMap<string, string> {
  const absent = formatDuration(slo.absentFor);
  return new Map(
    Object.entries({
      summary: `${literal(service.title)}, ${literal(slo.title)}: no data, so nobody knows how it is doing`,
      description: targetsUp
        ? `For ${absent} the targets of job ${literal(service.job)} have answered scrapes without the metrics of this objective: they ` +
          'were renamed or relabelled, or the service has not counted anything since it started.'
        : `For ${absent} no target of job ${literal(service.job)} has answered a scrape: the service is down, or Prometheus cannot ` +
          'reach or find it. Its error budget stands still while its users may not be served.',
    }),
  );
}

/** What the target is a share of. */
function eventsText({ measure }: Slo): string {
  return measure.kind === 'events' ? 'events' : `slices of ${formatDuration(measure.length)}`;
}

/** How long the rest of the budget lasts if it goes on burning as in the window: remaining share x period / burn rate. */
function timeToExhaustion(conditions: build.Conditions, windowed: Readonly<Record<string, string>>, slo: Slo): Expr {
  const remaining = slo.period.kind === 'calendar' ? recorded.periodProjectedBudget : recorded.periodBudgetRemaining;
  const left = call('clamp_min', selector(remaining, conditions), 0);
  const seconds = multiply(left, slo.period.length / 1000);
  return divide(seconds, selector(recorded.burnRate, windowed), on(...groupIdentity(slo)));
}

/** A template that asks for a figure at the moment of the alert. */
function shown(expr: Expr, format: string): string {
  return `{{ with query ${queryText(printExpr(expr))} }}{{ . | first | value | ${format} }}{{ else }}an unknown share{{ end }}`;
}

/** Stands where the name of an objective is to be put into a text; no name has a colon. */
const nameMark = 'nines-slo:';

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
