import { type FileReport, formatReport, tally, tallyText } from './report.ts';
import { findFiles, runFile } from './run.ts';

const usage = `usage: npm run conformance -- [--verbose] PATH...

Runs test scripts of Prometheus (*.test), recorded answers (*.jsonl, *.jsonl.gz with data.jsonl.gz beside them) and promtool's rule unit
tests (YAML with tests); of a folder all of them. Exit code: 0 all passed, 1 some failed, 2 could not tell.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const verbose = args.includes('--verbose');
  const paths = args.filter((arg) => arg !== '--verbose');
  if (paths.length === 0 || paths.some((path) => path.startsWith('-'))) {
    console.error(usage);
    return 2;
  }
  const reports: FileReport[] = [];
  let unreadable = 0;
  for (const path of paths) {
    try {
      const files = findFiles(path);
      if (files.length === 0) throw new Error(`there is nothing to run in ${path}`);
      for (const file of files) {
        const report = await runFile(file);
        console.log(formatReport(report, verbose));
        reports.push(report);
      }
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      unreadable += 1;
    }
  }
  const total = tally(reports);
  console.log(tallyText(total));
  if (0 < unreadable) return 2;
  return total.failed === 0 ? 0 : 1;
}
