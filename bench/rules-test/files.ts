/** A rule file and its unit test, sized by how many days are simulated at one minute. */
export interface BenchCase {
  readonly name: string;
  readonly days: number;
  readonly rules: string;
  readonly test: string;
}

const minutesPerDay = 24 * 60;

/** An SLO with 7 recording and 4 alerting rules over 4 input series; no rule touches more samples than promtool allows. */
export function elevenRules(days: number): BenchCase {
  const ratio = (range: string): string =>
    `sum by (service) (rate(http_requests_total{code=~"5.."}[${range}])) / sum by (service) (rate(http_requests_total[${range}]))`;
  const rules = `groups:
  - name: slo-recording
    rules:
${['5m', '30m', '1h', '6h'].map((range) => `      - { record: 'service:slo_errors:ratio_rate${range}', expr: '${ratio(range)}' }`).join('\n')}
      - { record: 'service:slo_objective:ratio', expr: vector(0.99), labels: { service: api } }
      - record: service:slo_error_budget_remaining:ratio
        expr: 1 - (service:slo_errors:ratio_rate6h / on (service) group_left () (1 - service:slo_objective:ratio))
        labels: { window: 6h }
      - record: service:latency:p90
        expr: histogram_quantile(0.9, sum by (service, le) (rate(http_request_duration_seconds_bucket[10m])))
  - name: slo-alerts
    rules:
      - alert: BurnPage
        expr: service:slo_errors:ratio_rate1h > (14.4 * 0.01) and service:slo_errors:ratio_rate5m > (14.4 * 0.01)
        for: 2m
        labels: { severity: page, team: '{{ $labels.service }}-team' }
        annotations: { summary: '{{ $labels.service }} burns at {{ $value | humanizePercentage }}' }
      - alert: BurnTicket
        expr: service:slo_errors:ratio_rate6h > 0.01 and service:slo_errors:ratio_rate30m > 0.01
        for: 15m
        labels: { severity: ticket }
        annotations: { remaining: '{{ with query "service:slo_error_budget_remaining:ratio" }}{{ . | first | value | printf "%.2f" }}{{ end }}' }
      - { alert: PageFiring, expr: 'count(ALERTS{alertname="BurnPage",alertstate="firing"}) > 0' }
      - { alert: TicketLong, expr: 'time() - ALERTS_FOR_STATE{alertname="BurnTicket"} > 600' }
`;
  const steps = days * minutesPerDay;
  const series = [
    [`http_requests_total{service="api",code="200"}`, `0+90x${steps}`],
    [`http_requests_total{service="api",code="500"}`, errorValues(steps)],
    [`http_request_duration_seconds_bucket{service="api",le="0.1"}`, `0+80x${steps}`],
    [`http_request_duration_seconds_bucket{service="api",le="+Inf"}`, `0+90x${steps}`],
  ] as const;
  const last = `${steps - 1}m`;
  // The loud hour is the last one of the day; a while before it no alert is left.
  const quiet = `${steps - 120}m`;
  const checks = `      - { eval_time: ${quiet}, alertname: BurnPage, exp_alerts: [] }
    promql_expr_test:
      - expr: count(service:slo_errors:ratio_rate6h)
        eval_time: ${last}
        exp_samples: [{ value: 1 }]
`;
  return { name: '7 recording and 4 alerting rules, 4 series', days, rules, test: testFile(series, checks) };
}

/**
 * What Sloth generates for one SLO, 17 rules, over 27 series. Its 30-day rule touches too many samples for promtool after a week, so it can
 * be left out.
 */
