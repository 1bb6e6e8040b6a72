import type { Span } from '../../base/index.ts';
import type { PromqlCode } from '../syntax/codes.ts';
import type { ValueType } from '../syntax/tree.ts';

/** How the checks hand in what they find. */
export type Report = (code: PromqlCode, span: Span, message: string, help?: string) => void;

/** A type as Prometheus's documentation and messages call it. */
export function typeName(type: ValueType): string {
  switch (type) {
    case 'vector':
      return 'instant vector';
    case 'matrix':
      return 'range vector';
    case 'scalar':
    case 'string':
      return type;
  }
}
