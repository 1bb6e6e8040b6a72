import { type Expr, metricNameOf, unwrap, type VectorSelector, walk } from '../../promql/index.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

/** Metrics of one library about one process: whatever target exports one of them exports all, with the same labels. */
const families = /^(process|go|python|jvm|node|container|kube|nodejs|windows)_/;

export const vectorMatching: DocumentCheck = {
  id: 'vector-matching',
  severity: 'warning',
  meaning: 'Two metrics are divided series by series though nothing says that they have the same labels.',
  remedy:
    'aggregate both sides, or name the labels to match with `on (...)`; keep a zero out of the denominator with `> 0`',
  inspect: ({ queries }) =>
    queries.flatMap((query) => {
      const found: DocumentFinding[] = [];
      if (query.expr === undefined || query.assigned !== undefined) return found;
      walk(query.expr, (node) => {
        if (node.kind !== 'binary' || node.operator !== '/' || node.matching !== undefined) return;
        const left = bare(node.left);
        const right = bare(node.right);
        if (left === undefined || right === undefined) return;
        const [a = '', b = ''] = [metricNameOf(left), metricNameOf(right)];
        const family = families.exec(a)?.[1];
        if (a === b || (family !== undefined && family === families.exec(b)?.[1]) || related(a, b)) return;
        const message = `\`${a}\` and \`${b}\` match only where all their labels are the same; from different targets this gives nothing, and a zero below gives infinity`;
        found.push({ message, span: spanIn(query, node) });
      });
      return found;
    }),
};

/** A gauge as it is: not aggregated, not a rate. */
function bare(expr: Expr): VectorSelector | undefined {
  const node = unwrap(expr);
  return node.kind === 'selector' ? node : undefined;
}

/** `disk_used_bytes` and `disk_total_bytes`: what is measured of a thing and how much of it there is. */
function related(a: string, b: string): boolean {
  const stem = (name: string) =>
    name.replace(
      /(?:_(?:used|free|avail|available|total|max|limit|size|capacity|current|open|usage|bytes|count))+$/,
      '',
    );
  return stem(a) === stem(b);
}
