/** What the rules of one objective look like: ours, and those that Sloth and Pyrra generate for the same one, with all that belongs to them. */
import { day, duration, second } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { parseExpr, printExpr } from '../../src/core/promql/index.ts';
import type { Rule, RuleFile, RuleGroup } from '../../src/core/rules/index.ts';
import { objective, rulesOf, shop } from '../../test/exactness/rules.ts';

export interface Shape {
  readonly name: string;
  readonly rules: RuleFile;
  /** Gives the error ratio of the period. */
  readonly shown: string;
}

/** How often rules are evaluated and targets scraped. */
export const interval = duration(30 * second);
export const period = duration(30 * day);

const bad = 'requests_total{code=~"5.."}';
const total = 'requests_total';

/** The shapes for an availability of 99.9 % over thirty days; `slo` keeps the records of several objectives apart. */
export function shapesOf(slo: string): readonly Shape[] {
  return [nines(slo), sloth(slo), pyrra(slo, 'default'), pyrra(slo, 'performance over accuracy')];
}

/** The rules that other rules of the file read, or the given expression: what has to be there before they can be judged. */
export function neededRules({ name, rules, shown }: Shape): RuleFile {
  if (name === 'Nines') return rules;
  const texts = [shown, ...rules.groups.flatMap((group) => group.rules.map((rule) => printExpr(rule.expr)))];
  const isRead = (rule: Rule): boolean => rule.kind === 'recording' && texts.some((text) => text.includes(rule.record));
  return { groups: rules.groups.map((group) => ({ ...group, rules: group.rules.filter(isRead) })) };
}

/** Our rules for the objectives of one service. */
export function ninesRules(slos: readonly string[], service = 'shop'): RuleFile {
  const defined = shop(...slos.map((name) => ({ ...objective('bad', period), name })));
  return rulesOf({ ...defined, name: service }, interval);
}

function nines(slo: string): Shape {
  return { name: 'Nines', rules: ninesRules([slo]), shown: `${recorded.periodErrorRatio}{slo="${slo}"}` };
}

/** The seventeen rules of Sloth's default plugins. Source: slok/sloth, examples/_gen/getting-started.yml. */
function sloth(slo: string): Shape {
  const own = { sloth_id: slo, sloth_service: 'shop', sloth_slo: slo };
  const of = (record: string): string =>
    `${record}{${Object.entries(own)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')}}`;
  const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
  const rate5m = of('slo:sli_error:ratio_rate5m');
  const shown = `sum_over_time(${rate5m}[30d]) / ignoring (sloth_window) count_over_time(${rate5m}[30d])`;
  const joined = (record: string): string =>
    `${of(record)} / on(sloth_id, sloth_slo, sloth_service) group_left ${of('slo:error_budget:ratio')}`;
  const burning = (burnRate: number, ...[long, short]: readonly string[]): string =>
    [long, short]
      .map(
        (window) => `(max(${of(`slo:sli_error:ratio_rate${window}`)} > (${burnRate} * 0.001)) without (sloth_window))`,
      )
      .join(' and ');
  const rules = file(
    {
      name: `sloth-slo-sli-recordings-${slo}`,
      every: 30,
      rules: [
        ...windows.map((window) =>
          rule(`slo:sli_error:ratio_rate${window}`, ratio(window), { ...own, sloth_window: window }),
        ),
        rule('slo:sli_error:ratio_rate30d', shown, { ...own, sloth_window: '30d' }),
      ],
    },
    {
      name: `sloth-slo-meta-recordings-${slo}`,
      every: 30,
      rules: [
        rule('slo:objective:ratio', 'vector(0.999)', own),
        rule('slo:error_budget:ratio', 'vector(1-0.999)', own),
        rule('slo:time_period:days', 'vector(30)', own),
        rule('slo:current_burn_rate:ratio', joined('slo:sli_error:ratio_rate5m'), own),
        rule('slo:period_burn_rate:ratio', joined('slo:sli_error:ratio_rate30d'), own),
        rule('slo:period_error_budget_remaining:ratio', `1 - ${of('slo:period_burn_rate:ratio')}`, own),
        rule('sloth_slo_info', 'vector(1)', own),
      ],
    },
    {
      name: `sloth-slo-alerts-${slo}`,
      every: 30,
      rules: [
        alert('HighErrorRate', `${burning(14.4, '5m', '1h')} or ${burning(6, '30m', '6h')}`),
        alert('HighErrorRate', `${burning(3, '2h', '1d')} or ${burning(1, '6h', '3d')}`),
      ],
    },
  );
  return { name: 'Sloth', rules, shown };
}

