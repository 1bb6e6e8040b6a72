/**
 * What `nines generate` costs over many objectives: `npm run bench:generate [-- services objectives-each]`, by default 1,000 services of
 * 10. It prints the time from YAML to definitions, from definitions to rules, from rules to their text, of the whole command in a process of
 * its own with its peak of memory, and how long `--watch` takes from the writing of one more objective to the new rules. Beside each time
 * stands that of the processor, all threads together, which other programs disturb less; and the speed of a plain loop, since machines differ.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRules, printRuleFile, readServices } from '../compiled.ts';
import { type Cost, machineSpeed, measureCommand, measureWatch, numbersOrUsage, shown, time } from '../programs.ts';
import { definitionText, objectiveText } from './definitions.ts';

const [services, each] = numbersOrUsage(
  'npm run bench:generate [-- SERVICES OBJECTIVES_EACH]: what generating costs, by default of 1,000 services of 10 objectives',
  [1000, 10],
);
const folder = mkdtempSync(join(tmpdir(), 'nines-bench-generate-'));
const texts = Array.from({ length: services }, (_, index) => definitionText(index, each));

try {
  console.log(`${services * each} objectives in ${services} files; ${machineSpeed()}`);
  const read = time(() => texts.flatMap((text, index) => definitionsOf(`${index}.yaml`, text)));
  console.log(`YAML to definitions: ${shown(read)}`);
  let toRules: Cost = { ms: 0, cpu: 0 };
  let toText: Cost = toRules;
  let bytes = 0;
  // One service after the other, as the command does: the rules of all would not be held at once.
  for (const service of read.value) {
    const rules = time(() => generateRules(service));
    const text = time(() => Buffer.byteLength(printRuleFile(rules.value.file)));
    toRules = sum(toRules, rules);
    toText = sum(toText, text);
    bytes += text.value;
  }
  console.log(`definitions to rules: ${shown(toRules)}`);
  console.log(`rules to text: ${shown(toText)}, for ${(bytes / 1e6).toFixed(0)} MB`);
  console.log(`definitions to the text of their rules: ${shown(sum(toRules, toText))}`);
  mkdirSync(join(folder, 'slos'));
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, 'slos', `service-${index}.slo.yaml`), text);
  await measureCommand('nines generate slos -o out', folder);
  await measureWatch({
    line: 'nines generate slos -o out --watch',
    folder,
    change: (round) => appendFileSync(join(folder, 'slos', 'service-0.slo.yaml'), objectiveText(each + round)),
    seen: 'wrote',
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function definitionsOf(name: string, text: string) {
  const outcome = readServices({ name, text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function sum(a: Cost, b: Cost): Cost {
  return { ms: a.ms + b.ms, cpu: a.cpu + b.cpu };
}
