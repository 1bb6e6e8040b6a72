import { lengthsIn, showLength } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const responseExceedsBudget: DocumentCheck = {
  id: 'response-exceeds-budget',
  severity: 'error',
  meaning: 'Responding to an incident may take longer than the whole error budget lasts in a full outage.',
  remedy: 'page within minutes, or lower the target',
  inspect: ({ lines, objectives }) => {
    const budgets = objectives.flatMap(({ target, period, thresholds, name, span, statesErrors }) =>
      target === undefined || period === undefined || 0 < thresholds.length || statesErrors
        ? []
        : [{ name, span, ms: (1 - target) * period }],
    );
    const [smallest] = budgets.toSorted((a, b) => a.ms - b.ms);
    if (smallest === undefined) return [];
    const found = lines.flatMap(({ text, start }) => {
      const plain = text.replaceAll('*', '');
      if (
        !/\b(?:incidents?|on-?call|pag(?:e|ing)|acknowledg\w*|mtta|mttr)\b/i.test(plain) ||
        !/\b(?:respon|acknowledg|mtt|react)/i.test(plain)
      )
        return [];
      const within = lengthsIn(plain)[0];
      if (within === undefined || within.ms <= smallest.ms) return [];
      const message = `${within.text} until somebody responds is more than the budget of "${smallest.name}", ${showLength(smallest.ms)}`;
      return [{ within: within.text, message, span: { start, end: start + text.length } }];
    });
    const [first] = found;
    // Either of the two may be what is wrong.
    if (first === undefined || found.some(({ span }) => span.start === smallest.span.start)) return found;
    const message = `the budget, ${showLength(smallest.ms)}, is spent before somebody has to respond, ${first.within}`;
    return [...found, { message, span: smallest.span }];
  },
};
