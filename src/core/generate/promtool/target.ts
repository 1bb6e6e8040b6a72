import { duration, formatDuration } from '../../base/index.ts';
import { printRuleFile } from '../../rules/index.ts';
import { instantText, type Service } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { commented, header } from '../mark.ts';
import { ruleFileName, rulesHeader } from '../prometheus-target.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { casesOf } from './cases.ts';
import { momentTests } from './moment-tests.ts';
import { momentsOf } from './moments.ts';
import { movedRules } from './moved-rules.ts';
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
  const moments = momentsOf(service).map((moment) => ({ ...moment, ...momentTests(service, moment, frame) }));
  const notes = [
    pageOfTests,
    ...[...tested.diagnostics, ...moments.flatMap((moment) => moment.diagnostics)].map(
      ({ message }) => `Not tested: ${message}`,
    ),
    ...cases.notes.map((alert) => `Silent in every case here: ${alert}`),
  ];
  const shown = (rules: string, tests: readonly YamlValue[], comment: readonly string[]): string => {
    const value: YamlValue = {
      rule_files: [rules],
      evaluation_interval: formatDuration(interval),
      // Without it promtool evaluates the groups in a new order each time it runs, and a group that reads another one's series is a step late.
      group_eval_order: file.groups.map(({ name }) => name),
      tests,
    };
    return `${commented(header([service], comment.join('\n')))}${printYaml(value)}`;
  };
  return {
    files: new Map([
      [ruleFileName(service), printRuleFile(file, { header: rulesHeader([service]) })],
      [`${service.name}.tests.yaml`, shown(ruleFileName(service), cases.tests, notes)],
      ...moments
        .filter(({ tests }) => 0 < tests.length)
        .flatMap(({ name, begins, tests }): readonly (readonly [string, string])[] => {
          // Not so called that a pattern for rule files could mean it.
          const rules = `${service.name}.${name}.moved-rules.yaml`;
          const time = instantText(begins);
          const moved = `For tests alone, never to be loaded: the same rules with the clock put forward from 1970 to ${time}.`;
          return [
            [rules, printRuleFile(movedRules(file, begins), { header: header([service], moved) })],
            [`${service.name}.${name}.tests.yaml`, shown(rules, tests, [pageOfTests, `They begin at ${time}.`])],
          ];
        }),
    ]),
    diagnostics: [...diagnostics, ...tested.diagnostics, ...moments.flatMap((moment) => moment.diagnostics)],
  };
}

const pageOfTests = 'What is tested: docs/reference/generated-tests.md of Nines.';
