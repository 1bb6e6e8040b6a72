import { badClassesOf, baseName, type EventRatio, ratiosOf } from '../document/expressions.ts';
import { metricsOfObjective } from '../document/facts.ts';
import type { LintDocument, Objective, Query } from '../document/model.ts';
import { classesInWords, otherClasses, sameClasses, showClasses, statusClasses } from '../document/status-classes.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';
import { spanIn } from '../document-check.ts';

export const definitionDrift: DocumentCheck = {
  id: 'definition-drift',
  severity: 'error',
  meaning: 'An alert, a rule, a panel or a sentence counts other events as bad than the objective that it is about.',
  remedy: 'use one definition everywhere: record it once, and read the record',
  inspect: (document) => [
    ...document.queries.flatMap((query) => inQuery(document, query)),
    ...inOwnQuery(document),
    ...inWords(document),
    ...singleCode(document),
  ],
};

function inQuery({ objectives }: LintDocument, query: Query): readonly DocumentFinding[] {
  const measured = objectives.some(({ queries }) => queries.includes(query));
  if (query.expr === undefined || measured) return [];
  const [ratio] = ratiosOf(query.expr);
  const bad = ratio === undefined ? undefined : badClassesOf(ratio);
  if (ratio === undefined) return [];
  const own = objectives.filter(
    (one) => one.target !== undefined && metricsOfObjective(one).has(baseName(ratio.whole.name)),
  );
  const [first] = own;
  if (first === undefined) return [];
  const wanted = own.flatMap((one) => badOf(one) ?? []);
  if (bad !== undefined && 0 < wanted.length && !wanted.some((one) => sameClasses(one, bad))) {
    const message = `this counts ${showClasses(bad)} as bad, the objective "${first.name}" ${wanted.slice(0, 1).map(showClasses).join('')}`;
    return [{ message, span: spanIn(query, ratio.part) }];
  }
  return own.length === 1 ? scopeDrift(query, ratio, first) : [];
}

/** The query of an objective itself, by the classes that its words name as good. */
function inOwnQuery({ objectives }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap(({ name, statement, queries }): readonly DocumentFinding[] => {
    const said =
      /\b((?:non-?\s?)?[1-5]xx(?:(?:\s*(?:,|and|or|\/|\+)\s*)[1-5]xx)*)\s+(?:responses?\s+)?(?:are|is|count(?:s|ed)? as)\s+(?:good|success\w*)/i.exec(
        statement,
      )?.[1];
    const good = said === undefined ? undefined : classesInWords(said);
    const found = queries.flatMap((query) =>
      (query.expr === undefined ? [] : ratiosOf(query.expr)).map((ratio) => ({ query, ratio })),
    );
    const [first] = found;
    const bad = first === undefined ? undefined : badClassesOf(first.ratio);
    if (good === undefined || first === undefined || bad === undefined) return [];
    const counted = otherClasses(bad);
    if (sameClasses(counted, good)) return [];
    const message = `the words of "${name}" call ${showClasses(good)} good, and this counts ${showClasses(counted)}`;
    return [{ message, span: spanIn(first.query, first.ratio.part) }];
  });
}

/** A label that both match on, with other values. */
function scopeDrift(query: Query, { whole }: EventRatio, objective: Objective): readonly DocumentFinding[] {
  const ratios = objective.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  const [theirs] = ratios;
  if (theirs === undefined) return [];
  return whole.matchers.flatMap(({ name, value }): readonly DocumentFinding[] => {
    const other = theirs.whole.matchers.find((matcher) => matcher.name === name);
    if (other === undefined || other.value === value) return [];
    const message = `this is about ${name} \`${value}\`, the objective "${objective.name}" about \`${other.value}\``;
    return [{ message, span: spanIn(query, whole) }];
  });
}

function badOf({ queries, good }: Objective): readonly ReadonlySet<number>[] {
  const measured = queries
    .flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)))
    .flatMap((ratio) => badClassesOf(ratio) ?? []);
  if (0 < measured.length) return measured;
  return good === undefined ? [] : [otherClasses(good)];
}

/** A line that begins with the name of an objective on errors and names other classes. */
function inWords({ objectives, lines }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap((objective) => {
    if (!objective.statesErrors || objective.good === undefined || objective.section.title === objective.name)
      return [];
    const bad = otherClasses(objective.good);
    return lines.flatMap(({ text, start }): readonly DocumentFinding[] => {
      const words = text.replace(/^[\s|*•-]+/, '');
      const named = classesInWords(words);
      if (start === objective.span.start || named === undefined || sameClasses(named, bad)) return [];
      if (!words.toLowerCase().startsWith(objective.name.toLowerCase())) return [];
      const message = `here ${showClasses(named)} are errors, for the objective "${objective.name}" ${showClasses(bad)}`;
      return [{ message, span: { start, end: start + text.length } }];
    });
  });
}

/** A line that begins with the name of an objective and takes one code for the class of successes that its indicator counts. */
function singleCode({ objectives, indicators, lines }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap((objective) => {
    if (objective.statesErrors || objective.section.title === objective.name) return [];
    const queries = [
      ...objective.queries,
      ...indicators.flatMap((one) => (one.name === objective.name ? one.queries : [])),
    ];
    const classes = queries
      .flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)))
      .flatMap(({ part }) => statusClasses(part.matchers) ?? []);
    if (!classes.some((one) => one.size === 1 && one.has(2))) return [];
    return lines.flatMap(({ text, start }): readonly DocumentFinding[] => {
      const words = text.replace(/^[\s|*•-]+/, '');
      if (!words.toLowerCase().startsWith(objective.name.toLowerCase()) || !/\bHTTP 200\b/.test(words)) return [];
      const message = `here only 200 is good, for the objective "${objective.name}" all of 2xx`;
      return [{ message, span: { start, end: start + text.length } }];
    });
  });
}
