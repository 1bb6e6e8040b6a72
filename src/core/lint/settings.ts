import {
  closest,
  type Diagnostic,
  failure,
  type Outcome,
  type Severity,
  type Source,
  type Span,
  success,
} from '../base/index.ts';
import { entryOf, firstLineOf, readYaml, type YamlEntry, type YamlNode } from '../yaml/index.ts';
import type { LintOptions } from './lint.ts';
import { lintCheckIds } from './lint-codes.ts';

/** What a project says about its linting: `lint:` in `.nines.yaml` or `nines.config.yaml`. */
export interface LintSettings {
  readonly checks: NonNullable<LintOptions['checks']>;
  readonly prose: boolean;
  readonly suppressions: readonly ConfiguredSuppression[];
}

/** Findings of one check that are known and accepted in some files, and why. */
export interface ConfiguredSuppression {
  /** The id of the check. */
  readonly id: string;
  /** Patterns of paths from the folder of the settings; all files if there are none. */
  readonly files: readonly string[];
  readonly reason: string;
  readonly span: Span;
}

export const noLintSettings: LintSettings = { checks: {}, prose: false, suppressions: [] };

const levels = ['off', 'info', 'warning', 'error'] as const;

/** Reads the settings of a project. A text without `lint:` has none. */
export function readLintSettings(source: Source): Outcome<LintSettings> {
  const outcome = readYaml(source.text);
  if (!outcome.ok) return outcome;
  const lint = entryOf(outcome.value[0], 'lint')?.value;
  if (lint === undefined) return success(noLintSettings, outcome.diagnostics);
  const problems: Diagnostic[] = [...outcome.diagnostics];
  refuseOtherKeys(lint, ['rules', 'suppress', 'prose'], problems);
  const prose = entryOf(lint, 'prose')?.value;
  if (prose !== undefined && (prose.kind !== 'scalar' || typeof prose.value !== 'boolean'))
    problems.push(problem(firstLineOf(prose), '`prose` is true or false', 'write `prose: true`'));
  const settings: LintSettings = {
    checks: readRules(entryOf(lint, 'rules')?.value, problems),
    prose: prose?.kind === 'scalar' && prose.value === true,
    suppressions: readSuppressions(entryOf(lint, 'suppress')?.value, problems),
  };
  return problems.some(({ code }) => code === 'lint/settings') ? failure(...problems) : success(settings, problems);
}

function readRules(node: YamlNode | undefined, problems: Diagnostic[]): LintSettings['checks'] {
  if (node === undefined) return {};
  if (node.kind !== 'map') {
    problems.push(
      problem(firstLineOf(node), '`rules` is a map of checks and severities', 'write `rules: { no-data: off }`'),
    );
    return {};
  }
  const found: Record<string, Severity | 'off'> = {};
  for (const { key, keySpan, value } of node.entries) {
    const id = readId(key, keySpan, problems);
    const level = levels.find((one) => value.kind === 'scalar' && value.text === one);
    if (level === undefined)
      problems.push(
        problem(firstLineOf(value), `\`${key}\` has no such severity`, `write one of ${levels.join(', ')}`),
      );
    else if (id !== undefined) found[id] = level;
  }
  return found;
}

function readSuppressions(node: YamlNode | undefined, problems: Diagnostic[]): readonly ConfiguredSuppression[] {
  if (node === undefined) return [];
  if (node.kind !== 'list') {
    problems.push(
      problem(
        firstLineOf(node),
        '`suppress` is a list',
        'write `suppress: [{ code: ..., files: [...], reason: ... }]`',
      ),
    );
    return [];
  }
  return node.items.flatMap((item): readonly ConfiguredSuppression[] => {
    refuseOtherKeys(item, ['code', 'files', 'reason'], problems);
    const code = textOf(entryOf(item, 'code'));
    if (code === undefined) {
      problems.push(problem(firstLineOf(item), 'a suppression names a check under `code`', 'add `code:`'));
      return [];
    }
    const span = entryOf(item, 'code')?.value.span ?? firstLineOf(item);
    const id = readId(code, span, problems);
    const files = entryOf(item, 'files')?.value;
    const patterns = files?.kind === 'list' ? files.items : files === undefined ? [] : [files];
    const reason = textOf(entryOf(item, 'reason')) ?? '';
    if (id === undefined) return [];
    return [
      { id, files: patterns.flatMap((one) => (one.kind === 'scalar' ? [one.text] : [])), reason: reason.trim(), span },
    ];
  });
}

