/** One check of a file: an evaluation of a script, a recorded query, a unit test. */
export interface Check {
  /** Where it stands and what it is about: `line 12: sum(up)`. */
  readonly name: string;
  /** What is wrong; empty if it passed. */
  readonly problems: readonly string[];
}

/** What came of one file. */
export interface FileReport {
  readonly path: string;
  readonly checks: readonly Check[];
}

/** How many checks passed and how many did not. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export function tally(reports: readonly FileReport[]): Tally {
  let passed = 0;
  let failed = 0;
  for (const { checks } of reports) {
    for (const { problems } of checks) {
      if (problems.length === 0) passed += 1;
      else failed += 1;
    }
  }
  return { passed, failed };
}

/** The line that closes a file, or the whole run. */
export function tallyText({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}

/** A file's result with its first failures, each with its first problem; `all` shows every one. */
export function formatReport(report: FileReport, all: boolean): string {
  const lines = [`${report.path}: ${tallyText(tally([report]))}`];
  const failures = report.checks.filter(({ problems }) => 0 < problems.length);
  const shown = all ? failures : failures.slice(0, shownFailures);
  for (const { name, problems } of shown) {
    lines.push(`  ${name}`);
    for (const problem of all ? problems : problems.slice(0, 1))
      lines.push(`    ${problem.replaceAll('\n', '\n    ')}`);
    if (!all && 1 < problems.length) lines.push(`    ... and ${problems.length - 1} more`);
  }
  if (shown.length < failures.length) lines.push(`  ... ${failures.length - shown.length} more; --verbose shows all`);
  return lines.join('\n');
}

const shownFailures = 5;
