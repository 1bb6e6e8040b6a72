/**
 * What `nines lint` costs: `npm run bench:lint [-- files objectives-each]`, by default 200 files of 50 objectives, once as they are and once
 * held against a page of metrics; then how long `--watch` takes from the writing of one more objective to the new findings. Each time is
 * that of a process of its own, with its peak of memory. Beside it stands that of the processor, all threads together, which other
 * programs disturb less; and the speed of a plain loop, since machines differ.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definitionText, objectiveText } from '../generate/definitions.ts';
import { machineSpeed, measureCommand, measureWatch, numbersOrUsage } from '../programs.ts';

const [files, each] = numbersOrUsage(
  'npm run bench:lint [-- FILES OBJECTIVES_EACH]: what linting costs, by default of 200 files of 50 objectives',
  [200, 50],
);
const folder = mkdtempSync(join(tmpdir(), 'nines-bench-lint-'));
const page = `# TYPE http_requests_total counter
http_requests_total{code="200",route="/r0"} 1
# TYPE http_seconds histogram
http_seconds_bucket{route="/r1",le="0.1"} 1
http_seconds_bucket{route="/r1",le="0.5"} 1
http_seconds_bucket{route="/r1",le="1"} 1
http_seconds_bucket{route="/r1",le="5"} 1
http_seconds_bucket{route="/r1",le="+Inf"} 1
http_seconds_count{route="/r1"} 1
http_seconds_sum{route="/r1"} 0.1
`;

try {
  mkdirSync(join(folder, 'slos'));
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(folder, 'slos', `service-${index}.slo.yaml`), definitionText(index, each));
  writeFileSync(join(folder, 'page.txt'), page);
  console.log(`${files * each} objectives in ${files} files; ${machineSpeed()}`);
  await measureCommand('nines lint slos', folder);
  await measureCommand('nines lint slos --metrics page.txt', folder);
  await measureWatch({
    line: 'nines lint slos --watch',
    folder,
    change: (round) => appendFileSync(join(folder, 'slos', 'service-0.slo.yaml'), objectiveText(each + round)),
    seen: 'looked at',
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