/** The id of a check, written with or without `lint/`. */
function readId(text: string, span: Span, problems: Diagnostic[]): string | undefined {
  const id = text.replace(/^lint\//, '');
  if (lintCheckIds.includes(id)) return id;
  const near = closest(id, lintCheckIds);
  problems.push(
    problem(
      span,
      `there is no check \`${id}\``,
      near === undefined ? 'see the list of checks' : `did you mean \`${near}\`?`,
    ),
  );
  return undefined;
}

function refuseOtherKeys(node: YamlNode, known: readonly string[], problems: Diagnostic[]): void {
  if (node.kind !== 'map') {
    problems.push(problem(firstLineOf(node), `this is a map with the keys ${known.join(', ')}`, 'write it as a map'));
    return;
  }
  for (const { key, keySpan } of node.entries) {
    if (known.includes(key)) continue;
    const near = closest(key, known);
    problems.push(
      problem(
        keySpan,
        `unknown key \`${key}\``,
        near === undefined ? `known are ${known.join(', ')}` : `did you mean \`${near}\`?`,
      ),
    );
  }
}

function problem(span: Span, message: string, help: string): Diagnostic {
  return { severity: 'error', code: 'lint/settings', message, help, span };
}

function textOf(entry: YamlEntry | undefined): string | undefined {
  return entry?.value.kind === 'scalar' ? entry.value.text : undefined;
}

/** Whether a suppression is about a file, by its path from the folder of the settings. */
export function isAbout({ files }: ConfiguredSuppression, path: string): boolean {
  return files.length === 0 || files.some((pattern) => patternOf(pattern).test(path));
}

/** `*` is anything within a name, `**` any folders, `?` one character; a pattern without a slash is about the name of a file anywhere. */
function patternOf(pattern: string): RegExp {
  const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll(/\*\*\/|\*\*|\*|\?/g, (mark) => {
    if (mark === '**/') return '(?:.*/)?';
    if (mark === '**') return '.*';
    return mark === '*' ? '[^/]*' : '[^/]';
  });
  return new RegExp(`^${pattern.includes('/') ? '' : '(?:.*/)?'}${source}$`);
}

/** What was found in one file. */
interface FileFindings<D extends Diagnostic> {
  /** From the folder of the settings, with slashes. */
  readonly path: string;
  readonly found: readonly D[];
}

/**
 * Takes out what the settings suppress with a reason, and tells of suppressions without one, and of those that are about a file that was
 * looked into and suppress nothing.
 */
export function suppressBySettings<D extends Diagnostic>(
  { suppressions }: LintSettings,
  files: readonly FileFindings<D>[],
): { readonly kept: readonly D[]; readonly complaints: readonly Diagnostic[] } {
  const used = new Set<ConfiguredSuppression>();
  const kept = files.flatMap(({ path, found }) => {
    const about = suppressions.filter((one) => isAbout(one, path));
    return found.filter(({ code }) => {
      const own = about.filter(({ id }) => code === `lint/${id}`);
      for (const one of own) used.add(one);
      return own.every(({ reason }) => reason === '');
    });
  });
  const complaints = suppressions.flatMap((one): readonly Diagnostic[] => {
    const { id, reason, span } = one;
    if (reason === '') {
      const message = `\`${id}\` is suppressed without a reason`;
      return [{ severity: 'warning', code: 'lint/suppression-without-reason', message, help: 'add `reason:`', span }];
    }
    if (used.has(one) || !files.some(({ path }) => isAbout(one, path))) return [];
    const message = `\`${id}\` finds nothing in the files that this is about`;
    return [{ severity: 'warning', code: 'lint/suppression-unused', message, help: 'remove the suppression', span }];
  });
  return { kept, complaints };
}
