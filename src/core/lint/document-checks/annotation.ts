import { alertsOf } from '../document/facts.ts';
import { urgencyOf } from '../document/severities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const annotation: DocumentCheck = {
  id: 'annotation',
  severity: 'info',
  meaning:
    'The runbook of an alert is a sentence instead of an address, or a page has none: whoever is woken has nothing to open.',
  remedy: 'write the steps into a document and name it: `runbook_url: https://...`',
  inspect: (document) =>
    alertsOf(document).flatMap(({ name, nameSpan, annotations, labels }): readonly DocumentFinding[] => {
      const [runbook] = [...annotations].flatMap(([key, value]) => (/runbook|playbook/i.test(key) ? [value] : []));
      if (runbook !== undefined) {
        if (isAddress(runbook.text)) return [];
        return [{ message: `the runbook of \`${name}\` is prose: no notification can link to it`, span: runbook.span }];
      }
      // A rule file of others may have its links added by a template of notifications.
      const isPage = urgencyOf(labels.get('severity') ?? '') === 'page';
      if (document.kind !== 'markdown' || !isPage || 0 === annotations.size) return [];
      return [{ message: `\`${name}\` pages and has no \`runbook_url\``, span: nameSpan }];
    }),
};

/** An address, a path, the name of a file, or what a template makes of it: anything without spaces. */
function isAddress(text: string): boolean {
  return /:\/\//.test(text) || text.includes('{{') || !/\s/.test(text.trim());
}
