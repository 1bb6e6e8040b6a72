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
  /** What the other tool's own files call the objectives, by `objectiveKey`; the others get the names that they would have there. */
  readonly slothNames: ReadonlyMap<string, SlothNames>;
  readonly pyrraNames: ReadonlyMap<string, PyrraNames>;
  /** The windows that Sloth's files were read with, where they are not Sloth's own. */
  readonly slothWindows?: SlothAlertWindows;
}

/** The same as it is put together: lists of names, of which the first one of an objective counts. */
export interface KeepNamesInput extends Partial<Omit<KeepNames, 'tool' | 'slothNames' | 'pyrraNames'>> {
  readonly slothNames?: readonly SlothNames[];
  readonly pyrraNames?: readonly PyrraNames[];
}

/** The other tool's own expressions, and no more labels than it sets, unless more is said. */
export function keepNamesOf(tool: KeptTool, input: KeepNamesInput = {}): KeepNames {
  const { slothNames = [], pyrraNames = [], ...more } = input;
  return {
    tool,
    windowSource: 'raw',
    extraLabels: new Map(),
    slothNames: byObjective(slothNames),
    pyrraNames: byObjective(pyrraNames),
    ...more,
  };
}

/** By what names are found. */
export function objectiveKey(service: string, slo: string): string {
  return `${service}/${slo}`;
}

function byObjective<T extends { readonly service: string; readonly slo: string }>(
  names: readonly T[],
): ReadonlyMap<string, T> {
  return new Map(names.toReversed().map((each) => [objectiveKey(each.service, each.slo), each]));
}