export function slothRules(days: number, { monthly }: { readonly monthly: boolean }): BenchCase {
  const id = 'sloth_id="api-requests", sloth_service="api", sloth_slo="requests"';
  const labels = '{ sloth_id: api-requests, sloth_service: api, sloth_slo: requests }';
  const withWindow = (range: string): string => labels.replace(' }', `, sloth_window: ${range} }`);
  const ratio = (range: string): string =>
    `(sum(rate(http_requests_total{job="api",code=~"(5..|429)"}[${range}]))) / (sum(rate(http_requests_total{job="api"}[${range}])))`;
  const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];
  const burn = (range: string, factor: number): string =>
    `(max(slo:sli_error:ratio_rate${range}{${id}, sloth_window="${range}"} > (${factor} * 0.001)) without (sloth_window))`;
  const pair = (short: string, long: string, factor: number): string =>
    `(${burn(short, factor)} and ${burn(long, factor)})`;
  const record = (name: string, expr: string, own: string): string =>
    `      - record: ${name}\n        expr: |\n          ${expr}\n        labels: ${own}\n`;
  const rules = `groups:
  - name: sloth-slo-sli-recordings
    rules:
${windows.map((range) => record(`slo:sli_error:ratio_rate${range}`, ratio(range), withWindow(range))).join('')}${
  monthly
    ? record(
        'slo:sli_error:ratio_rate30d',
        `sum_over_time(slo:sli_error:ratio_rate5m{${id}}[30d]) / ignoring (sloth_window) count_over_time(slo:sli_error:ratio_rate5m{${id}}[30d])`,
        withWindow('30d'),
      )
    : ''
}  - name: sloth-slo-meta-recordings
    rules:
${record('slo:objective:ratio', 'vector(0.999)', labels)}${record('slo:error_budget:ratio', 'vector(1-0.999)', labels)}${record('slo:time_period:days', 'vector(30)', labels)}${record('slo:current_burn_rate:ratio', `slo:sli_error:ratio_rate5m{${id}} / on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio{${id}}`, labels)}${record('slo:period_burn_rate:ratio', `slo:sli_error:ratio_rate${monthly ? '30d' : '3d'}{${id}} / on(sloth_id, sloth_slo, sloth_service) group_left slo:error_budget:ratio{${id}}`, labels)}${record('slo:period_error_budget_remaining:ratio', `1 - slo:period_burn_rate:ratio{${id}}`, labels)}${record('sloth_slo_info', 'vector(1)', labels)}  - name: sloth-slo-alerts
    rules:
      - alert: HighErrorRate
        expr: |
          ${pair('5m', '1h', 14.4)} or ${pair('30m', '6h', 6)}
        labels: { severity: page }
        annotations: { title: '(page) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.' }
      - alert: HighErrorRate
        expr: |
          ${pair('2h', '1d', 3)} or ${pair('6h', '3d', 1)}
        labels: { severity: ticket }
        annotations: { title: '(ticket) {{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is too fast.' }
`;
  const steps = days * minutesPerDay;
  const codes = ['200', '201', '204', '301', '400', '404', '429', '500', '503'];
  const series = ['a', 'b', 'c'].flatMap((instance) =>
    codes.map((code) => {
      const bad = code === '429' || code.startsWith('5');
      const values = bad ? errorValues(steps) : `0+${Number(code) / 10}x${steps}`;
      return [`http_requests_total{job="api",instance="${instance}",code="${code}"}`, values] as const;
    }),
  );
  const last = `${steps - 1}m`;
  // The loud hour is the last one of the day; a while before it no alert is left.
  const quiet = `${steps - 120}m`;
  const checks = `      - { eval_time: ${quiet}, alertname: HighErrorRate, exp_alerts: [] }
    promql_expr_test:
      - expr: count(slo:sli_error:ratio_rate5m)
        eval_time: ${last}
        exp_samples: [{ value: 1 }]
`;
  const name = `Sloth's ${monthly ? 17 : 16} rules${monthly ? '' : ' (without the 30-day rule)'}, 27 series`;
  return { name, days, rules, test: testFile(series, checks) };
}

/** A counter of errors: few, and for an hour a day so many that alerts fire. */
function errorValues(steps: number): string {
  const pieces: string[] = [];
  let value = 0;
  for (let step = 0; step < steps; ) {
    const quiet = Math.min(minutesPerDay - 60, steps - step);
    pieces.push(`${value}+0.05x${quiet - 1}`);
    value += 0.05 * quiet;
    step += quiet;
    const loud = Math.min(60, steps - step);
    if (loud === 0) break;
    pieces.push(`${value}+60x${loud - 1}`);
    value += 60 * loud;
    step += loud;
  }
  return pieces.join(' ');
}

function testFile(series: readonly (readonly [series: string, values: string])[], checks: string): string {
  const lines = series.map(([name, values]) => `      - { series: '${name}', values: '${values}' }\n`).join('');
  return `rule_files: [rules.yml]
evaluation_interval: 1m
group_eval_order: [slo-recording, slo-alerts, sloth-slo-sli-recordings, sloth-slo-meta-recordings, sloth-slo-alerts]
tests:
  - interval: 1m
    input_series:
${lines}    alert_rule_test:
${checks}`;
}
