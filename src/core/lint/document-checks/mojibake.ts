import type { DocumentCheck } from '../document-check.ts';

export const mojibake: DocumentCheck = {
  id: 'mojibake',
  severity: 'warning',
  prose: true,
  meaning: 'Characters in UTF-8 were read as Windows-1252 and written again.',
  remedy: 'write the character that was meant',
  inspect: ({ source: { text } }) =>
    [...text.matchAll(candidate)].flatMap((match) => {
      const meant = decoded(match[0]);
      if (meant === undefined) return [];
      const message = `"${match[0]}" is "${meant}" read in the wrong encoding`;
      return [{ message, help: `write "${meant}"`, span: { start: match.index, end: match.index + match[0].length } }];
    }),
};

/** A letter that stands for the first byte of a character, and as many that stand for the others as it asks for. */
const others =
  '[\\u0080-\\u00bf\\u0152\\u0153\\u0160\\u0161\\u0178\\u017d\\u017e\\u0192\\u02c6\\u02dc\\u2013-\\u203a\\u20ac\\u2122]';
const candidate = new RegExp(
  `[\\u00c2-\\u00df]${others}|[\\u00e0-\\u00ef]${others}{2}|[\\u00f0-\\u00f4]${others}{3}`,
  'g',
);

/** What Windows-1252 has in the places 0x80 to 0x9f. */
const windows =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** The character of which these are the bytes in UTF-8; undefined if they are none. */
function decoded(text: string): string | undefined {
  const bytes = [...text].map((char) => {
    const place = windows.indexOf(char);
    return place === -1 ? (char.codePointAt(0) ?? 0) : 0x80 + place;
  });
  const [first = 0, ...rest] = bytes;
  if (rest.some((byte) => byte < 0x80 || 0xbf < byte)) return undefined;
  const lead = rest.length === 1 ? first & 0x1f : rest.length === 2 ? first & 0x0f : first & 0x07;
  const point = rest.reduce((all, byte) => all * 64 + (byte & 0x3f), lead);
  const least = [0x80, 0x800, 0x10000][rest.length - 1] ?? 0;
  return least <= point && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
