import { type LocatedDiagnostic, timestamp } from '../../core/base/index.ts';
import { type KnownMetrics, type LintOptions, lintServices } from '../../core/lint/index.ts';
import type { LoadedDefinitions, LoadedFile } from '../definitions.ts';
import type { Terminal } from '../terminal.ts';
import { documentFindings, type LoadedDocument } from './lint-documents.ts';
import { definitionsOf, type LintInputs } from './lint-inputs.ts';
import { type LintedFile, settingsFinder } from './lint-settings.ts';

/** What the command line says of the checks. */
export interface CheckOptions {
  readonly off?: readonly string[];
  readonly prose?: boolean;
}

/** All that is wrong or unwise in some inputs. */
export interface LintResult {
  readonly loaded: LoadedDefinitions;
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/**
 * Lints inputs, again and again: what a file had found in it stays as long as the file is the same object. Settings are read once; who
 * changed them asks for a new one.
 */
export function linter(
  terminal: Pick<Terminal, 'cwd' | 'signal'>,
  { off = [], prose }: CheckOptions,
): (inputs: LintInputs, metrics: KnownMetrics | undefined) => Promise<LintResult> {
  const known = new WeakMap<LoadedFile | LoadedDocument, readonly LocatedDiagnostic[]>();
  const finder = settingsFinder(terminal);
  const optionsFor = async (name: string, metrics: KnownMetrics | undefined): Promise<LintOptions> => {
    const settings = await finder.settingsOf(name);
    return {
      checks: { ...settings.checks, ...Object.fromEntries(off.map((id) => [id, 'off' as const])) },
      prose: settings.prose || prose === true,
      now: timestamp(Date.now()),
      ...(metrics === undefined ? {} : { metrics }),
    };
  };
  const findings = async (
    input: LoadedFile | LoadedDocument,
    metrics: KnownMetrics | undefined,
  ): Promise<readonly LocatedDiagnostic[]> => {
    const before = known.get(input);
    if (before !== undefined) return before;
    terminal.signal.throwIfAborted();
    const { source } = input;
    const options = await optionsFor(source.name, metrics);
    const found =
      'services' in input
        ? lintServices(input.services, source, options).map((diagnostic) => ({ ...diagnostic, source }))
        : documentFindings(input, options, terminal.cwd);
    known.set(input, found);
    return found;
  };
  return async (inputs, metrics) => {
    const files: LintedFile[] = [];
    for (const input of [...inputs.definitions.values(), ...inputs.documents.values()])
      files.push({ name: input.source.name, found: await findings(input, metrics) });
    const loaded = definitionsOf(inputs);
    const diagnostics = [...loaded.diagnostics, ...(await finder.apply(files))];
    return { loaded, diagnostics: diagnostics.toSorted(inOrderOf(files.map(({ name }) => name))) };
  };
}

/** By file as they were read, the files of settings last, then by place. */
function inOrderOf(names: readonly string[]): (a: LocatedDiagnostic, b: LocatedDiagnostic) => number {
  const position = new Map(names.map((name, index) => [name, index]));
  const of = ({ source }: LocatedDiagnostic) => position.get(source.name) ?? names.length;
  return (a, b) => of(a) - of(b) || a.span.start - b.span.start;
}
