/** A piece of a document and what stands in its place once the mistake is corrected. Every place of the piece is meant. */
type Edit = readonly [from: string | RegExp, to: string | ((piece: string) => string)];

const requests = 'http_server_requests_total';
const pathMetric = 'flask_http_request_duration_seconds_count';
const gc = 'python_gc_collections_total';
const ticks = 'koder_flow_backups_scheduler_ticks_total';
const parseFailures = 'koder_flow_backups_scheduler_cron_parse_failures_total';
const declared: Edit = ['comfyui_jobs_total{status}', 'comfyui_jobs_total{status,error_type}'];

/** How each known mistake is put right, by its id; those without a text that can be replaced are missing. */
export const corrections: Readonly<Record<string, readonly Edit[]>> = {
  'COMFY-D01': [[/\{\n\s*width\*height <= 2000000\n\s*\}/, '{size_class="le_2mp"}']],
  'COMFY-D03': [declared],
  'COMFY-D08': [
    [
      /endpoint=~"\/api\/v1\/\(jobs\.\*\|health\|metrics\)"/g,
      'endpoint=~"/api/v1/jobs(/[^/]+)?",method=~"GET|POST|DELETE"',
    ],
  ],
  'COMFY-D11': [
    declared,
    [
      'comfyui_jobs_total{status="succeeded"}[1h]))\n          /\n          sum(rate(comfyui_jobs_total[1h]))',
      'comfyui_jobs_total{status="succeeded",error_type!="ValidationError"}[1h]))\n          /\n          sum(rate(comfyui_jobs_total{error_type!="ValidationError"}[1h]))',
    ],
  ],
  'COMFY-D15': [
    [
      /comfyui_jobs_in_progress\n(\s*)\/\n\s*comfyui_active_workers/,
      'sum(avg_over_time(comfyui_jobs_in_progress[5m]))\n$1/\n$1(sum(avg_over_time(comfyui_active_workers[5m])) > 0)',
    ],
  ],
  'COMFY-D16': [
    [/(?<![`\w] *)(?<!- `)comfyui_queue_depth(?= > |\n|$)/gm, 'max(comfyui_queue_depth)'],
    ['| `comfyui_queue_depth` |', '| `max(comfyui_queue_depth)` |'],
  ],
  'COMFY-D17': [['Job latency histogram', 'Job latency histogram, buckets 1, 2, 5, 10, 15, 20, 30, 40, 60, 120']],
  'COMFY-D19': [['> 0.005\n', '> (14.4 * 0.005)\n']],
  'COMFY-D25': [
    ['**> 50% budget remaining:**', '**[50%, 100%] budget remaining:**'],
    ['**25-50% remaining:**', '**[25%, 50%) remaining:**'],
    ['**< 25% remaining:**', '**(0%, 25%) remaining:**'],
    ['**Budget exhausted:**', '**(-inf, 0%] remaining:**'],
  ],
  'COMFY-D27': [['| API P99 latency |', '| Job P99 latency |']],
  'COMFY-D30': [
    [
      '      # Warning: Queue backing up\n',
      '      - alert: LatencyP99High\n        expr: job:latency_p99_seconds:5m > 40\n        for: 30m\n      - alert: FirstEventLate\n        expr: histogram_quantile(0.95, sum(rate(comfyui_ws_first_event_seconds_bucket[5m])) by (le)) > 2\n        for: 30m\n\n      # Warning: Queue backing up\n',
    ],
  ],
  'COMFY-D32': [
    [/job:api_success_ratio:5m/g, 'api:http_requests:success_ratio_rate5m'],
    [/job:success_ratio:1h/g, 'service:jobs:success_ratio_rate1h'],
    [/job:latency_(p9\d)_seconds:5m/g, 'service:job_duration_seconds:$1_rate5m'],
    [/job:queue_depth:current/g, 'service:queue_depth:max'],
    [/job:worker_utilization:5m/g, 'service:workers:utilization_avg5m'],
  ],
  'COMFY-D33': [
    [
      '      # Warning: Latency degradation\n',
      '      - alert: APIGone\n        expr: absent(comfyui_http_requests_total)\n        for: 5m\n\n      # Warning: Latency degradation\n',
    ],
  ],
  'DUMB-D02': [
    [') >= 0.999', ')'],
    [/ < 0\.1$/m, ''],
    [/ < 0\.0[52] /g, ' '],
    [' < 0.001\n', '\n'],
    [' < (450 * 1024 * 1024)', ''],
    ['process_max_fds < 0.8', 'process_max_fds'],
    ['_total[5m]) < 20 ', '_total[5m]) '],
  ],
  'DUMB-D03': [
    [
      /sum\((rate|increase)\(http_requests_total\{status=~"5\.\."\}\[(5m|30d)\]\)\)/g,
      '(sum($1(http_requests_total{status=~"5.."}[$2])) or vector(0))',
    ],
  ],
  'DUMB-D05': [
    [/(status=~"5\.\."\}\[5m\]\)\)\n {2}\/\n {2}sum\(rate\(http_requests_total)\[5m\]/, '$1{status!~"4.."}[5m]'],
  ],
  'DUMB-D06': [
    [
      /rate\(http_request_duration_seconds_bucket\[5m\]\)/g,
      'sum by (le) (rate(http_request_duration_seconds_bucket[5m]))',
    ],
  ],
  'DUMB-D07': [[/_bucket\[5m\]/g, '_bucket{handler=~"/kv/.*"}[5m]']],
  'DUMB-D09': [[/### 3\. Error Rate SLO\n.*?\n---\n\n/s, '']],
  'DUMB-D10': [['**Alert Threshold:** > 0.1% for 5 minutes', '**Alerts:** the burn rate tiers below']],
  'DUMB-D11': [['> 0.02\n', '> 14.4\n']],
  'DUMB-D14': [
    [
      /(?<=```yaml\n)- alert: HighErrorBudgetBurn.*?(?=```)/s,
      (list) => `groups:\n- name: kv\n  rules:\n${list.replaceAll(/^(?=.)/gm, '  ')}`,
    ],
  ],
  'DUMB-D16': [
    [
      '## Monitoring & Implementation\n',
      '## Monitoring & Implementation\n\nPrometheus keeps samples for 60 days (its retention).\n',
    ],
  ],
  'DUMB-D18': [
    ['process_resident_memory_bytes <', 'process_resident_memory_bytes{job="kv"} <'],
    ['process_open_fds / process_max_fds <', 'process_open_fds{job="kv"} / process_max_fds{job="kv"} <'],
    ['uncollectable_total[1h]', 'uncollectable_total{job="kv"}[1h]'],
    [`${gc}[5m]) <`, `${gc}{job="kv"}[5m]) <`],
  ],
  'DUMB-D19': [[`rate(${gc}[5m]) <`, `sum without (generation) (rate(${gc}[5m])) <`]],
  'DUMB-D21': [
    [/^\| < 25% {2}/m, '| [0%, 25%) '],
    [/^\| 25-50%/m, '| [25%, 50%)'],
    [/^\| 50-75%/m, '| [50%, 75%)'],
    [/^\| > 75% (.*)$/m, '| [75%, 100%) $1\n| [100%, inf) | Incident response only | Executive team |'],
  ],
  'FLOW-D02': [['ticket6h30min\n', 'ticket6h30min6×\n']],
  'FLOW-D06': [['responses are 2xx30 days', 'responses are good = 2xx|3xx 30 days']],
  'FLOW-D08': [
    [
      'p95 of koder_flow_reference_transaction_duration_seconds{stage="committed"} < 500ms5 min rolling',
      '`histogram_quantile(0.95, sum by (le) (rate(koder_flow_reference_transaction_duration_seconds_bucket{stage="committed"}[5m])))` below 500ms, 5 min rolling',
    ],
  ],
  'FLOW-D10': [
    ['is zerocontinuous\n', 'is zerocontinuous\nSLO-7: Git push tailp99 of the push duration < 2s5 min rolling\n'],
  ],
  'FLOW-D11': [['increase(...ticks_total[10m]) == 0', `increase(${ticks}[10m]) == 0 or absent(${ticks})`]],
  'FLOW-D12': [['ticks_total[10m]', 'ticks_total[5m]']],
  'FLOW-D13': [
    [
      'any increase(...cron_parse_failures_total[10m]) > 0',
      `increase(${parseFailures}[10m]) > 0 or (${parseFailures} unless ${parseFailures} offset 10m) > 0`,
    ],
  ],
  'FLOW-D15': [['{policy_id} is zerocontinuous', ' does not increase, continuous']],
  'FLOW-D17': [['failed/total over 7d', '1 - success/total over 7d']],
  'FLOW-D22': [[' (+ legacy gitea_* dual-emit per #106)', '']],
  'PAC-D01': [
    [/flask_http_request_total\{status=~"([^"]+)"\}\)/g, 'flask_http_request_total{status=~"$1"}[5m])'],
    ['rate(flask_http_request_total)', 'rate(flask_http_request_total[5m])'],
  ],
  'PAC-D02': [
    [
      '`rate(flask_http_request_total{status=~"2.."})`    -',
      '`sum(rate(flask_http_request_total{status=~"2.."}[5m])) / sum(rate(flask_http_request_total[5m]))`    -',
    ],
    [
      '`rate(flask_http_request_total{status=~"4..|5.."})` -',
      '`(sum(rate(flask_http_request_total{status=~"4..|5.."}[5m])) or vector(0)) / sum(rate(flask_http_request_total[5m]))` -',
    ],
  ],
  'PAC-D03': [
    [
      'rate(flask_http_request_total{status=~"2.."}) / rate(flask_http_request_total)',
      'sum(rate(flask_http_request_total{status=~"2.."}[5m])) / sum(rate(flask_http_request_total[5m]))',
    ],
  ],
  'PAC-D04': [
    ['stored in **Prometheus**', 'stored in **Prometheus** (retention: 60 days)'],
    [
      'rate(flask_http_request_total{status=~"2.."}) / rate(flask_http_request_total)',
      `sum(rate(${pathMetric}{path=~"/api/tasks(/.*)?",status!~"5.."}[30d])) / sum(rate(${pathMetric}{path=~"/api/tasks(/.*)?"}[30d]))`,
    ],
  ],
  'PAC-D06': [
    ['(HTTP 4xx and 5xx responses)', '(HTTP 5xx responses)'],
    ['status=~"4..|5.."', 'status=~"5.."'],
    ['client/server errors', 'server errors'],
    ['(4xx, 5xx)', '(5xx)'],
  ],
  'PAC-D10': [['within **60 minutes**', 'within **5 minutes**']],
  'PAC-D13': [['latency > 300ms', 'latency > 500ms']],
  'PAC-D15': [[/rate\((create|delete)_task_total\[5m\]\)/g, 'sum(increase($1_task_total[5m]))']],
  'PAC-D17': [
    [
      'Number of create/delete task operations over time',
      'Number of create/delete task operations over time (informational)',
    ],
  ],
  'TASK-D04': [
    [/status=~"2\.\."/g, 'status!~"5.."'],
    ['(2xx status codes)', '(non-5xx status codes)'],
  ],
  'TASK-D05': [[/\bhttp_requests_total\{route/g, `${requests}{route`]],
  'TASK-D06': [[/route=~"\/health\/\.\*"/g, 'route=~"/health(/.*)?"']],
  'TASK-D12': [['"< 1% for all endpoints"', '"< 1% for all endpoints, as a burst limit"']],
  'TASK-D14': [['sum(streaming_active_connections)', 'max_over_time(sum(streaming_active_connections)[24h:1m])']],
  'TASK-D15': [
    ['1.44 minutes | 2.4 seconds |\n| Health', '1.44 minutes | 3.6 seconds |\n| Health'],
    ['0.72 seconds', '1.8 seconds'],
    ['24 seconds', '36 seconds'],
    ['1.44 minutes | 2.4 seconds |\n\n', '1.44 minutes | 3.6 seconds |\n\n'],
  ],
  'TASK-D16': [
    ['| HTTP Error Rate | 1% |', '| HTTP Error Rate | 99% |'],
    ['| Tool Error Rate | 0.1% |', '| Tool Error Rate | 99.9% |'],
  ],
  'TASK-D18': [
    [/status=~"5\.\."(\}\[(?:1h|6h)\])/g, 'status!~"2.."$1'],
    [/\/ 0\.01 >/g, '/ 0.001 >'],
    ['# SLO Error Rate (1% = 0.01)\nslo_error_rate = 0.01', '# SLO Error Rate (0.1% = 0.001)\nslo_error_rate = 0.001'],
  ],
  'TASK-D19': [
    ['| < 2 hours | Critical', '| 50 hours | Critical'],
    ['| < 6 hours | Warning', '| 150 hours | Warning'],
    ['| < 24 hours | Info', '| 600 hours | Info'],
    ['less than 2 hours', 'less than 50 hours'],
    ['less than 6 hours', 'less than 150 hours'],
  ],
  'TASK-D21': [
    [
      /\) \/ 0\.01 > 14\.4/,
      `) / 0.01 > 14.4\n    and\n    (sum(rate(${requests}{status=~"5.."}[5m])) / sum(rate(${requests}[5m]))) / 0.01 > 14.4`,
    ],
    [
      /\) \/ 0\.01 > 4\.8/,
      `) / 0.01 > 4.8\n    and\n    (sum(rate(${requests}{status=~"5.."}[30m])) / sum(rate(${requests}[30m]))) / 0.01 > 4.8`,
    ],
  ],
  'TASK-D22': [
    [
      '# Medium Burn Alert (6 hour window)\n',
      `- alert: TaskMCPHighErrorRateSlowBurn\n  expr: (sum(rate(${requests}{status=~"5.."}[24h])) / sum(rate(${requests}[24h]))) / 0.01 > 1.2\n  for: 1h\n  labels:\n    severity: info\n\n# Medium Burn Alert (6 hour window)\n`,
    ],
  ],
  'TASK-D25': [
    [
      /100 - \(\n(\s*)\(sum\(rate\((\w+)\{status=~"5\.\."\}\[30d\]\)\) \/\n\s*sum\(rate\(\w+\[30d\]\)\)\) \* 100 \/ 0\.01 \* 100\n\s*\)/g,
      '100 * (1 - (\n$1sum(rate($2{status!~"2.."}[30d])) /\n$1sum(rate($2[30d]))) / (1 - 0.999)\n$1)',
    ],
  ],
  'TASK-D26': [
    ['- record: task_mcp:api_success_rate:30d', '- record: task_mcp:api_success:ratio_rate30d'],
    [/(status=~"2\.\."\}\[30d\]\)\) \/\n {10}sum\(rate\(\w+\[30d\]\)\)) \* 100/, '$1'],
  ],
  'TASK-D30': [
    ['match:\n      alertname: TaskMCPHighErrorRate*', 'matchers:\n    - alertname=~"TaskMCPHighErrorRate.*"'],
  ],
  'TASK-D33': [
    [
      "receivers:\n- name: 'critical",
      'inhibit_rules:\n- source_matchers: [severity="critical"]\n  target_matchers: [severity="warning"]\n  equal: [service, slo]\n\nreceivers:\n- name: \'critical',
    ],
  ],
  'TASK-D34': [
    ["service_key: 'your-pagerduty-key'", 'service_key_file: /etc/alertmanager/pagerduty'],
    [/api_url: '[^']+'/g, 'api_url_file: /etc/alertmanager/slack'],
  ],
  'TASK-D38': [
    ['### Error Budget Policies\n', '### Error Budget Policies\n\nThese are about API Endpoints Availability.\n'],
  ],
};

/** The lines of a range once the document has been corrected, and the document. */
export interface Corrected {
  readonly text: string;
  readonly lineAt: (line: number) => number;
}

/** Applies the edits; throws if a piece is not there, so that no correction is silently none. */
export function correct(id: string, text: string): Corrected {
  let result = text;
  const shifts: { readonly line: number; readonly by: number }[] = [];
  for (const [from, to] of corrections[id] ?? []) {
    const before = result;
    result = typeof to === 'string' ? before.replace(from, to) : before.replace(from, to);
    if (typeof from === 'string' || !from.global) shifts.push(shiftOf(before, result));
    if (before === result) throw new Error(`${id}: ${from} is not in the document`);
  }
  return {
    text: result,
    lineAt: (line) => shifts.reduce((at, shift) => (shift.line < at ? at + shift.by : at), line),
  };
}

/** The first line in which two texts differ, and by how many lines the second is longer. */
function shiftOf(before: string, after: string): { readonly line: number; readonly by: number } {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let line = 0;
  while (line < a.length && a[line] === b[line]) line += 1;
  return { line: line + 1, by: b.length - a.length };
}
