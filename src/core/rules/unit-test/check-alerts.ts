import { formatDuration, type Timestamp } from '../../base/index.ts';
import { alertName } from '../alerts/alert-samples.ts';
import { type WalkedHistory, type WalkOptions, walkedAnnotations } from '../history/walk-history.ts';
import { alertDifferences } from './differences.ts';
import type { AlertTest } from './model.ts';
import { type ComparedAlert, compareTexts, indentLines, printAlerts } from './print.ts';
import { type Running, type TestOutcome, tickBefore, type UnitTestFailure } from './running.ts';

/** Holds the alerts that fire against those that a test expects, up to the tick at which a rule failed. */
export async function checkAlerts(
  running: Running,
  history: WalkedHistory,
  walkOptions: WalkOptions,
  failedAt: Timestamp | undefined,
): Promise<TestOutcome> {
  const failures: UnitTestFailure[] = [];
  let passed = 0;
  for (const check of running.test.alertTests.toSorted((a, b) => a.evalTime - b.evalTime)) {
    const time = tickBefore(running, check.evalTime);
    if (failedAt !== undefined && failedAt <= time) break;
    const got = await firingAlerts(history, walkOptions, time, check.alertName);
    const failure = compareAlerts(running, check, got);
    if (failure === undefined) passed += 1;
    else failures.push(failure);
  }
  return { passed, failures };
}

async function firingAlerts(
  history: WalkedHistory,
  walkOptions: WalkOptions,
  time: Timestamp,
  name: string,
): Promise<readonly ComparedAlert[]> {
  const firing: ComparedAlert[] = [];
  for (const [scheduled, alerts] of history.watched.get(time) ?? []) {
    if (scheduled.rule.name !== name) continue;
    for (const walked of alerts) {
      if (walked.alert.state !== 'firing') continue;
      const annotations = await walkedAnnotations(history, scheduled, walked, walkOptions);
      firing.push({ labels: new Map(walked.alert.labels.entries()), annotations });
    }
  }
  return firing.toSorted(compareComparedAlerts);
}

function compareComparedAlerts(a: ComparedAlert, b: ComparedAlert): number {
  const byLabels = compareTexts(a.labels, b.labels);
  return byLabels === 0 ? compareTexts(a.annotations, b.annotations) : byLabels;
}

function compareAlerts(
  { source, test }: Running,
  check: AlertTest,
  got: readonly ComparedAlert[],
): UnitTestFailure | undefined {
  const expected = check.alerts
    .map(({ labels, annotations }) => ({ labels: new Map([...labels, [alertName, check.alertName]]), annotations }))
    .toSorted(compareComparedAlerts);
  const differences = alertDifferences(expected, got);
  if (differences.length === 0) return undefined;
  const name = test.name === '' ? '' : `    name: ${test.name},\n`;
  const head = `${name}    alertname: ${check.alertName}, time: ${formatDuration(check.evalTime)}, `;
  const indent = ' '.repeat(12);
  const exp = indentLines(printAlerts(expected), indent);
  const text = `${head}\n        exp:${exp}, \n        got:${indentLines(printAlerts(got), indent)}`;
  return { text, differences, place: { source, span: check.span } };
}
