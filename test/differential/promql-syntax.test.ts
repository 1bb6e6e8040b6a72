import { expect, test } from 'vitest';
import { formatParseError, parseExpr, prettyExpr } from '../../src/core/promql/index.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';

// A real Prometheus says what is PromQL, how it is printed, and what is wrong with it where. Debian carries a 2.x, so what has come
// with 3.x is not asked here: durations as numbers and numbers as durations, names in quotes, experimental parts.

const seeds = [
  'sum by (job) (rate(http_requests_total{code=~"5..", job!="x"}[5m] offset -1h30m)) / on (job) group_left (a) up @ end()',
  'histogram_quantile(0.9, sum without (instance) (rate(x_bucket{le!="+Inf"}[5m:1m] @ 1.5))) > bool -Inf',
  'topk(5, {l="v"}) unless on () count_values("a", b) ^ -2',
  'a + ignoring(b) group_right c atan2 0x1F or vector(time()) == 1.5',
  'label_replace(up, "dst", "$1", `raw`, \'(?i)x.*\') and (absent(y offset 5m) or avg_over_time(z[1h:]))',
  '-sum(a) by (b, c) * +d % 2 ^ e ^ f - min without () (g{h=~"i|j", k!~"l"})',
];
const pieces =
  '( ) [ ] { } , : @ = =~ !~ != == < <= > >= + - * / % ^ and or unless sum by without on ignoring group_left bool offset 5m [5m] 1.5 0x1 "s" \' ` " # é foo rate( inf NaN x{} _'.split(
    ' ',
  );

/** Expressions cut and pasted by a generator of pseudo-random numbers (Lehmer 1951), the same in every run. */
function* inputs(count: number): Generator<string> {
  let state = 20_263;
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  yield* seeds;
  for (let i = 0; i < count; i += 1) {
    let text = seeds[below(seeds.length)] ?? '';
    for (let edits = 1 + below(2); 0 < edits; edits -= 1) {
      const start = below(text.length);
      const paste = below(3) === 0 ? '' : pieces[below(pieces.length)];
      text = `${text.slice(0, start)}${paste}${text.slice(start + below(6))}`;
    }
    yield text;
  }
}

/**
 * Refused by Prometheus 2, and meant to be read now: numbers and durations in each other's place, labels with a colon or in
 * quotes, an offset of zero, the trim operators, arithmetic with durations, end() as a function.
 */
const newer =
  /missing unit|bad duration|unexpected (?:duration|number)|expected duration|got instant vector|(?:call args|number of arg)|metric identifier .* in grouping|greater than 0|<op:\/>|unexpected "\("|unexpected string|<op:.> in subquery/;

/** Printed otherwise since Prometheus 2: it dropped an empty ignoring () and the grouping with it. */
const printedOtherwise = /ignoring\s*\(\s*\)\s*group/i;

test('a real Prometheus takes, prints and refuses the same expressions', { timeout: 600_000 }, async (context) => {
  const server = await startPrometheus(context, {});
  try {
    let taken = 0;
    let refused = 0;
    let sameWords = 0;
    const differences: string[] = [];
    for (const text of inputs(process.env['NINES_LONG'] === '1' ? 8000 : 3000)) {
      const theirs = await formatQuery(server, text);
      const ours = parseExpr(text);
      if (theirs.status === 'success') {
        taken += 1;
        if (printedOtherwise.test(text)) continue;
        const printed = ours.ok ? prettyExpr(ours.value) : ours.diagnostics[0]?.message;
        if (printed !== theirs.data) differences.push(`${text}\n  theirs: ${theirs.data}\n  ours:   ${printed}`);
      } else if (ours.ok) {
        if (!newer.test(theirs.error ?? '')) differences.push(`${text}\n  theirs: ${theirs.error}\n  ours:   taken`);
      } else {
        refused += 1;
        const said = ours.diagnostics[0] === undefined ? '' : formatParseError(text, ours.diagnostics[0]);
        if (theirs.error === `invalid parameter "query": ${said}`) sameWords += 1;
      }
    }
    expect(differences.slice(0, 20).join('\n\n'), `${differences.length} differ`).toBe('');
    expect(taken).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(300);
    // The rest are messages that have changed since, and faults that we place better.
    expect(sameWords / refused).toBeGreaterThan(0.6);
  } finally {
    await server.stop();
  }
});

interface FormatAnswer {
  readonly status: 'success' | 'error';
  readonly data?: string;
  readonly error?: string;
}

async function formatQuery({ url }: RunningServer, query: string): Promise<FormatAnswer> {
  const response = await fetch(`${url}/api/v1/format_query`, { method: 'POST', body: new URLSearchParams({ query }) });
  const answer: FormatAnswer = await response.json();
  return answer;
}
