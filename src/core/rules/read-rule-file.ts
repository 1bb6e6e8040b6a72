import { type Duration, duration, failure, type Outcome, type Source, type Span, success } from '../base/index.ts';
import { analyzeExpr, type Expr } from '../promql/index.ts';
import { legacyLabelName, legacyMetricName, metricName } from '../series/index.ts';
import { firstLineOf, readYaml, scalarOffset, type YamlNode, type YamlScalar } from '../yaml/index.ts';
import type { AlertingRule, RecordingRule, Rule, RuleFile, RuleGroup } from './model.ts';
import {
  isAbsent,
  readDuration,
  readFields,
  readList,
  readScalar,
  readTextMap,
  report,
  type ShapeReader,
} from './shape.ts';
import { readAlertTemplate } from './template/alert-template.ts';

export interface RuleFileOptions {
  /** Let keys pass that Prometheus does not know, as Mimir and others add them. */
  readonly ignoreUnknownFields?: boolean;
  /** Which names of metrics, labels and annotations are allowed: any UTF-8 (the default since Prometheus 3), or letters, digits and `_`. */
  readonly names?: 'utf8' | 'legacy';
}

/**
 * Reads a Prometheus rule file and checks everything that Prometheus 3 checks when it loads one: keys, names, lengths of time, PromQL
 * and templates. All problems are reported at once, those inside of PromQL and templates at their place in the YAML.
 * Source: prometheus, model/rulefmt/rulefmt.go.
 */
export function readRuleFile(source: Source, options: RuleFileOptions = {}): Outcome<RuleFile> {
  const yaml = readYaml(source.text);
  if (!yaml.ok) return yaml;
  const reader: FileReader = {
    text: source.text,
    diagnostics: [],
    ignoreUnknownFields: options.ignoreUnknownFields ?? false,
    legacyNames: options.names === 'legacy',
  };
  const [document, second] = yaml.value;
  if (second !== undefined) {
    const message = 'Prometheus reads only the first document of a rule file';
    reader.diagnostics.push({ severity: 'warning', code: 'rules/documents', message, span: firstLineOf(second) });
  }
  const file = readFile(reader, document);
  const { diagnostics } = reader;
  return diagnostics.some(({ severity }) => severity === 'error')
    ? failure(...diagnostics)
    : success(file, diagnostics);
}

interface FileReader extends ShapeReader {
  readonly legacyNames: boolean;
}

function readFile(reader: FileReader, document: YamlNode | undefined): RuleFile {
  const { groups } = readFields(reader, document, 'a rule file', ['groups']);
  const names = new Set<string>();
  return { groups: readList(reader, groups?.value, 'groups').map((node) => readGroup(reader, node, names)) };
}

const groupKeys = ['name', 'interval', 'query_offset', 'limit', 'labels', 'rules'] as const;

function readGroup(reader: FileReader, node: YamlNode, names: Set<string>): RuleGroup {
  const fields = readFields(reader, node, 'a rule group', groupKeys);
  const scalar = readScalar(reader, fields.name?.value, 'name');
  const name = scalar?.text ?? '';
  const span = scalar?.span ?? firstLineOf(node);
  if (name === '') report(reader, 'rules/missing-key', span, 'a rule group needs a name');
  else if (names.has(name)) {
    report(
      reader,
      'rules/duplicate-group',
      span,
      `the group name ${name} is taken already`,
      'rename one of the groups',
    );
  }
  names.add(name);
  const interval = readDuration(reader, fields.interval?.value, 'interval');
  const queryOffset = readDuration(reader, fields.query_offset?.value, 'query_offset');
  const limit = readLimit(reader, fields.limit?.value);
  return {
    name,
    ...(interval === undefined || interval === 0 ? {} : { interval }),
    ...(queryOffset === undefined ? {} : { queryOffset }),
    ...(limit === undefined ? {} : { limit }),
    labels: readLabels(reader, fields.labels?.value, 'labels'),
    rules: readList(reader, fields.rules?.value, 'rules').flatMap((rule) => readRule(reader, rule)),
  };
}

function readLimit(reader: FileReader, node: YamlNode | undefined): number | undefined {
  const scalar = readScalar(reader, node, 'limit');
  if (scalar === undefined) return undefined;
  if (typeof scalar.value === 'number' && Number.isSafeInteger(scalar.value)) return scalar.value;
  report(reader, 'rules/number', scalar.span, `limit must be a whole number, not ${JSON.stringify(scalar.text)}`);
  return undefined;
}

