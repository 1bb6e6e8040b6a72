import type { Diagnostic } from '../base/index.ts';
import type { Metric, RowSource, Service } from '../slo/index.ts';
import { printYaml, type YamlValue } from '../yaml/index.ts';
import { commented, header } from './mark.ts';
import type { ArtefactTarget } from './target.ts';

/** Collectors of sql_exporter for the metrics that come from rows of tables, one file for each service and database. */
export const sqlExporterTarget: ArtefactTarget = {
  name: 'sql-exporter',
  about: 'collectors of sql_exporter for metrics that are counted from rows of a database',
  folder: 'sql-exporter',
  ofService: (service) => {
    const fromRows = [...service.metrics.values()].flatMap((metric) =>
      metric.rows === undefined ? [] : [{ metric, rows: metric.rows }],
    );
    const counted = fromRows.filter(({ metric }) => isCollectable(metric));
    const files = [...new Set(counted.map(({ rows }) => rows.database))].map((database) => {
      const own = counted.filter(({ rows }) => rows.database === database);
      return [`${service.name}.${database}.collector.yml`, collector(service, database, own)] as const;
    });
    const diagnostics = fromRows.flatMap(({ metric }) =>
      isCollectable(metric) ? [] : [notCollectable(service, metric)],
    );
    return { files: new Map(files), diagnostics };
  },
};

interface Counted {
  readonly metric: Metric;
  readonly rows: RowSource;
}

const ofTheExporter: ReadonlySet<string> = new Set(['job', 'target']);

/** Rows give a number each; sql_exporter makes no buckets of them. */
function isCollectable({ type }: Metric): boolean {
  return type === 'counter' || type === 'gauge';
}

function notCollectable(service: Service, { name, type }: Metric): Diagnostic {
  return {
    severity: 'warning',
    code: 'generate/sql-exporter',
    message: `${service.name}/${name}: sql_exporter makes no ${type} of rows`,
    help: 'count the rows below each bound with metrics of their own, or leave `rows` out',
    span: { start: 0, end: 0 },
  };
}

/**
 * Source of the form: https://github.com/burningalchemist/sql_exporter, documentation/sql_exporter.yml and config/metric_config.go. A metric without
 * help is refused, and so are the labels `job` and `target`, which sql_exporter sets itself.
 */
function collector(service: Service, database: string, counted: readonly Counted[]): string {
  const reading =
    'Name it under `collectors:` of a target of sql_exporter, whose `collector_files` find it; the address of the database stands there.';
  const metrics = counted.map(({ metric, rows }): YamlValue => {
    const labels = [...metric.labels.keys()].filter((label) => !ofTheExporter.has(label));
    return {
      metric_name: metric.name,
      type: metric.type,
      help: metric.help ?? `Rows of the database ${database}.`,
      key_labels: labels.length === 0 ? undefined : labels,
      values: [rows.valueColumn],
      query: rows.sql,
    };
  });
  const text = printYaml({ collector_name: `${service.name}-${database}`, metrics });
  return `${commented(header([service], reading))}\n${text}`;
}
