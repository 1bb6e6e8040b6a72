import { type Diagnostic, formatDuration } from '../../base/index.ts';
import { printRuleFile } from '../../rules/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { about } from '../codes.ts';
import { countersOf } from '../counters.ts';
import { levelsOf } from '../levels.ts';
import { header } from '../mark.ts';
import { ruleFileName, rulesHeader } from '../prometheus-target.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { casesOf } from './cases.ts';
import { eventSeries } from './inputs.ts';

/** Unit tests of the rules for `promtool test rules` and `nines test`, with the rules beside them. */
export const promtoolTarget: ArtefactTarget = {
  name: 'promtool',
  about: 'unit tests of the rules for promtool and nines test, with the rules beside them',
  folder: 'promtool',
  ofService: writeTests,
};

function writeTests(service: Service, context: GenerateContext): TargetFiles {
  const { file, diagnostics } = context.rulesOf(service);
  const tested = service.slos.map((slo) => testsOf(service, slo, context));
  const tests: YamlValue = {
    rule_files: [ruleFileName(service)],
    evaluation_interval: formatDuration(context.options.interval),
    // Without it promtool evaluates the groups in a new order each time it runs, and a group that reads another one's series is a step late.
    group_eval_order: file.groups.map(({ name }) => name),
    tests: tested.flatMap(({ cases }) => cases),
  };
  const comment = header([service], 'What is tested: docs/reference/generated-tests.md of Nines.')
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');
  return {
    files: new Map([
      [ruleFileName(service), printRuleFile(file, { header: rulesHeader([service]) })],
      [`${service.name}.tests.yaml`, `${comment}${printYaml(tests)}`],
    ]),
    diagnostics: [...diagnostics, ...tested.flatMap((each) => each.diagnostics)],
  };
}

interface SloTests {
  readonly cases: readonly YamlValue[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The cases of one objective; those that count no events of their own, or whose series can't be made up, have none and say so. */
function testsOf(service: Service, slo: Slo, { options }: GenerateContext): SloTests {
  if (slo.lifecycle === 'draft' || slo.lifecycle === 'retired') return { cases: [], diagnostics: [] };
  const untested = (reason: string): SloTests => ({
    cases: [],
    diagnostics: [about(service, slo, 'generate/untested', `it has no unit tests: ${reason}`)],
  });
  if (slo.measure.kind !== 'events') return untested('its slices are judged by the tests of Nines itself');
  if (slo.indicator.kind === 'composite') return untested('its members have tests of their own');
  if (0 < slo.groupBy.length) return untested('it has a budget for each group');
  const counters = countersOf(service, slo);
  if ('length' in counters) return { cases: [], diagnostics: [] };
  const series = eventSeries(service, counters);
  if (series === undefined) return untested('no labels were found that its selectors tell apart');
  return { cases: casesOf({ service, slo, levels: levelsOf(slo, options.interval), series }), diagnostics: [] };
}
