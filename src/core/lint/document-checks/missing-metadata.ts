import type { DocumentCheck } from '../document-check.ts';

export const missingMetadata: DocumentCheck = {
  id: 'missing-metadata',
  severity: 'info',
  prose: true,
  meaning:
    'A document with objectives names nobody who answers for them, and no time at which they are looked at again.',
  remedy: 'name the owner and how to reach them, and say how often the targets are reviewed',
  inspect: ({ kind, objectives, source, sections }) => {
    if (kind !== 'markdown' || objectives.length < fewest) return [];
    const { text } = source;
    const hasOwner =
      /\bown(?:er|ed|ership)s?\b|\bmaintain(?:er|ed)|\bcontacts?\b|\bresponsib|\bteam\b|\bon-?call\b|#[a-z][\w-]{2,}\b|[\w.]+@[\w-]+\.\w/i.test(
        text.replaceAll(/^#+\s.*$/gm, (heading) => heading.replaceAll('#', ' ')),
      );
    const hasReview = /\breview|\brevis(?:ed|ion|it)|\bupdated\b|\blast (?:change|edit)/i.test(text);
    if (hasOwner || hasReview) return [];
    const [first] = sections.filter(({ depth }) => 0 < depth);
    const span = first?.heading ?? objectives[0]?.span ?? { start: 0, end: 0 };
    return [{ message: `nobody is named for these ${objectives.length} objectives, and no review`, span }];
  },
};

/** A text with fewer objectives is an excerpt. */
const fewest = 3;
