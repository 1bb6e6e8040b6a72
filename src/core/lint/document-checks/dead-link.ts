import type { Section } from '../document/model.ts';
import type { DocumentCheck } from '../document-check.ts';

export const deadLink: DocumentCheck = {
  id: 'dead-link',
  severity: 'warning',
  prose: true,
  meaning: 'A link leads to a heading, a file or a page of a well-known book that is not there.',
  remedy: 'correct the address',
  inspect: ({ lines, sections, exists }) => {
    const anchors = anchorsOf(sections);
    return lines.flatMap(({ text, start }) =>
      [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].flatMap((match) => {
        const target = match[1] ?? '';
        const message = problemOf(target, anchors, exists);
        const at = start + match.index + match[0].indexOf(target);
        return message === undefined ? [] : [{ message, span: { start: at, end: at + target.length } }];
      }),
    );
  },
};

function problemOf(
  target: string,
  anchors: ReadonlySet<string>,
  exists: ((path: string) => boolean) | undefined,
): string | undefined {
  const chapter = /^https?:\/\/sre\.google\/sre-book\/([\w-]+)\/?(?:#.*)?$/.exec(target)?.[1];
  if (chapter !== undefined && !chapters.has(chapter) && !/^part-/i.test(chapter))
    return `the SRE book has no page \`${chapter}\``;
  if (target.startsWith('#')) {
    const anchor = target.slice(1).toLowerCase();
    return anchor === '' || anchors.has(anchor) ? undefined : `no heading has the anchor \`${target}\``;
  }
  if (/^[a-z][\w+.-]*:|^\/\/|^\//i.test(target) || exists === undefined) return undefined;
  const [path = ''] = target.split(/[?#]/);
  return path === '' || exists(path) ? undefined : `there is no file \`${path}\``;
}

/** Anchors as GitHub makes them: in lower case, words joined by hyphens, and a number behind those that repeat. */
function anchorsOf(sections: readonly Section[]): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  for (const { title } of sections) {
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    found.add(count === 0 ? anchor : `${anchor}-${count}`);
  }
  return found;
}

/** Pages of the SRE book. Source: its table of contents, https://sre.google/sre-book/table-of-contents/. */
const chapters = new Set(
  (
    'table-of-contents foreword preface introduction production-environment embracing-risk service-level-objectives eliminating-toil ' +
    'monitoring-distributed-systems automation-at-google release-engineering simplicity practical-alerting being-on-call ' +
    'effective-troubleshooting emergency-response managing-incidents postmortem-culture tracking-outages testing-reliability ' +
    'software-engineering-in-sre load-balancing-frontend load-balancing-datacenter handling-overload addressing-cascading-failures ' +
    'managing-critical-state distributed-periodic-scheduling data-processing-pipelines data-integrity reliable-product-launches ' +
    'accelerating-sre-on-call dealing-with-interrupts operational-overload communication-and-collaboration ' +
    'evolving-sre-engagement-model lessons-learned conclusion availability-table service-best-practices incident-document ' +
    'example-postmortem launch-checklist production-meeting bibliography'
  ).split(' '),
);
