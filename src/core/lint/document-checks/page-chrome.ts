import type { DocumentCheck } from '../document-check.ts';

export const pageChrome: DocumentCheck = {
  id: 'page-chrome',
  severity: 'info',
  prose: true,
  meaning: 'The navigation of the web page that the text was copied from stands in it.',
  remedy: 'remove the line',
  inspect: ({ lines, sections }) => {
    const body = sections[1]?.start ?? 0;
    return lines.flatMap(({ text, start }) => {
      const plain = text.trim();
      // A link to skip to the content stands above it.
      if (body < start || !chrome.test(plain)) return [];
      return [
        { message: `"${plain}" belongs to the page, not to the document`, span: { start, end: start + text.length } },
      ];
    });
  },
};

/** What pages say to those who cannot see them, and buttons beside the text, in some languages. */
const chrome =
  /^(?:skip to (?:main )?content|jump to content|pular para o conte[úu]do|saltar al contenido|ir al contenido|aller au contenu|passer au contenu|zum inhalt springen|vai al contenuto|edit this page|edit on github|toggle navigation|on this page|sign in|log in)$/i;
