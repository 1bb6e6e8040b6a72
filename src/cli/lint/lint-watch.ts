import { basename } from 'node:path';
import { listen } from '../file-watch.ts';
import { describeError } from '../program.ts';
import type { Terminal } from '../terminal.ts';
import { type LintInputs, readInputs, rereadInputs } from './lint-inputs.ts';
import { settingsFiles } from './lint-settings.ts';

/**
 * Reads what is linted, and again whatever changes of it, until Ctrl-C. `take` gets everything each time, and whether settings may have
 * changed; files that did not change are the same objects as before.
 */
export async function watchInputs(
  terminal: Terminal,
  paths: readonly string[],
  take: (inputs: LintInputs, isAnew: boolean) => Promise<unknown>,
): Promise<void> {
  const changes = listen(terminal, paths, settingsFiles);
  try {
    let inputs = await readInputs(terminal, paths);
    changes.follow();
    await take(inputs, true);
    const count = inputs.definitions.size + inputs.documents.size;
    terminal.writeError(`nines: watching ${count} file${count === 1 ? '' : 's'}; Ctrl-C ends it\n`);
    for (;;) {
      const changed = await changes.next();
      if (changed === undefined) return;
      try {
        const isAnew = changed.needsAll || [...changed.paths].some((path) => settingsFiles.includes(basename(path)));
        if (isAnew) {
          inputs = await readInputs(terminal, paths);
          changes.follow();
          await take(inputs, true);
        } else if (await rereadInputs(terminal, inputs, changed.paths)) await take(inputs, false);
      } catch (error) {
        if (terminal.signal.aborted) return;
        // A file may be gone again before it is read; what is right on the disk is read with the next change.
        terminal.writeError(`nines: ${describeError(error)}\n`);
      }
    }
  } finally {
    changes.close();
  }
}
