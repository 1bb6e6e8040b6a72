import { type Diagnostic, formatDuration, hour } from '../../base/index.ts';
import { isPending } from '../../generate/index.ts';
import { metricNameOf, printExpr } from '../../promql/index.ts';
import { labelPredicate } from '../../series/index.ts';
import { eventsForOneAllowed, type Service, type Slo } from '../../slo/index.ts';
import { manyAllowed, manyIdle, minimumSteps, nearlyAlways } from './bounds.ts';
import type { Cost } from './cost.ts';
import type { DoctorRange, EventFacts, SelectorFacts } from './facts.ts';
import type { EventFigures } from './figures.ts';
import { fallsLikeGauge, notCounter } from './movement.ts';
import { count, few, gapFindings, percent, type Say, sayer, unique } from './say.ts';

/** All that was found out about an objective that counts events. */
export interface Examined {
  readonly service: Service;
  readonly slo: Slo;
  readonly range: DoctorRange;
  readonly facts: EventFacts;
  readonly figures: EventFigures;
  readonly cost: Cost;
  readonly targets: number;
}

/** What is wrong with the data of an objective, by what was gathered of it. */
export function judgeEvents(examined: Examined): readonly Diagnostic[] {
  const { facts, targets, service } = examined;
  const say = sayer(examined);
  if (isPending(service, examined.slo)) return pendingFindings(say, facts.total);
  const wrongSelectors = [...facts.total, ...facts.counted].flatMap((one) => selectorFindings(say, one));
  const silent = silentOf(facts.total);
  const noTarget = targets === 0 ? [say('doctor/no-target', `\`up{job="${service.job}"}\` has no series`)] : [];
  if (
    0 < silent.length ||
    (facts.counts === 'good' &&
      silentOf(facts.counted).length === facts.counted.filter(({ isFormer }) => !isFormer).length)
  ) {
    const all = silent.length === 0 ? silentOf(facts.counted) : silent;
    // A condition that nothing meets is the reason, and is told.
    const told = new Set(wrongSelectors.map(({ message }) => message));
    const found = told.size === 0 ? all.map((one) => say('doctor/no-data', `\`${shown(one)}\` has no series`)) : [];
    return unique([...found, ...wrongSelectors, ...noTarget]);
  }
  const wrongCounts = countingFindings(say, examined);
  return unique([
    ...wrongSelectors,
    ...noTarget,
    ...wrongCounts,
    // What is counted wrongly burns as it likes.
    ...(wrongSelectors.length + wrongCounts.length === 0 ? burnFindings(say, examined) : []),
    ...trafficFindings(say, examined),
    ...scrapeFindings(say, examined),
    ...costFindings(say, examined),
  ]);
}

/** Of what waits for data nothing is wrong as long as there is none. */
function pendingFindings(say: Say, total: readonly SelectorFacts[]): readonly Diagnostic[] {
  const text = total.map(shown).join('`, `');
  return [
    silentOf(total).length === 0
      ? say('doctor/no-data', `\`${text}\` has series now, and the objective still waits for them`, {
          severity: 'warning',
          help: 'Take `pendingOn` off the metric, or make the objective active.',
        })
      : say('doctor/no-data', `\`${text}\` has no series yet, as the definition says`, { severity: 'info' }),
  ];
}

/** Selectors without series; one is not silent if its metric's former name has them. */
function silentOf(facts: readonly SelectorFacts[]): readonly SelectorFacts[] {
  return facts.filter((one, index) => {
    if (one.isFormer || !isSilent(one)) return false;
    const next = facts.findIndex(({ isFormer }, i) => index < i && !isFormer);
    return facts.slice(index + 1, next < 0 ? facts.length : next).every(isSilent);
  });
}

function isSilent({ series }: SelectorFacts): boolean {
  return !series.some((count) => 0 < count);
}

function shown({ selector }: SelectorFacts): string {
  return printExpr(selector);
}

/** Conditions that can't do what they were written for. */
function selectorFindings(say: Say, facts: SelectorFacts): readonly Diagnostic[] {
  const metric = metricNameOf(facts.selector) ?? '';
  const labels = facts.missingLabels.map((label) =>
    say(
      'doctor/label-missing',
      `no series of \`${metric}\` has the label \`${label}\`, which \`${shown(facts)}\` asks for`,
    ),
  );
  return [...labels, ...bucketFindings(say, facts, metric)];
}

function bucketFindings(say: Say, { selector, buckets }: SelectorFacts, metric: string): readonly Diagnostic[] {
  if (buckets === undefined) return [];
  const conditions = selector.matchers.filter(({ name }) => name === 'le');
  const isMet = (text: string): boolean => conditions.every((condition) => labelPredicate(condition)(text));
  if (buckets.some(isMet)) return [];
  const wanted = conditions.flatMap(({ value }) => value.split('|').map((text) => text.replaceAll('\\', '')));
  const bounds = buckets.filter((text) => text !== '+Inf').toSorted((a, b) => Number(a) - Number(b));
  const other = bounds.find((text) => wanted.some((want) => Number(want) === Number(text)));
  const message =
    other === undefined
      ? `\`${metric}\` has no bucket ${wanted[0]}; it has ${bounds.slice(0, 12).join(', ') || 'none'}`
      : `the bucket is spelt \`le="${other}"\` in the data, not \`le="${wanted[0]}"\``;
  const help =
    other === undefined
      ? {}
      : { help: `write \`le=~"${wanted[0]?.replaceAll('.', '\\\\.')}|${other.replaceAll('.', '\\\\.')}"\`` };
  return [say('doctor/missing-bucket', message, help)];
}

