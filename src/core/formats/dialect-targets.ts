import type { Service } from '../slo/index.ts';
import type { WrittenServices } from './dialect-write.ts';
import { writeOpenslo } from './openslo/write.ts';
import { writePyrra } from './pyrra/write.ts';
import { writeSloth } from './sloth/write.ts';

/** The formats of other tools that are written. */
export const exportTargets = ['openslo', 'sloth', 'sloth-crd', 'pyrra'] as const;
export type ExportTarget = (typeof exportTargets)[number];

/** Writes services in another format. Same services, same bytes; what the format cannot say is told. */
export function writeServices(services: readonly Service[], target: ExportTarget): WrittenServices {
  switch (target) {
    case 'openslo':
      return writeOpenslo(services);
    case 'sloth':
      return writeSloth(services, 'file');
    case 'sloth-crd':
      return writeSloth(services, 'object');
    case 'pyrra':
      return writePyrra(services);
  }
}
