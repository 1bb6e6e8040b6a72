import { failures, formatResults, type Result, runFile, tally } from './report.ts';

const usage = `usage: npm run vectors -- [--verbose] FILE...

Runs numeric vectors on the functions of the product: JSON lists of { id, group, input, expected, tolerance, source, note }.
Exit code: 0 all passed, 1 some failed, 2 could not tell.`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const verbose = args.includes('--verbose');
  const paths = args.filter((arg) => arg !== '--verbose');
  if (paths.length === 0 || paths.some((path) => path.startsWith('-'))) {
    console.error(usage);
    return 2;
  }
  const results: Result[] = [];
  let unreadable = 0;
  for (const path of paths) {
    try {
      const own = await runFile(path);
      console.log(formatResults(own, verbose));
      results.push(...own);
    } catch (error) {
      console.error(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      unreadable += 1;
    }
  }
  console.log(tally(results));
  if (0 < unreadable) return 2;
  return failures(results) === 0 ? 0 : 1;
}
