import type { Severity } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import type { YamlPath } from '../yaml/index.ts';
import type { KnownMetrics } from './known-metrics.ts';

/** One thing that a linter looks for: its file, its entry in the reference and its key in a configuration have the same name. */
export interface Check {
  /** Words joined by hyphens; with `lint/` before it, the code of its diagnostics. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong when it finds something: one sentence. */
  readonly meaning: string;
  readonly remedy: string;
  /** Whether it asks for what only definitions of Nines say in the same file: of another tool's, nothing follows from its absence. */
  readonly ownOnly?: true;
  /** `known` is what is known of metrics from elsewhere than the definition. */
  readonly run: (service: Service, known: KnownMetrics | undefined) => readonly Finding[];
}

/** What a check found, and where in the definition. */
interface Finding {
  readonly message: string;
  readonly help?: string;
  /** Keys from the top of the definition; the nearest one that the text has is shown. */
  readonly path: YamlPath;
}
