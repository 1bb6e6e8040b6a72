/**
 * The engine and the server as users run them: compiled to `dist`, not as jiti translates them on the fly, where private fields and imports
 * cost several times more. The benchmarks' commands compile first.
 */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

const formats: typeof import('../src/core/formats/index.ts') = load('../dist/core/formats/index.js');
const generate: typeof import('../src/core/generate/index.ts') = load('../dist/core/generate/index.js');
const promql: typeof import('../src/core/promql/index.ts') = load('../dist/core/promql/index.js');
const rules: typeof import('../src/core/rules/index.ts') = load('../dist/core/rules/index.js');
const series: typeof import('../src/core/series/index.ts') = load('../dist/core/series/index.js');
const server: typeof import('../src/server/index.ts') = load('../dist/server/index.js');
const store: typeof import('../src/store/index.ts') = load('../dist/store/index.js');

export const { readServices } = formats;
export const { generateRules } = generate;
export const { evaluate, parseExpr, plan } = promql;
export const { printRuleFile } = rules;
export const { Labels, memorySource } = series;
export const { defaultConfiguration, embeddedServer, listen, ninesServer, silentLog, systemClock } = server;
export const { MemoryStore } = store;
