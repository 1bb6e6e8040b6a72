import {
  type Duration,
  duration,
  failure,
  minute,
  type Outcome,
  type Source,
  success,
  type Timestamp,
  timestamp,
} from '../../base/index.ts';
import { Labels } from '../../series/index.ts';
import { firstLineOf, readYaml, type YamlNode } from '../../yaml/index.ts';
import { readDuration, readFields, readList, readScalar, readTextMap, report, type ShapeReader } from '../shape.ts';
import type {
  AlertTest,
  ExpectedAlert,
  ExpectedSample,
  ExprTest,
  InputSeries,
  UnitTest,
  UnitTestFile,
} from './model.ts';
import { parseTimestamp } from './timestamp.ts';

/** Reads a file of rule unit tests. Keys that promtool does not know are errors. Source: prometheus, cmd/promtool/unittest.go. */
export function readUnitTests(source: Source): Outcome<UnitTestFile> {
  const yaml = readYaml(source.text);
  if (!yaml.ok) return yaml;
  const reader: ShapeReader = { text: source.text, diagnostics: [], ignoreUnknownFields: false };
  const file = readFile(reader, yaml.value[0]);
  return 0 < reader.diagnostics.length ? failure(...reader.diagnostics) : success(file);
}

const fileKeys = ['rule_files', 'evaluation_interval', 'group_eval_order', 'tests', 'fuzzy_compare'] as const;

function readFile(reader: ShapeReader, document: YamlNode | undefined): UnitTestFile {
  const fields = readFields(reader, document, 'a file of rule tests', fileKeys);
  const written = readDuration(reader, fields.evaluation_interval?.value, 'evaluation_interval');
  const evaluationInterval = written === undefined || written === 0 ? minute : written;
  return {
    ruleFiles: readList(reader, fields.rule_files?.value, 'rule_files').map((node) => ({
      path: text(reader, node, 'a rule file'),
      span: firstLineOf(node),
    })),
    evaluationInterval,
    groupEvalOrder: readGroupOrder(reader, fields.group_eval_order?.value),
    fuzzyCompare: readFlag(reader, fields.fuzzy_compare?.value),
    tests: readList(reader, fields.tests?.value, 'tests').map((node) => readTest(reader, node, evaluationInterval)),
  };
}

function readGroupOrder(reader: ShapeReader, node: YamlNode | undefined): readonly string[] {
  const names: string[] = [];
  for (const item of readList(reader, node, 'group_eval_order')) {
    const name = text(reader, item, 'a group name');
    if (names.includes(name)) {
      report(reader, 'rules/test-value', firstLineOf(item), `group name repeated in evaluation order: ${name}`);
    }
    names.push(name);
  }
  return names;
}

function readFlag(reader: ShapeReader, node: YamlNode | undefined): boolean {
  const scalar = readScalar(reader, node, 'fuzzy_compare');
  if (scalar === undefined || typeof scalar.value === 'boolean') return scalar?.value === true;
  report(reader, 'rules/test-value', scalar.span, `fuzzy_compare is true or false, not ${JSON.stringify(scalar.text)}`);
  return false;
}

const testKeys = [
  'interval',
  'input_series',
  'alert_rule_test',
  'promql_expr_test',
  'external_labels',
  'external_url',
  'name',
  'start_timestamp',
] as const;

function readTest(reader: ShapeReader, node: YamlNode, evaluationInterval: Duration): UnitTest {
  const fields = readFields(reader, node, 'a test', testKeys);
  const name = text(reader, fields.name?.value, 'name');
  const interval = readDuration(reader, fields.interval?.value, 'interval');
  return {
    name,
    interval: interval === undefined || interval === 0 ? evaluationInterval : interval,
    start: readStart(reader, fields.start_timestamp?.value),
    inputSeries: readList(reader, fields.input_series?.value, 'input_series').map((one) => readSeries(reader, one)),
    alertTests: readList(reader, fields.alert_rule_test?.value, 'alert_rule_test').map((one) =>
      readAlertTest(reader, one, name),
    ),
    exprTests: readList(reader, fields.promql_expr_test?.value, 'promql_expr_test').map((one) =>
      readExprTest(reader, one),
    ),
    externalLabels: Labels.from(textMap(reader, fields.external_labels?.value, 'external_labels')),
    externalUrl: text(reader, fields.external_url?.value, 'external_url'),
    span: firstLineOf(node),
  };
}

