import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { placeOf, type Source } from '../core/base/index.ts';
import { runUnitTests, type UnitTestFailure, type UnitTestOptions, type UnitTestResult } from '../core/rules/index.ts';
import { parseRegex, RegexError } from '../core/series/index.ts';
import { glob } from './glob.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly run?: readonly string[];
  readonly ignoreUnknownFields?: boolean;
  readonly promtoolLimits?: boolean;
  readonly format: 'text' | 'json';
}

/** `nines test`: runs rule unit tests in promtool's format on Nines' own engine. */
export function testCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('test')
    .description("run promtool's rule unit tests")
    .argument('[files...]', 'test files, or - for standard input')
    .option('-i, --input <path...>', 'more test files')
    .addOption(
      new Option('--run <pattern>', 'only tests whose name matches; may be given several times').argParser(
        (pattern: string, before: readonly string[] | undefined) => [...(before ?? []), pattern],
      ),
    )
    .option('--ignore-unknown-fields', 'let keys pass in rule files that Prometheus does not know')
    .option('--promtool-limits', 'refuse queries that touch more than 10,000 samples, as promtool does; slower')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit code: 0 all tests pass, 1 one fails, 2 a file could not be read.')
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      const problem = paths.length === 0 ? 'name test files to run, or - for standard input' : badPattern(options.run);
      if (problem === undefined) exit(await test(terminal, paths, options));
      else {
        terminal.writeError(`nines: ${problem}\n`);
        exit(2);
      }
    });
}

function badPattern(patterns: readonly string[] = []): string | undefined {
  const bad = patterns.find((pattern) => !isRegex(pattern));
  return bad === undefined ? undefined : `--run ${JSON.stringify(bad)} is no regular expression in RE2's syntax`;
}

function isRegex(pattern: string): boolean {
  try {
    parseRegex(pattern);
    return true;
  } catch (error) {
    if (error instanceof RegexError) return false;
    throw error;
  }
}

async function test(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const checkpoint = (): void => terminal.signal.throwIfAborted();
  const testOptions: UnitTestOptions = {
    ...(options.run === undefined ? {} : { run: options.run }),
    ignoreUnknownFields: options.ignoreUnknownFields === true,
    promtoolLimits: options.promtoolLimits === true,
    control: { signal: terminal.signal, checkpoint },
  };
  const results: { readonly source: Source; readonly result: UnitTestResult }[] = [];
  for (const path of paths) {
    const source = await readSource(terminal, path);
    const folder = path === '-' ? terminal.cwd : dirname(resolve(terminal.cwd, path));
    const result = await runUnitTests(source, (pattern) => readRuleSources(terminal, folder, pattern), testOptions);
    for (const warning of result.warnings) terminal.writeError(`  WARNING: ${warning}\n`);
    if (options.format === 'text') terminal.write(printResult(source, result));
    results.push({ source, result });
  }
  if (options.format === 'json') terminal.write(`${JSON.stringify(results.map(jsonResult), undefined, 2)}\n`);
  return results.some(({ result }) => 0 < result.failed) ? 1 : 0;
}

async function readSource(terminal: Terminal, path: string): Promise<Source> {
  if (path === '-') return { name: '<stdin>', text: await terminal.readInput() };
  return readText(terminal, resolve(terminal.cwd, path), path);
}

async function readText(terminal: Terminal, absolute: string, path: string): Promise<Source> {
  const inside = relative(terminal.cwd, absolute);
  try {
    return { name: inside.startsWith('..') ? absolute : inside, text: await readFile(absolute, 'utf8') };
  } catch (error) {
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}

async function readRuleSources(terminal: Terminal, folder: string, pattern: string): Promise<readonly Source[]> {
  const found = await glob(folder, pattern);
  return Promise.all(found.map((path) => readText(terminal, path, path)));
}

/** What promtool prints, with the place of each check and the difference behind it. */
function printResult(source: Source, { failures }: UnitTestResult): string {
  const head = `Unit Testing:  ${source.name}\n`;
  if (failures.length === 0) return `${head}  SUCCESS\n\n`;
  return `${head}  FAILED:\n${failures.map(printFailure).join('\n')}\n`;
}

function printFailure({ text, differences, place }: UnitTestFailure): string {
  const lines = [text];
  if (place !== undefined) {
    const { line, column } = placeOf(place.source.text, place.span.start);
    lines.push(`        at: ${place.source.name}:${line}:${column}`);
  }
  lines.push(...differences.map((difference) => `        ${difference}`));
  return `${lines.join('\n')}\n`;
}

function jsonResult({ source, result }: { readonly source: Source; readonly result: UnitTestResult }): unknown {
  const { passed, failed, failures, warnings } = result;
  return {
    file: source.name,
    passed,
    failed,
    warnings,
    failures: failures.map(({ text, differences, place }) => ({
      text,
      differences,
      ...(place === undefined ? {} : placeOf(place.source.text, place.span.start)),
    })),
  };
}
