import { duration, formatDuration } from '../../base/index.ts';
import { printRuleFile } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { commented, header } from '../mark.ts';
import { ruleFileName, rulesHeader } from '../prometheus-target.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { casesOf } from './cases.ts';
import { subjectsOf } from './subjects.ts';

/** Unit tests of the rules for `promtool test rules` and `nines test`, with the rules beside them. */
export const promtoolTarget: ArtefactTarget = {
  name: 'promtool',
  about: 'unit tests of the rules for promtool and nines test, with the rules beside them',
  folder: 'promtool',
  ofService: writeTests,
};

function writeTests(service: Service, context: GenerateContext): TargetFiles {
  const { file, diagnostics } = context.rulesOf(service);
  const { interval } = context.options;
  const tested = subjectsOf(service, file, interval);
  const absentFor = duration(Math.max(0, ...service.slos.map((slo) => slo.absentFor)));
  const frame = { service: service.name, job: service.job, interval, absentFor };
  const cases = casesOf(tested.subjects, frame);
  const tests: YamlValue = {
    rule_files: [ruleFileName(service)],
    evaluation_interval: formatDuration(interval),
    // Without it promtool evaluates the groups in a new order each time it runs, and a group that reads another one's series is a step late.
    group_eval_order: file.groups.map(({ name }) => name),
    tests: cases.tests,
  };
  const notes = [
    'What is tested: docs/reference/generated-tests.md of Nines.',
    ...tested.diagnostics.map(({ message }) => `Not tested: ${message}`),
    ...cases.notes.map((alert) => `Silent in every case here: ${alert}`),
  ];
  const comment = commented(header([service], notes.join('\n')));
  return {
    files: new Map([
      [ruleFileName(service), printRuleFile(file, { header: rulesHeader([service]) })],
      [`${service.name}.tests.yaml`, `${comment}${printYaml(tests)}`],
    ]),
    diagnostics: [...diagnostics, ...tested.diagnostics],
  };
}
