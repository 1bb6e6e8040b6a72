import { type Diagnostic, unreachable } from '../../base/index.ts';
import { isPending } from '../../generate/index.ts';
import { printExpr, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { AlertCondition, ConditionAlert, Service, Slo } from '../../slo/index.ts';
import { type Examination, inTurn, seriesOf } from './gather.ts';
import { sayer } from './say.ts';

/** What is wrong with the data of an objective's alerts on conditions: series that are not there let them never fire, or for ever. */
export async function judgeAlerts(asked: Examination, service: Service, slo: Slo): Promise<readonly Diagnostic[]> {
  if (isPending(service, slo)) return [];
  const say = sayer({ service, slo });
  const findings = await inTurn(slo.conditionAlerts, async (alert: ConditionAlert) => {
    const silent: Look[] = [];
    for (const look of looksOf(alert.when)) if (await isSilent(asked, look)) silent.push(look);
    return silent.map(({ selector, waits }) => {
      const text = `\`${printExpr(selector)}\``;
      return waits
        ? say('doctor/absent', `${alert.name} fires for ever: there was no ${text} at all`)
        : say('doctor/no-data', `${alert.name} can't fire: ${text} has no series`, { severity: 'warning' });
    });
  });
  return findings.flat();
}

async function isSilent(asked: Examination, { selector }: Look): Promise<boolean> {
  const { offset: _, ...plain } = selector;
  return !(await seriesOf(asked, plain)).some((value) => 0 < value);
}

/** A selector of an alert; one that waits for series to go missing fires without them. */
interface Look {
  readonly selector: VectorSelector;
  readonly waits: boolean;
}

function looksOf(when: AlertCondition): readonly Look[] {
  switch (when.kind) {
    case 'absent':
      return selectorsOf(when.series).map((selector) => ({ selector, waits: true }));
    case 'threshold':
      return selectorsOf(when.value).map((selector) => ({ selector, waits: false }));
    case 'relative':
      return selectorsOf(when.counter).map((selector) => ({ selector, waits: false }));
    case 'progress':
      // What counts only trouble is born with it; what stands still for want of series is meant to fire.
      return [];
    case 'all':
    case 'any':
      return when.of.flatMap(looksOf);
    default:
      return unreachable(when);
  }
}
