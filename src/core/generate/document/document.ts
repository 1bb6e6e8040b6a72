import { printExpr } from '../../promql/index.ts';
import type { Service } from '../../slo/index.ts';
import { header } from '../mark.ts';
import type { ArtefactTarget } from '../target.ts';
import { printHtml } from './html.ts';
import { printMarkdown } from './markdown.ts';
import { type Block, code, heading, type Inline, link, list, paragraph, strong, table } from './model.ts';
import { indicatorBlocks, objectiveBlocks } from './objectives.ts';
import { operationBlocks, peopleBlocks, policyBlocks, reviewBlocks, section } from './organisation.ts';
import { capital } from './words.ts';

/** The document of a service's objectives, in Markdown. */
export const markdownTarget: ArtefactTarget = {
  name: 'markdown',
  about: 'the document of the objectives in Markdown, one file a service',
  folder: 'markdown',
  ofService: (service) => {
    const text = `<!-- ${mark(service)} -->\n\n${printMarkdown(documentOf(service))}`;
    return { files: new Map([[`${service.name}.md`, text]]), diagnostics: [] };
  },
};

/** The same as a page. */
export const htmlTarget: ArtefactTarget = {
  name: 'html',
  about: 'the document of the objectives as a page, one file a service',
  folder: 'html',
  ofService: (service) => {
    const text = printHtml(documentOf(service), titleOf(service), mark(service));
    return { files: new Map([[`${service.name}.html`, text]]), diagnostics: [] };
  },
};

function mark(service: Service): string {
  return header([service], 'What stands in it: docs/reference/documents.md of Nines.').split('\n').join(' ');
}

/** What a service promises, how one would know, and what is done about it. */
export function documentOf(service: Service): readonly Block[] {
  return [
    heading(1, titleOf(service)),
    ...facts(service),
    ...(service.description === undefined ? [] : [paragraph(service.description)]),
    ...objectiveBlocks(service),
    ...indicatorBlocks(service),
    ...policyBlocks(service),
    ...operationBlocks(service),
    ...boards(service),
    ...peopleBlocks(service),
    ...reviewBlocks(service),
    ...metrics(service),
    ...appendix(service),
  ];
}

function titleOf(service: Service): string {
  return `Service level objectives of ${service.title}`;
}

function facts(service: Service): readonly Block[] {
  const { version, updated, maintainer, reviewEvery, source } = service.document;
  const entries: readonly (readonly [string, string | undefined])[] = [
    ['Owner', service.owner === '' ? undefined : service.owner],
    ['Criticality', service.criticality],
    ['Version', version],
    ['Last reviewed', updated],
    ['Reviewed at least every', reviewEvery],
    ['Maintained by', maintainer],
    ['From', source],
  ];
  return list(
    entries.flatMap(([what, said]): readonly Inline[] => (said === undefined ? [] : [[strong(`${what}: `), said]])),
  );
}

/** The boards, and the panels that the service adds to them. */
function boards(service: Service): readonly Block[] {
  return section('Boards', [
    paragraph(
      'Generated for Grafana: an overview of all services, a board of this service, a detail of each objective with its budget, burn rates and alerts.',
    ),
    ...table(
      ['Row', 'Panel', 'Query', 'Lines'],
      service.panels.flatMap(({ title, panels }) =>
        panels.map((panel): readonly Inline[] => [
          title,
          panel.title,
          panel.queries.flatMap(({ expr }, index) =>
            index === 0 ? [code(printExpr(expr))] : [', ', code(printExpr(expr))],
          ),
          panel.lines.map(({ value, title: name }) => `${name} ${value}`).join(', '),
        ]),
      ),
    ),
  ]);
}

function metrics(service: Service): readonly Block[] {
  return section(
    'Metrics',
    table(
      ['Metric', 'Type', 'Labels', 'Unit', 'Meaning'],
      [...service.metrics.values()].map(({ name, type, labels, unit, help, aliases = [], pendingOn, exporter }) => [
        code(name),
        type,
        [...labels.keys()].join(', '),
        unit ?? '',
        [
          help,
          aliases.length === 0 ? undefined : `Also as ${aliases.join(', ')} while it is renamed; counted once.`,
          pendingOn === undefined ? undefined : `Not there yet: waits for ${pendingOn}.`,
          exporter === undefined ? undefined : `From ${exporter}.`,
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      ]),
    ),
  );
}

function appendix(service: Service): readonly Block[] {
  const { outOfScope, glossary, resources, document } = service;
  return [
    ...section(
      'Left out on purpose',
      list(outOfScope.map(({ what, reason }): Inline => [strong(`${what}: `), reason])),
    ),
    ...section('Words', list([...glossary].map(([word, meaning]): Inline => [strong(`${capital(word)}: `), meaning]))),
    ...section(
      'Further reading',
      list(
        resources.map(
          ({ title, url, items }): Inline => [
            url === undefined ? strong(title) : link(url, title),
            items.length === 0 ? '' : `: ${items.join('; ')}`,
          ],
        ),
      ),
    ),
    ...section(
      'Changes',
      table(
        ['Version', 'Date', 'Change'],
        document.history.map(({ version, date, change }) => [version, date, change]),
      ),
    ),
  ];
}