function readStart(reader: ShapeReader, node: YamlNode | undefined): Timestamp {
  const scalar = readScalar(reader, node, 'start_timestamp');
  if (scalar === undefined) return timestamp(0);
  const start = parseTimestamp(scalar.text);
  if (start !== undefined) return start;
  const message = `cannot parse ${JSON.stringify(scalar.text)} to a valid timestamp`;
  report(reader, 'rules/test-value', scalar.span, message, 'write 2024-01-01T00:00:00Z, or seconds since 1970');
  return timestamp(0);
}

function readSeries(reader: ShapeReader, node: YamlNode): InputSeries {
  const fields = readFields(reader, node, 'an input series', ['series', 'values']);
  return {
    series: text(reader, fields.series?.value, 'series'),
    values: text(reader, fields.values?.value, 'values'),
    span: fields.series === undefined ? firstLineOf(node) : firstLineOf(fields.series.value),
  };
}

function readAlertTest(reader: ShapeReader, node: YamlNode, test: string): AlertTest {
  const fields = readFields(reader, node, 'an alert test', ['eval_time', 'alertname', 'exp_alerts']);
  const alertName = text(reader, fields.alertname?.value, 'alertname');
  if (alertName === '') {
    const where = test === '' ? '' : ` of test ${test}`;
    report(
      reader,
      'rules/missing-key',
      firstLineOf(node),
      `an item under alert_rule_test${where} misses required attribute alertname`,
    );
  }
  return {
    evalTime: readDuration(reader, fields.eval_time?.value, 'eval_time') ?? duration(0),
    alertName,
    alerts: readList(reader, fields.exp_alerts?.value, 'exp_alerts').map((one) => readAlert(reader, one)),
    span: firstLineOf(node),
  };
}

function readAlert(reader: ShapeReader, node: YamlNode): ExpectedAlert {
  const fields = readFields(reader, node, 'an expected alert', ['exp_labels', 'exp_annotations']);
  return {
    labels: textMap(reader, fields.exp_labels?.value, 'exp_labels'),
    annotations: textMap(reader, fields.exp_annotations?.value, 'exp_annotations'),
    span: firstLineOf(node),
  };
}

function readExprTest(reader: ShapeReader, node: YamlNode): ExprTest {
  const fields = readFields(reader, node, 'an expression test', ['expr', 'eval_time', 'exp_samples']);
  return {
    expr: text(reader, fields.expr?.value, 'expr'),
    evalTime: readDuration(reader, fields.eval_time?.value, 'eval_time') ?? duration(0),
    samples: readList(reader, fields.exp_samples?.value, 'exp_samples').map((one) => readSample(reader, one)),
    span: firstLineOf(node),
  };
}

function readSample(reader: ShapeReader, node: YamlNode): ExpectedSample {
  const fields = readFields(reader, node, 'an expected sample', ['labels', 'value', 'histogram']);
  return {
    labels: text(reader, fields.labels?.value, 'labels'),
    value: readValue(reader, fields.value?.value),
    histogram: text(reader, fields.histogram?.value, 'histogram'),
    span: firstLineOf(node),
  };
}

function readValue(reader: ShapeReader, node: YamlNode | undefined): number {
  const scalar = readScalar(reader, node, 'value');
  if (scalar === undefined) return 0;
  if (typeof scalar.value === 'number') return scalar.value;
  const special = /^[+-]?(?:inf|nan)$/i.test(scalar.text);
  const help = special ? 'YAML writes .inf, -.inf and .nan' : 'write it without quotes';
  report(reader, 'rules/number', scalar.span, `value must be a number, not ${JSON.stringify(scalar.text)}`, help);
  return 0;
}

function text(reader: ShapeReader, node: YamlNode | undefined, what: string): string {
  return readScalar(reader, node, what)?.text ?? '';
}

function textMap(reader: ShapeReader, node: YamlNode | undefined, what: string): ReadonlyMap<string, string> {
  return new Map([...readTextMap(reader, node, what)].map(([name, { text: value }]) => [name, value]));
}