/** Counted events must be some of all events. */
function countingFindings(say: Say, { facts, figures }: Examined): readonly Diagnostic[] {
  const { counts, outside } = facts;
  const found: Diagnostic[] = fallsLikeGauge(facts) ? [notCounter(say, facts.total.map(shown), facts)] : [];
  if (0 < outside)
    found.push(say('doctor/errors-not-subset', `${outside} of the counted series are not among those of the total`));
  // Two counters are not read at one instant; over the whole range that is no more than a few events.
  const slack = Math.max(5, figures.total * 0.001);
  const good = figures.total - figures.bad;
  if (counts === 'good' && figures.total + slack < good)
    found.push(
      say('doctor/good-above-total', `${count(good)} good events were counted, and ${count(figures.total)} in all`),
    );
  if (counts === 'bad' && figures.total + slack < figures.bad)
    found.push(
      say(
        'doctor/errors-not-subset',
        `${count(figures.bad)} bad events were counted, and ${count(figures.total)} in all`,
      ),
    );
  if (0 < facts.duplicates.length) {
    const [first] = facts.duplicates;
    found.push(
      say(
        'doctor/duplicate-scrape',
        `\`${first}\` and ${facts.duplicates.length - 1} other instances are scraped by several jobs`.replace(
          ' and 0 other instances are',
          ' is',
        ),
      ),
    );
  }
  return found;
}

function burnFindings(say: Say, { slo, figures, facts, range }: Examined): readonly Diagnostic[] {
  const { rows, total, bad } = figures;
  const allowed = total / eventsForOneAllowed(slo.target.errorBudget);
  if (bad <= 0 && manyAllowed <= allowed) {
    const silent = facts.counts === 'bad' && facts.counted.every(isSilent);
    const why = silent ? `; \`${facts.counted.map(shown).join('`, `')}\` has no series` : '';
    return [
      say(
        'doctor/never-burns',
        `none of ${count(total)} events was bad, and the target allows ${count(allowed)}${why}`,
      ),
    ];
  }
  let busy = 0;
  let burning = 0;
  for (const [i, all] of rows.total.entries()) {
    if (!(0 < all)) continue;
    busy += 1;
    if (slo.target.errorBudget < (rows.bad[i] ?? 0) / all) burning += 1;
  }
  if (busy < minimumSteps || burning / busy < nearlyAlways) return [];
  const share = percent(bad / total);
  const steps = `${burning} of ${busy} stretches of ${formatDuration(range.step)}`;
  return [
    say(
      'doctor/always-burns',
      `${share} of the events are bad, and ${steps} burn the budget of ${percent(slo.target.errorBudget)}`,
    ),
  ];
}

function trafficFindings(say: Say, { slo, figures, range }: Examined): readonly Diagnostic[] {
  const known = figures.rows.total.filter((value) => !Number.isNaN(value));
  const idle = known.filter((value) => value === 0).length;
  const found: Diagnostic[] = [];
  if (minimumSteps <= known.length && manyIdle <= idle / known.length)
    found.push(
      say(
        'doctor/idle',
        `there is no event in ${percent(idle / known.length)} of the stretches of ${formatDuration(range.step)}`,
      ),
    );
  // A minimum that asks for more than the burn rate does rules the alert, not the burn rate.
  const low = figures.tiers.filter(
    ({ events, badEvents }) => badEvents <= slo.minimumBadEvents || events < slo.minimumEvents,
  );
  if (0 < low.length) {
    const texts = low.map(({ tier, events, badEvents }) => {
      const window = `${tier.severity} ${formatDuration(tier.longWindow)}`;
      if (events < slo.minimumEvents)
        return `${window} can't fire: it holds ${few(events)} events, and ${slo.minimumEvents} are the minimum`;
      return events < badEvents
        ? `${window} can't fire: it holds ${few(events)} events, and ${badEvents} bad ones are the minimum`
        : `${window}: ${few(events)} events, of which ${badEvents} bad ones fire it`;
    });
    found.push(say('doctor/low-traffic', `at ${few(figures.eventsPerHour)} events an hour ${texts.join('; ')}`));
  }
  return found;
}

/** Restarts of a series an hour from which on they are a storm. */
const stormy = 1;

function scrapeFindings(say: Say, { facts, range, figures }: Examined): readonly Diagnostic[] {
  const gaps = facts.total.flatMap((one) => (one.isFormer ? [] : gapFindings(say, shown(one), one.series, range)));
  const hours = (range.to - range.from) / hour;
  const each = figures.series === 0 ? 0 : facts.resets / figures.series / hours;
  if (each < stormy || fallsLikeGauge(facts)) return gaps;
  return [
    ...gaps,
    say('doctor/reset-storm', `each counter restarts ${few(each)} times an hour, ${count(facts.resets)} times in all`),
  ];
}

/** Samples an evaluation from which on a Prometheus feels one objective. */
const heavy = 100_000;

function costFindings(say: Say, { cost, figures, slo }: Examined): readonly Diagnostic[] {
  const message =
    `${count(figures.series)} series: read raw, all windows up to ${formatDuration(slo.period.length)} touch ${count(cost.raw)} samples ` +
    `at each evaluation; the generated rules ${count(cost.generated)}`;
  return [say('doctor/cost', message, { severity: heavy < cost.generated ? 'warning' : 'info' })];
}
