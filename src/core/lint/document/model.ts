import type { Diagnostic, Source, Span } from '../../base/index.ts';
import type { MarkdownDocument } from '../../formats/index.ts';
import type { Expr } from '../../promql/index.ts';
import type { YamlNode } from '../../yaml/index.ts';

/** What a text about reliability says, whatever its form: a Markdown document, a rule file, a configuration. */
export interface LintDocument {
  readonly kind: 'markdown' | 'rules' | 'prometheus' | 'alertmanager' | 'dashboard';
  readonly source: Source;
  readonly markdown: MarkdownDocument;
  /** Every line that is not inside a block of code. */
  readonly lines: readonly Line[];
  readonly sections: readonly Section[];
  readonly yaml: readonly YamlBlock[];
  readonly queries: readonly Query[];
  readonly rules: readonly DocumentRule[];
  /** Alerts told in a table or a sentence, without a rule. */
  readonly describedAlerts: readonly DescribedAlert[];
  readonly objectives: readonly Objective[];
  readonly indicators: readonly Indicator[];
  readonly tiers: readonly BurnTier[];
  readonly policies: readonly Policy[];
  /** Metrics of the document's own reference, by name; of a histogram, the base name. */
  readonly catalogue: ReadonlyMap<string, DeclaredMetric>;
  /** Where else the catalogue is from, as a file or a server; undefined if only from the document. */
  readonly catalogueFrom?: string;
  /** Whether a file is there, by its path from the document; undefined if nobody can look. */
  readonly exists?: (path: string) => boolean;
  /** What each recording rule of the document computes, by the recorded name. */
  readonly recorded: ReadonlyMap<string, Expr>;
}

export interface Line {
  /** Without its line end. */
  readonly text: string;
  readonly start: number;
  readonly section: Section;
}

/** A heading and what stands below it, up to the next heading. */
export interface Section {
  readonly title: string;
  /** Titles from the top of the document down to this one. */
  readonly path: readonly string[];
  readonly depth: number;
  readonly heading: Span;
  readonly start: number;
  readonly end: number;
  readonly index: number;
}

export interface YamlBlock {
  readonly text: string;
  readonly roots: readonly YamlNode[];
  readonly problems: readonly Diagnostic[];
  readonly language: string;
  readonly toSource: (offset: number) => number;
  readonly section: Section | undefined;
}

/** Where an expression stands, from which follows what may be expected of it. */
export type QueryRole = 'measurement' | 'panel' | 'inline' | 'recording' | 'alert';

export interface Query {
  readonly text: string;
  /** The tree, if the text has one as far as syntax goes. */
  readonly expr: Expr | undefined;
  readonly problems: readonly Diagnostic[];
  /** The offset in the document of an offset in `text`. */
  readonly toSource: (offset: number) => number;
  readonly span: Span;
  readonly role: QueryRole;
  /** The comment above, the name of the panel or of the rule. */
  readonly title: string;
  readonly section: Section | undefined;
  /** `x = expr`: the name that the document gives to the value. PromQL has no such thing. */
  readonly assigned?: { readonly name: string; readonly span: Span };
}

export interface DocumentRule {
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly nameSpan: Span;
  readonly query: Query;
  /** Milliseconds; 0 if the rule does not say. */
  readonly holdFor: number;
  /** Whether the rule says how long its condition must hold. */
  readonly hasFor: boolean;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, Placed>;
  readonly comment: string;
  readonly section: Section | undefined;
  /** The row of a table in which the alert stands instead of a rule: what the table has no column for may stand in a rule elsewhere. */
  readonly row?: Span;
}

export interface Placed {
  readonly text: string;
  readonly span: Span;
}

export interface DescribedAlert {
  /** Empty for an alert that only a sentence tells of. */
  readonly name: string;
  readonly condition: string;
  readonly severity: string;
  readonly span: Span;
}

export interface Objective {
  readonly name: string;
  readonly span: Span;
  /** All that the document says about it in words. */
  readonly statement: string;
  /** The share of good events, from 0 to 1; undefined for an objective that states no share. */
  readonly target?: number;
  /** Whether the text states the share of bad events. */
  readonly statesErrors: boolean;
  readonly quantile?: number;
  /** Seconds. */
  readonly thresholds: readonly number[];
  /** Milliseconds; undefined if nothing is said. */
  readonly period?: number;
  /** Status classes (2 for 2xx) that the words count as good; undefined if they name none. */
  readonly good?: ReadonlySet<number>;
  readonly hasBudget: boolean;
  readonly section: Section;
  readonly queries: readonly Query[];
}

/** A row of a list of indicators. */
export interface Indicator {
  readonly name: string;
  readonly description: string;
  readonly span: Span;
  readonly queries: readonly Query[];
}

export interface BurnTier {
  readonly name: string;
  readonly span: Span;
  readonly factor?: number;
  /** Milliseconds. */
  readonly long?: number;
  readonly short?: number;
  /** The length of time in which the row says the budget is used up. */
  readonly exhaustion?: number;
  readonly severity: string;
}

/** States by how much of an error budget is left or used. */
export interface Policy {
  readonly variable: 'remaining' | 'consumed';
  readonly states: readonly PolicyState[];
  readonly section: Section;
}

export interface PolicyState {
  readonly text: string;
  readonly span: Span;
  /** Percent. */
  readonly low: number;
  readonly high: number;
  readonly lowIncluded: boolean;
  readonly highIncluded: boolean;
}

export interface DeclaredMetric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The type as whoever exports it says, where nobody has to guess it from the name. */
  readonly exact?: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Empty if the reference lists none for it. */
  readonly labels: readonly string[];
  /** Whether these are all labels that it has, be there none; otherwise an empty list says nothing. */
  readonly labelsKnown?: boolean;
  /** The values that labels have now; of a label that is not listed nothing is known. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
  /** Upper bounds of the buckets; undefined if not told. */
  readonly buckets?: readonly number[];
  /** Where the document declares it; undefined if something else does. */
  readonly span?: Span;
}

/** What checks of metrics look at: queries, of whatever text, and what is known of metrics. */
export type MetricFacts = Pick<LintDocument, 'queries' | 'catalogue' | 'catalogueFrom' | 'recorded'>;
