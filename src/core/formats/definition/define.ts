import { formatDiagnostic, type LocatedDiagnostic, type Source } from '../../base/index.ts';
import type { Service } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import type { DefinitionInput } from './input.ts';
import { readDefinitions } from './read.ts';

/** A definition in TypeScript: as in YAML, without the line that names the format. */
export type ServiceInput = Omit<DefinitionInput, 'apiVersion'> & { apiVersion?: 'nines/v1' | undefined };

/** A definition in TypeScript that is wrong. The places of its diagnostics are those of the same definition in YAML. */
export class DefinitionError extends Error {
  override readonly name: string = 'DefinitionError';
  readonly diagnostics: readonly LocatedDiagnostic[];

  constructor(service: string, diagnostics: readonly LocatedDiagnostic[]) {
    super(`the definition of ${service} is wrong\n\n${diagnostics.map(formatDiagnostic).join('\n\n')}`);
    this.diagnostics = diagnostics;
  }
}

/**
 * Defines a service in TypeScript. It goes through the very reader that YAML goes through, so that both mean the same and are checked by
 * the same rules; everything that is wrong is told by one DefinitionError.
 */
export function defineService(input: ServiceInput): Service {
  const { apiVersion = 'nines/v1', ...rest } = input;
  const name = typeof input.service === 'string' ? input.service : 'a service';
  const source: Source = { name: `${name} (as YAML)`, text: printYaml(plain({ apiVersion, ...rest }, name)) };
  const outcome = readDefinitions(source);
  if (!outcome.ok) {
    const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error');
    throw new DefinitionError(
      name,
      errors.map((diagnostic) => ({ ...diagnostic, source })),
    );
  }
  const [service] = outcome.value;
  if (service === undefined) throw new Error('a definition without errors has a service');
  return service;
}

/** The input as a plain value. Types promise that it is one, but JavaScript may pass anything. */
function plain(value: unknown, place: string): YamlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${place}[${index}]`));
  if (typeof value !== 'object') throw new TypeError(`${place} is a ${typeof value}, which no definition can hold`);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return new Map(entries.map(([key, item]) => [key, plain(item, `${place}.${key}`)]));
}
