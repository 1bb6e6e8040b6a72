import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDefinitions } from '../src/core/formats/index.ts';
import type { Service } from '../src/core/slo/index.ts';

/** The five systems of `examples/`. */
export const exampleNames: readonly string[] = ['comfyui-api', 'dumbkv', 'koder-flow', 'pactodo', 'task-mcp'];

/** The service of an example. */
export function example(name: string): Service {
  return definitionOf(join('examples', name, 'slo.yaml'));
}

/** The one service that a file of the project defines. */
export function definitionOf(path: string): Service {
  const read = readDefinitions({ name: path, text: readFileSync(path, 'utf8') });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  const [service, ...more] = read.value;
  if (service === undefined || 0 < more.length) throw new Error(`${path} does not define one service`);
  return service;
}