const ruleKeys = ['record', 'alert', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'] as const;

type RuleFields = ReturnType<typeof readFields<(typeof ruleKeys)[number]>>;

function readRule(reader: FileReader, node: YamlNode): readonly Rule[] {
  const fields = readFields(reader, node, 'a rule', ruleKeys);
  const record = readName(reader, fields.record?.value, 'record');
  const alert = readName(reader, fields.alert?.value, 'alert');
  const written = readExpr(reader, fields.expr?.value, record ?? alert, node);
  if (record === undefined && alert === undefined) {
    report(reader, 'rules/missing-key', firstLineOf(node), 'a rule needs record or alert');
  }
  if (record !== undefined && alert !== undefined) {
    report(reader, 'rules/kind', alert.span, 'a rule has either record or alert, not both');
  }
  if (record !== undefined) return readRecordingRule(reader, fields, record, written);
  return readAlertingRule(reader, fields, alert, written);
}

/** An expression that was read, and where it stands. */
interface WrittenExpr {
  readonly expr: Expr;
  readonly scalar: YamlScalar;
}

function readName(reader: FileReader, node: YamlNode | undefined, what: string): YamlScalar | undefined {
  const scalar = readScalar(reader, node, what);
  return scalar === undefined || scalar.text === '' ? undefined : scalar;
}

function readExpr(
  reader: FileReader,
  node: YamlNode | undefined,
  name: YamlScalar | undefined,
  rule: YamlNode,
): WrittenExpr | undefined {
  const scalar = readScalar(reader, node, 'expr');
  if (scalar === undefined || scalar.text === '') {
    if (scalar !== undefined || isAbsent(node)) {
      report(reader, 'rules/missing-key', name?.span ?? firstLineOf(rule), 'a rule needs an expression under expr');
    }
    return undefined;
  }
  const { expr, diagnostics } = analyzeExpr(scalar.text);
  for (const diagnostic of diagnostics) {
    const start = scalarOffset(reader.text, scalar, diagnostic.span.start);
    const end = Math.max(start, scalarOffset(reader.text, scalar, diagnostic.span.end));
    reader.diagnostics.push({ ...diagnostic, span: { start, end } });
  }
  return expr === undefined ? undefined : { expr, scalar };
}

function readRecordingRule(
  reader: FileReader,
  fields: RuleFields,
  record: YamlScalar,
  written: WrittenExpr | undefined,
): readonly RecordingRule[] {
  for (const key of ['for', 'keep_firing_for'] as const) {
    const length = readDuration(reader, fields[key]?.value, key);
    if (length !== undefined && length !== 0) refuseRecordingField(reader, fields, key);
  }
  if (0 < readTextMap(reader, fields.annotations?.value, 'annotations').size) {
    refuseRecordingField(reader, fields, 'annotations');
  }
  checkRecordName(reader, record);
  const labels = readLabels(reader, fields.labels?.value, 'labels');
  if (written === undefined) return [];
  const place = { name: record.span, expr: written.scalar };
  return [{ kind: 'recording', record: record.text, expr: written.expr, labels, place }];
}

function refuseRecordingField(reader: FileReader, fields: RuleFields, key: (typeof ruleKeys)[number]): void {
  const span = fields[key]?.keySpan ?? { start: 0, end: 0 };
  report(reader, 'rules/recording-field', span, `a recording rule has no ${key}`, `remove ${key}, or make it an alert`);
}

function checkRecordName(reader: FileReader, { text, span }: YamlScalar): void {
  if (/[{}]/.test(text)) {
    const help = 'labels belong under labels, PromQL under expr';
    report(reader, 'rules/record-name', span, `a recorded name has no braces: ${text}`, help);
  } else if (reader.legacyNames && !legacyMetricName.test(text)) {
    report(reader, 'rules/record-name', span, `${text} is no metric name`, 'use letters, digits, _ and :');
  }
}

function readAlertingRule(
  reader: FileReader,
  fields: RuleFields,
  alert: YamlScalar | undefined,
  written: WrittenExpr | undefined,
): readonly AlertingRule[] {
  const holdFor = orZero(readDuration(reader, fields.for?.value, 'for'));
  const keepFiringFor = orZero(readDuration(reader, fields.keep_firing_for?.value, 'keep_firing_for'));
  const labels = readLabels(reader, fields.labels?.value, 'labels', alert?.text);
  const annotations = readAnnotations(reader, fields.annotations?.value, alert?.text ?? '');
  if (written === undefined || alert === undefined) return [];
  const place = { name: alert.span, expr: written.scalar };
  return [
    { kind: 'alerting', alert: alert.text, expr: written.expr, holdFor, keepFiringFor, labels, annotations, place },
  ];
}

function orZero(length: Duration | undefined): Duration {
  return length ?? duration(0);
}

/** Labels of a group or rule; those of an alert are templates. */
function readLabels(
  reader: FileReader,
  node: YamlNode | undefined,
  what: string,
  alert?: string,
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  for (const [name, { entry, text, scalar }] of readTextMap(reader, node, what)) {
    if (name === metricName) {
      report(reader, 'rules/label-name', entry.keySpan, 'the metric name is no label here', 'record sets the name');
    } else checkLabelName(reader, name, entry.keySpan, 'label');
    if (alert !== undefined && scalar !== undefined) checkTemplate(reader, alert, scalar, `label ${name}`);
    labels.set(name, text);
  }
  return labels;
}

function readAnnotations(reader: FileReader, node: YamlNode | undefined, alert: string): ReadonlyMap<string, string> {
  const annotations = new Map<string, string>();
  for (const [name, { entry, text, scalar }] of readTextMap(reader, node, 'annotations')) {
    checkLabelName(reader, name, entry.keySpan, 'annotation');
    if (scalar !== undefined) checkTemplate(reader, alert, scalar, `annotation ${name}`);
    annotations.set(name, text);
  }
  return annotations;
}

function checkLabelName(reader: FileReader, name: string, span: Span, what: string): void {
  if (name !== '' && !(reader.legacyNames && !legacyLabelName.test(name))) return;
  report(reader, 'rules/label-name', span, `${JSON.stringify(name)} is no name for a ${what}`);
}

function checkTemplate(reader: FileReader, alert: string, scalar: YamlScalar, what: string): void {
  const read = readAlertTemplate(alert, scalar.text);
  if (read.ok) return;
  const { message, position, length } = read.problem;
  const start = scalarOffset(reader.text, scalar, position);
  const end = Math.max(start + 1, scalarOffset(reader.text, scalar, position + length));
  report(reader, 'rules/template', { start, end }, `the template of ${what} does not parse: ${message}`);
}
