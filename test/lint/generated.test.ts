import { expect, test } from 'vitest';
import { artefactTargets, generateArtefacts } from '../../src/core/generate/index.ts';
import { documentKind, lintDocument } from '../../src/core/lint/index.ts';
import { example, exampleNames } from '../example-services.ts';

/** What is true of the five systems as their documents want them, so that what follows from their definitions cannot be otherwise. */
const known: Readonly<Record<string, readonly string[]>> = {
  // Thresholds of operations say what to do in a word; no document has a runbook for them.
  'comfyui-api': ['missing-for-annotations'],
  // The document demands an alert `CriticalLatencySLO` that is a warning, a table without a state for a budget that is gone, and a gauge
  // of one process as a panel.
  dumbkv: ['name-vs-severity', 'policy-bounds', 'gauge-unaggregated'],
  // A backup a day leaves no room for a failure within a week.
  'koder-flow': ['low-volume-window'],
  // An hour to respond is more than a day's budget for errors.
  pactodo: ['response-exceeds-budget'],
  // A matrix of risk beside the policy parts the same budgets at other bounds, and has no state for a budget that is gone.
  'task-mcp': ['policy-conflict', 'policy-bounds'],
};

test.each(exampleNames)(
  'what is generated from %s has no finding of our own linter but what its document asks for',
  (name) => {
    const looked = new Set<string>();
    // Several targets have the same boards and rules in other folders.
    const seen = new Set<string>();
    const found = artefactTargets.flatMap((target) =>
      [...generateArtefacts([example(name)], [target])].flatMap(({ files }) =>
        files.flatMap((file) => {
          if (seen.has(file.text)) return [];
          seen.add(file.text);
          const source = { name: file.path, text: file.text };
          const kind = documentKind(source);
          if (kind === undefined) return [];
          looked.add(kind);
          return lintDocument(source, kind, { prose: true }).map(
            ({ code, message }) => [code.replace('lint/', ''), `${target.name} ${file.path}: ${message}`] as const,
          );
        }),
      ),
    );
    expect(found.filter(([id]) => !known[name]?.includes(id))).toEqual([]);
    expect([...new Set(found.map(([id]) => id))].toSorted()).toEqual(known[name]?.toSorted());
    expect([...looked].toSorted()).toEqual(expect.arrayContaining(['alertmanager', 'dashboard', 'markdown', 'rules']));
  },
);