/** Pyrra's twelve rules, or thirteen. Source: pyrra-dev/pyrra, slo/rules.go. */
function pyrra(slo: string, mode: 'default' | 'performance over accuracy'): Shape {
  const own = { slo };
  const sums = mode === 'default' ? undefined : `pyrra_requests:increase5m{slo="${slo}"}`;
  const increase =
    sums === undefined
      ? 'sum by (code) (increase(requests_total[30d]))'
      : `sum by (code) (sum_over_time(${sums}[30d:5m]))`;
  const tiers = [
    ['5m', '64m', 14],
    ['32m', '386m', 7],
    ['129m', '1543m', 2],
    ['386m', '6171m', 1],
  ] as const;
  const burnRate = (window: string): string => `pyrra_requests:burnrate${window}{slo="${slo}"}`;
  const windows = ['5m', '32m', '64m', '129m', '386m', '1543m', '6171m'];
  const rules = file(
    {
      name: `${slo}-increase`,
      every: 150,
      rules: [rule('pyrra_requests:increase30d', increase, own), alert('SLOMetricAbsent', `absent(${total}) == 1`)],
    },
    ...(sums === undefined
      ? []
      : [
          {
            name: `${slo}-increase-short`,
            every: 30,
            rules: [rule('pyrra_requests:increase5m', 'sum by (code) (increase(requests_total[5m]))', own)],
          },
        ]),
    {
      name: slo,
      every: 30,
      rules: [
        ...windows.map((window) => rule(`pyrra_requests:burnrate${window}`, ratio(window), own)),
        ...tiers.map(([short, long, factor]) =>
          alert(
            'ErrorBudgetBurn',
            `${burnRate(short)} > (${factor} * (1-0.999)) and ${burnRate(long)} > (${factor} * (1-0.999))`,
          ),
        ),
      ],
    },
  );
  const shown =
    sums === undefined
      ? `sum(increase(${bad}[30d])) / sum(increase(${total}[30d]))`
      : `sum(sum_over_time(pyrra_requests:increase5m{slo="${slo}",code=~"5.."}[30d:5m])) / sum(sum_over_time(${sums}[30d:5m]))`;
  return { name: mode === 'default' ? 'Pyrra' : `Pyrra, ${mode}`, rules, shown };
}

function ratio(window: string): string {
  return `sum(rate(${bad}[${window}])) / sum(rate(${total}[${window}]))`;
}

function rule(record: string, text: string, labels: Readonly<Record<string, string>>): Rule {
  return { kind: 'recording', record, expr: expression(text), labels: new Map(Object.entries(labels)) };
}

function alert(name: string, text: string): Rule {
  const [none, labels] = [duration(0), new Map<string, string>()];
  return {
    kind: 'alerting',
    alert: name,
    expr: expression(text),
    holdFor: none,
    keepFiringFor: none,
    labels,
    annotations: labels,
  };
}

function file(
  ...groups: readonly { readonly name: string; readonly every: number; readonly rules: readonly Rule[] }[]
): RuleFile {
  return {
    groups: groups.map(
      ({ name, every, rules }): RuleGroup => ({ name, interval: duration(every * second), labels: new Map(), rules }),
    ),
  };
}

function expression(text: string): Rule['expr'] {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}
