import type { Severity, Timestamp } from '../base/index.ts';
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
  readonly run: (service: Service, surroundings: Surroundings) => readonly Finding[];
}

/** What a check may ask for beside the service. */
export interface Surroundings {
  /** What is known of metrics from elsewhere than the definition. */
  readonly metrics?: KnownMetrics;
  /** Without it, nothing that comes with time is found. */
  readonly now?: Timestamp;
}

/** What a check found, and where in the definition. */
interface Finding {
  readonly message: string;
  readonly help?: string;
  /** Keys from the top of the definition; the nearest one that the text has is shown. */
  readonly path: YamlPath;
}
