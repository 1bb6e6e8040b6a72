import type { BurnTier } from '../document/model.ts';
import { about, short, showLength } from '../document/quantities.ts';
import { urgencyOf } from '../document/severities.ts';
import { period, workbookTable } from '../document/standard.ts';
import type { DocumentCheck } from '../document-check.ts';

export const tierDiffersFromCitedStandard: DocumentCheck = {
  id: 'tier-differs-from-cited-standard',
  severity: 'info',
  meaning: "The document cites the SRE workbook, and its tiers are not those of the workbook's table 5-8.",
  remedy:
    'take the tiers of the table (page at 14.4 over 1 h and 6 over 6 h, ticket at 1 over 3 d), or say why yours differ',
  inspect: ({ source, tiers, objectives }) => {
    if (!/\bSRE\s+workbook\b|sre\.google\/workbook|\bTable 5-8\b/i.test(source.text)) return [];
    const periods = objectives.flatMap((one) => one.period ?? []);
    // Over other periods the same shares of the budget have other factors or windows.
    if (0 < periods.length && !periods.includes(period)) return [];
    return tiers.flatMap((tier) => {
      const message = problemOf(tier);
      return message === undefined ? [] : [{ message, span: tier.span }];
    });
  },
};

function problemOf({ name, factor, long, short: own, severity }: BurnTier): string | undefined {
  const row = workbookTable.find((one) =>
    long === undefined ? factor !== undefined && about(one.factor, factor) : one.long === long,
  );
  const tier = `the tier "${name}"`;
  if (row === undefined) {
    const what =
      long === undefined ? (factor === undefined ? undefined : `burn rate ${short(factor)}`) : showLength(long);
    return what === undefined ? undefined : `${tier} has ${what}, which is in no row of the workbook's table`;
  }
  const of = `over ${showLength(row.long)} the workbook`;
  if (factor !== undefined && !about(factor, row.factor))
    return `${of} has burn rate ${row.factor}, ${tier} ${short(factor)}`;
  if (own !== undefined && own !== row.short)
    return `${of} has the short window ${showLength(row.short)}, ${tier} ${showLength(own)}`;
  const urgency = urgencyOf(severity);
  if (urgency === undefined || urgency === row.urgency) return undefined;
  return `${of} has a ${row.urgency}, ${tier} a ${urgency}`;
}
