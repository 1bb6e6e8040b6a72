import { type Diagnostic, type Duration, unreachable } from '../../base/index.ts';
import type { RuleFile } from '../../rules/index.ts';
import type { ConditionAlert, Service, Slo } from '../../slo/index.ts';
import { about } from '../codes.ts';
import { countersOf } from '../counters.ts';
import { compositeSubject, type TestedComposite, testedComposite } from './composite-subject.ts';
import { alertSubject, type Owner } from './condition-alerts.ts';
import { hasFormerName } from './event-series.ts';
import { formerNameSubject, objectiveSubject } from './objective-subject.ts';
import { raises } from './raised.ts';
import type { Subject } from './subject.ts';
import { type TestedObjective, testedObjective } from './tested-objective.ts';
import { thresholdSubjects } from './thresholds.ts';

/** What of a service is tested, and what is not. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The subjects of a service: its objectives, and those alerts that need series of their own. */
export function subjectsOf(service: Service, file: RuleFile, interval: Duration): Subjects {
  const rules = file.groups.flatMap((group) => group.rules);
  // What has no rules, for whatever reason, has been told of.
  const hasRules = ({ name }: Slo): boolean => rules.some(({ labels }) => labels.get('slo') === name);
  const raised = new Set(rules.flatMap((rule) => (rule.kind === 'alerting' ? [rule.alert] : [])));
  const isRaised = ({ name }: ConditionAlert): boolean => raised.has(name);
  const subjects: Subject[] = [];
  const diagnostics: Diagnostic[] = [];
  const add = (owner: Owner, found: Subject | string): void => {
    if (typeof found !== 'string') subjects.push(found);
    else diagnostics.push(about(service, owner.slo, 'generate/untested', `it has no unit tests: ${found}`));
  };
  for (const slo of service.slos.filter(hasRules)) {
    const { subject, alerts } = ofObjective(service, slo, slo.conditionAlerts.filter(isRaised), interval);
    if (subject !== undefined) add({ service, slo }, subject);
    const former = formerName(service, slo, interval);
    if (former !== undefined) add({ service, slo }, former);
    for (const alert of alerts) add({ service, slo }, alertSubject({ service, slo }, alert, interval));
  }
  for (const alert of service.alerts.filter(isRaised)) add({ service }, alertSubject({ service }, alert, interval));
  for (const threshold of service.thresholds) {
    for (const subject of thresholdSubjects(service, threshold, interval)) add({ service }, subject);
  }
  return { subjects, diagnostics };
}

interface OfObjective {
  readonly subject?: Subject | string;
  /** Its alerts that the subject does not test. */
  readonly alerts: readonly ConditionAlert[];
}

function ofObjective(
  service: Service,
  slo: Slo,
  conditionAlerts: readonly ConditionAlert[],
  interval: Duration,
): OfObjective {
  const { indicator } = slo;
  switch (indicator.kind) {
    case 'composite':
      return { subject: composed(testedComposite(service, slo, indicator, interval)), alerts: conditionAlerts };
    case 'external':
      // Nothing is generated for it, which is told elsewhere.
      return { alerts: conditionAlerts };
    case 'ratio':
    case 'distribution':
    case 'queries':
    case 'condition': {
      const tested = testedObjective(service, slo, interval);
      if (typeof tested === 'string') return { subject: tested, alerts: conditionAlerts };
      const own = conditionAlerts.filter((alert) => isRaisedBy(tested, alert, interval));
      return {
        subject: objectiveSubject(tested, own),
        alerts: conditionAlerts.filter((alert) => !own.includes(alert)),
      };
    }
    default:
      return unreachable(indicator);
  }
}

function composed(tested: TestedComposite | string): Subject | string {
  return typeof tested === 'string' ? tested : compositeSubject(tested);
}

/** What an objective looks like under the former name of its metric; undefined if that has none. */
function formerName(service: Service, slo: Slo, interval: Duration): Subject | string | undefined {
  const { kind } = slo.indicator;
  if (kind !== 'ratio' && kind !== 'distribution') return undefined;
  const counters = countersOf(service, slo);
  if ('length' in counters || !hasFormerName(counters)) return undefined;
  const own = testedObjective(service, slo, interval);
  const former = testedObjective(service, slo, interval, { naming: 'former' });
  if (typeof own === 'string' || typeof former === 'string') return undefined;
  return formerNameSubject(former, own);
}

/** Whether the incident of an objective raises one of its alerts; what rose is told from what it was by series of its own. */
function isRaisedBy(tested: TestedObjective, alert: ConditionAlert, interval: Duration): boolean {
  if (alert.when.kind === 'relative') return false;
  return raises(objectiveSubject(tested, [alert]), alert.name, { job: tested.service.job, interval });
}
