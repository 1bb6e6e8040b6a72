import type { Matcher } from '../../series/index.ts';
import { type EventRatio, ratiosOf } from '../document/expressions.ts';
import { statusClasses } from '../document/status-classes.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const ratioValidEvents: DocumentCheck = {
  id: 'ratio-valid-events',
  severity: 'error',
  meaning:
    'What is left out above the line still counts below it, or the reverse: the ratio is a share of other events than it says.',
  remedy: 'leave the same events out of the numerator and of the denominator',
  inspect: ({ queries }) =>
    queries.flatMap((query) =>
      (query.expr === undefined ? [] : ratiosOf(query.expr)).flatMap((ratio) => {
        const message = problemOf(ratio);
        return message === undefined ? [] : [{ message, span: spanIn(query, ratio.part) }];
      }),
    ),
};

/**
 * The class of events above the line is what a positive condition selects. A negative one beside it is an exclusion from what is valid;
 * alone it is the class itself, as in `status!~"5.."`.
 */
function problemOf({ part, whole }: EventRatio): string | undefined {
  const own = part.matchers.filter((matcher) => !whole.matchers.some((one) => same(one, matcher)));
  const negative = own.filter(isNegative).find(({ name }) => !whole.matchers.some((one) => one.name === name));
  const classes = own.filter((matcher) => !isNegative(matcher) && matcher.name !== 'le');
  const [scope] = classes;
  // Beside a class of events that is written by what it is not, a positive condition says whose events they are.
  if (negative !== undefined && scope !== undefined && statusClasses([negative]) !== undefined)
    return `\`${show(scope)}\` holds for the numerator only: the denominator counts others too`;
  if (negative !== undefined && scope !== undefined)
    return `\`${show(negative)}\` leaves events out of the numerator, and the denominator still counts them`;
  const missing = whole.matchers.find(
    ({ name }) => name !== 'le' && name !== '__name__' && !part.matchers.some((one) => one.name === name),
  );
  if (missing !== undefined && isNegative(missing))
    return `\`${show(missing)}\` leaves events out of the denominator, and the numerator still counts them`;
  return undefined;
}

function isNegative({ operator }: Matcher): boolean {
  return operator.startsWith('!');
}

function same(a: Matcher, b: Matcher): boolean {
  return a.name === b.name && a.operator === b.operator && a.value === b.value;
}

function show({ name, operator, value }: Matcher): string {
  return `${name}${operator}"${value}"`;
}
