/** What a phrase looks like, and the figures that it means. The parts are what the pattern's groups have found. */
export type Phrase<Figures> = readonly [pattern: RegExp, mean: (...parts: readonly string[]) => Figures];

/** The figures of all phrases that are found, in their order, and what is left. What is read is taken out, so that it has one meaning only. */
export function readPhrases<Figures extends object>(
  text: string,
  phrases: readonly Phrase<Figures>[],
  none: Figures,
): { readonly figures: Figures; readonly rest: string } {
  let rest = text;
  let figures = none;
  for (const [pattern, mean] of phrases) {
    const match = pattern.exec(rest);
    if (match === null) continue;
    const [found, ...parts] = match;
    figures = { ...figures, ...mean(...parts.map((part: string | undefined) => part ?? '')) };
    rest = rest.replace(found, ' ');
  }
  return { figures, rest };
}
