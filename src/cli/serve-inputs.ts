import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { type Duration, formatDiagnostic, type Outcome, type Source } from '../core/base/index.ts';
import { defaultGenerateOptions, generateRules } from '../core/generate/index.ts';
import { readRuleFile } from '../core/rules/index.ts';
import type { Service } from '../core/slo/index.ts';
import type { NamedRuleFile } from '../server/index.ts';
import type { Terminal } from './terminal.ts';

/** Reads a text that a person wrote. What is wrong with it goes to standard error; errors leave nothing. */
export function checked<T>(source: Source, read: (source: Source) => Outcome<T>, terminal: Terminal): T | undefined {
  const outcome = read(source);
  for (const diagnostic of outcome.diagnostics) {
    if (diagnostic.severity !== 'info') terminal.writeError(`${formatDiagnostic({ ...diagnostic, source })}\n`);
  }
  return outcome.ok ? outcome.value : undefined;
}

/** A file that a person named; the error says which one cannot be read. */
export async function readText(path: string, terminal: Terminal): Promise<Source> {
  if (path === '-') return { name: '<stdin>', text: await terminal.readInput() };
  const absolute = resolve(terminal.cwd, path);
  const inside = relative(terminal.cwd, absolute);
  try {
    return { name: inside.startsWith('..') ? absolute : inside, text: await readFile(absolute, 'utf8') };
  } catch (error) {
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}

/** The generated rules of all services, one file a service. What cannot be generated goes to standard error; errors leave nothing. */
export function generatedRules(
  services: readonly Service[],
  interval: Duration,
  terminal: Terminal,
): readonly NamedRuleFile[] | undefined {
  let failed = false;
  const files = services.map((service): NamedRuleFile => {
    const { file, diagnostics } = generateRules(service, { ...defaultGenerateOptions, interval });
    for (const { severity, code, message } of diagnostics) {
      if (severity !== 'info') terminal.writeError(`${service.name}: ${severity} ${code}: ${message}\n`);
      failed ||= severity === 'error';
    }
    return { name: `${service.name}.rules.yaml`, file };
  });
  return failed ? undefined : files;
}

/** Rule files written by hand. All are read before any is refused. */
export async function readRuleFiles(
  paths: readonly string[],
  terminal: Terminal,
): Promise<readonly NamedRuleFile[] | undefined> {
  const files: NamedRuleFile[] = [];
  for (const path of paths) {
    const source = await readText(path, terminal);
    const file = checked(source, readRuleFile, terminal);
    if (file !== undefined) files.push({ name: source.name, file });
  }
  return files.length === paths.length ? files : undefined;
}
