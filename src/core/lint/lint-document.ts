import type { Diagnostic, Source } from '../base/index.ts';
import { readYaml } from '../yaml/index.ts';
import { dashboardsOf } from './document/dashboards.ts';
import type { LintDocument } from './document/model.ts';
import { kindOfYaml, largeLimits, readMarkdownDocument, readYamlDocument } from './document/read-document.ts';
import { suppress } from './document/suppressions.ts';
import { documentChecks } from './document-checks.ts';
import { metricNamesIn, withKnownMetrics } from './known-metrics.ts';
import type { LintOptions } from './lint.ts';

/** What the linter can look into, besides definitions. */
export type DocumentKind = LintDocument['kind'];

/** What a text is, by its name and by what it holds; undefined if it is nothing that the linter knows, or a definition. */
export function documentKind({ name, text }: Source): DocumentKind | undefined {
  if (/\.(?:md|markdown)$/i.test(name)) return 'markdown';
  if (/\.json$/i.test(name)) {
    if (!/"panels"\s*:/.test(text)) return undefined;
    const json = readYaml(text, largeLimits);
    return json.ok && 0 < dashboardsOf({ roots: json.value }).length ? 'dashboard' : undefined;
  }
  if (/^kind:\s*["']?PrometheusRule\b/m.test(text) && /^\s+groups:/m.test(text)) return 'rules';
  // Reading a large file only to see what it is would double the time: the keys that tell stand at the start of a line.
  if (!/^(?:groups|route|receivers|scrape_configs|rule_files|remote_write|global):|^- (?:alert|record):/m.test(text))
    return undefined;
  if (
    /^groups:/m.test(text) &&
    !/^(?:apiVersion|kind|route|receivers|scrape_configs|rule_files|remote_write|tests):/m.test(text)
  )
    return 'rules';
  const outcome = readYaml(text);
  return outcome.ok ? kindOfYaml(outcome.value) : undefined;
}

/** Looks at a Markdown document, a rule file or a configuration for the mistakes that people make in them. */
export function lintDocument(source: Source, kind: DocumentKind, options: LintOptions = {}): readonly Diagnostic[] {
  const known = withKnownMetrics(readDocument(source, kind), options.metrics);
  const document = options.exists === undefined ? known : { ...known, exists: options.exists };
  const found = documentChecks.flatMap((check): readonly Diagnostic[] => {
    const severity =
      options.checks?.[check.id] ?? (check.prose === true && options.prose !== true ? 'off' : check.severity);
    if (severity === 'off') return [];
    return check.inspect(document).map(({ message, help, span }) => ({
      severity,
      code: `lint/${check.id}`,
      message,
      help: help ?? check.remedy,
      span,
    }));
  });
  return suppress(source.text, found).toSorted((a, b) => a.span.start - b.span.start);
}

/** The names of the metrics that a document reads, so that a server can be asked about them. */
export function metricNames(source: Source, kind: DocumentKind): readonly string[] {
  return metricNamesIn(readDocument(source, kind));
}

function readDocument(source: Source, kind: DocumentKind): LintDocument {
  return kind === 'markdown' ? readMarkdownDocument(source) : readYamlDocument(source, kind);
}
