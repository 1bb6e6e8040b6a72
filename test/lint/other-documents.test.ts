import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findingsIn } from './seed-documents.ts';

/** Documents of other forms than those that the checks grew up with: in each, mistakes were made on purpose. */
const folder = join(import.meta.dirname, 'testdata');

/** What was planted, as `line check`; and what else is true of the texts and nobody thought of when writing them. */
const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'table-of-targets.md',
    [
      '10 histogram-bucket-bound',
      '10 quantile-without-le',
      '11 promql-syntax',
      '18 budget-table-arithmetic',
      '21 exhaustion-claim',
      '27 policy-bounds',
      '29 policy-bounds',
      '36 threshold-vs-slo',
    ],
    [
      '9 window-mismatch',
      '10 slo-without-alert',
      '11 slo-without-alert',
      '27 policy-not-bound',
      '27 policy-not-computable',
      '34 rule-file-wrapper',
    ],
  ],
  [
    'like-asciidoc.md',
    [
      '16 promql-syntax',
      '25 name-vs-severity',
      '26 alert-false-positive',
      '26 no-data',
      '31 absent-numerator',
      '44 budget-table-arithmetic',
    ],
    ['37 histogram-bucket-bound', '37 slo-without-alert'],
  ],
  [
    'dashboards-in-json.md',
    [
      '24 dashboard-json',
      '29 budget-formula',
      '29 not-a-budget',
      '36 dashboard-json',
      '38 quantile-without-le',
      '39 dashboard-json',
      '39 promql-syntax',
      '57 missing-for-annotations',
      '58 alert-threshold-vs-slo',
    ],
    [
      '15 dashboard-json',
      '20 range-vs-retention',
      '24 dashboard-json',
      '33 dashboard-json',
      '49 histogram-bucket-bound',
      '58 histogram-bucket-bound',
    ],
  ],
  [
    'bullets.md',
    [
      '3 response-exceeds-budget',
      '4 definition-drift',
      '5 budget-table-arithmetic',
      '6 exhaustion-claim',
      '15 glob-vs-regex',
      '16 absent-never-fires',
      '20 response-exceeds-budget',
    ],
    ['4 window-mismatch', '7 histogram-bucket-bound'],
  ],
  [
    'plain-english.md',
    [
      '9 budget-table-arithmetic',
      '19 quantile-without-le',
      '24 burn-threshold-scale',
      '32 threshold-vs-slo',
      '40 alert-threshold-vs-slo',
      '40 quantile-beyond-buckets',
    ],
    ['13 range-vs-retention'],
  ],
  [
    'like-the-workbook.md',
    ['27 ratio-valid-events', '48 rule-file-wrapper'],
    [
      '24 range-vs-retention',
      '25 histogram-bucket-bound',
      '25 range-vs-retention',
      '25 slo-without-alert',
      '27 range-vs-retention',
      '27 slo-without-alert',
      '48 missing-for-annotations',
    ],
  ],
  [
    'exported-tables.md',
    [
      '18 budget-table-arithmetic',
      '20 alert-missing',
      '26 label-undeclared',
      '27 label-undeclared',
      '34 histogram-bucket-bound',
      '47 label-undeclared',
      '48 label-undeclared',
      '49 promql-syntax',
      '56 policy-bounds',
      '57 policy-bounds',
      '58 policy-bounds',
      '64 sla-not-looser',
    ],
    [
      '20 slo-without-alert',
      '26 window-mismatch',
      '34 window-mismatch',
      '55 policy-not-bound',
      '55 policy-not-computable',
    ],
  ],
  ['decimal-commas.md', ['6 budget-table-arithmetic', '11 burn-threshold-scale', '13 budget-table-arithmetic'], []],
];

test.each(cases)('%s: what was planted is found, and nothing that is not so', (file, planted, besides) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const found = findingsIn(file, text, { prose: true }).map(({ line, rule }) => `${line} ${rule}`);
  expect(found.toSorted()).toEqual([...planted, ...besides].toSorted());
});

describe('the same documents without mistakes', () => {
  const right = readdirSync(join(folder, 'right'));

  test.each(right)('%s has no finding but that an objective has no alert', (file) => {
    const text = readFileSync(join(folder, 'right', file), 'utf8');
    const found = findingsIn(file, text, { prose: true }).filter(({ rule }) => rule !== 'slo-without-alert');
    expect(found).toEqual([]);
  });
});
