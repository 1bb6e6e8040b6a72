/**
 * Compares texts so that numbers in them count as numbers: `web2` before `web10`. It is the order of sort_by_label().
 * Source: github.com/facette/natsort, which upstream uses: texts are cut into runs of digits and runs of other characters.
 */
export function compareNaturally(a: string, b: string): number {
  const left = chunks(a);
  const right = chunks(b);
  for (let i = 0; i < left.length; i += 1) {
    const one = left[i] ?? '';
    const other = right[i];
    if (other === undefined) return 1;
    const byNumber = isNumber(one) && isNumber(other) ? Number(one) - Number(other) : 0;
    if (byNumber !== 0) return byNumber;
    // Equal numbers written with a different count of zeros: fewer digits first.
    if (one !== other) return isNumber(one) && isNumber(other) ? one.length - other.length : one < other ? -1 : 1;
  }
  return left.length - right.length;
}

function chunks(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function isNumber(chunk: string): boolean {
  const code = chunk.charCodeAt(0);
  return 48 <= code && code <= 57;
}
