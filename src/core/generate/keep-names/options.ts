import type { PyrraNames, SlothAlertWindows, SlothNames } from '../../formats/index.ts';

/** The tools whose names can be kept. */
export const keptTools = ['sloth', 'pyrra'] as const;
export type KeptTool = (typeof keptTools)[number];

/**
 * Where the shares of the windows come from: `raw` reads the service's own counters over each window, word for word as the other tool
 * does; `recorded` sums the recorded increases, which is exact and cheap but knows nothing of the time before.
 */
export const windowSources = ['raw', 'recorded'] as const;
export type WindowSource = (typeof windowSources)[number];

/** What is to be known to write rules as another tool would. */
export interface KeepNames {
  readonly tool: KeptTool;
  readonly windowSource: WindowSource;
  /** Labels for everything that is recorded under the other tool's names, as Sloth's flag of this name adds them. */
  readonly extraLabels: ReadonlyMap<string, string>;
  /** What the other tool's own files call the objectives; the others get the names that they would have there. */
  readonly slothNames: readonly SlothNames[];
  /** Objectives of Sloth that are no objectives here, because their queries are no sums of counters: the queries are kept. */
  readonly slothLeftOut: readonly SlothNames[];
  readonly pyrraNames: readonly PyrraNames[];
  /** The windows that Sloth's files were read with, where they are not Sloth's own. */
  readonly slothWindows?: SlothAlertWindows;
}

/** The other tool's own expressions, and no more labels than it sets. */
export function keepNamesOf(tool: KeptTool, more: Partial<Omit<KeepNames, 'tool'>> = {}): KeepNames {
  return {
    tool,
    windowSource: 'raw',
    extraLabels: new Map(),
    slothNames: [],
    slothLeftOut: [],
    pyrraNames: [],
    ...more,
  };
}
