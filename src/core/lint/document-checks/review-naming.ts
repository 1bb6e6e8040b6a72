import type { Line, LintDocument, Section } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const reviewNaming: DocumentCheck = {
  id: 'review-naming',
  severity: 'info',
  prose: true,
  meaning: 'What a review is about is told of one cadence here and of another there: nobody knows when it is done.',
  remedy: 'describe each review once, with its cadence and its agenda, and refer to it',
  inspect: (document) => {
    const agendas = agendasOf(document);
    return document.lines.flatMap((line): readonly DocumentFinding[] => {
      const said = pairIn(line);
      if (said === undefined) return [];
      const own = agendas.filter(({ cadence }) => cadence === said.cadence);
      const other = agendas.find(({ cadence, words }) => cadence !== said.cadence && words.has(said.word));
      // Only where both cadences have an agenda of their own can the word be seen to stand under the wrong one.
      if (own.length === 0 || own.some(({ words }) => words.has(said.word)) || other === undefined) return [];
      const message = `here the ${said.cadence} review is "${said.word}"; in "${other.section.title}" that belongs to the ${other.cadence} one`;
      return [{ message, span: { start: line.start, end: line.start + line.text.length } }];
    });
  },
};

interface Agenda {
  readonly cadence: string;
  readonly words: ReadonlySet<string>;
  readonly section: Section;
}

const cadences = 'daily|weekly|monthly|quarterly|yearly|annual';

/** Parts headed by a cadence and a review, with the words in bold that begin the items below. */
function agendasOf({ sections, lines }: LintDocument): readonly Agenda[] {
  return sections.flatMap((section) => {
    const cadence = new RegExp(`\\b(${cadences})\\b.*\\breviews?\\b`, 'i').exec(section.title)?.[1]?.toLowerCase();
    if (cadence === undefined) return [];
    const words = lines
      .filter((line) => line.section === section)
      .flatMap(
        ({ text }) =>
          /^\s*[-*+]\s+\*\*([^*]+)\*\*/
            .exec(text)?.[1]
            ?.toLowerCase()
            .match(/[a-z]{5,}/g) ?? [],
      );
    return 0 < words.length ? [{ cadence, words: new Set(words), section }] : [];
  });
}

/** `Monthly strategic reviews`: a cadence and what it is about. */
function pairIn({ text }: Line): { readonly cadence: string; readonly word: string } | undefined {
  const match = new RegExp(`^\\s*[-*+]?\\s*\\**(${cadences})\\**\\s+([a-z]{5,})\\s+reviews?\\b`, 'i').exec(text);
  const [, cadence, word] = match ?? [];
  return cadence === undefined || word === undefined
    ? undefined
    : { cadence: cadence.toLowerCase(), word: word.toLowerCase() };
}
