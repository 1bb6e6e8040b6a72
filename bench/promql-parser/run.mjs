// Measures how many PromQL expressions a second are parsed (with checks) and printed, on the distinct expressions of upstream's test
// scripts, which average about 40 characters. Build first, then run:
//
//   npx tsc -b src/core && node bench/promql-parser/run.mjs [folder of *.test files]
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExpr, parseTree } from '../../dist/core/promql/syntax/parse.js';
import { printExpr } from '../../dist/core/promql/syntax/print.js';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../../shared/corpora/promqltest');
const evaluation = /^\s*eval(?:_\w+)?\s+(?:instant\s+at\s+\S+|range\s+from\s+\S+\s+to\s+\S+\s+step\s+\S+)\s+(.*)$/;
const texts = new Set();
for (const name of readdirSync(folder)) {
  if (!name.endsWith('.test')) continue;
  for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
    const match = evaluation.exec(line);
    if (match !== null) texts.add(match[1]);
  }
}
const corpus = [...texts];
const characters = corpus.reduce((sum, text) => sum + text.length, 0);
console.log(`${corpus.length} expressions, ${(characters / corpus.length).toFixed(1)} characters on average`);

const first = time(() => each(corpus, parseExpr));
console.log(`first pass, cold: ${(first * 1000).toFixed(1)} ms`);
const trees = corpus.flatMap((text) => {
  const parsed = parseExpr(text);
  return parsed.ok ? [parsed.value] : [];
});
measure('parse and check', corpus.length, () => each(corpus, parseExpr));
measure('parse only', corpus.length, () => each(corpus, parseTree));
measure('print', trees.length, () => each(trees, printExpr));

/** Prints the best of ten rounds of a fifth of a second each, after a warm-up of one. */
function measure(name, count, pass) {
  let best = 0;
  for (let round = 0; round <= 10; round += 1) {
    let passes = 0;
    let seconds = 0;
    while (seconds < 0.2) {
      seconds += time(pass);
      passes += 1;
    }
    if (0 < round) best = Math.max(best, (passes * count) / seconds);
  }
  console.log(`${name}: ${Math.round(best).toLocaleString('en')} expressions/s`);
}

function each(items, work) {
  for (const item of items) work(item);
}

function time(work) {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}
