/** How many lines of each side are shown where texts differ. */
const mostLines = 12;

/**
 * Where two texts differ, for people: the lines between what they begin and what they end with, the old ones after `-`, the new ones
 * after `+`, below the number of the first.
 */
export function textDifference(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [
    `  line ${start + 1}`,
    ...shown('-', a.slice(start, a.length - end)),
    ...shown('+', b.slice(start, b.length - end)),
  ].join('\n');
}

function shown(sign: string, lines: readonly string[]): readonly string[] {
  const first = lines.slice(0, mostLines).map((line) => `  ${sign} ${line.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200)}`);
  const more = lines.length - first.length;
  return more === 0 ? first : [...first, `  ${sign} ... and ${more} more line${more === 1 ? '' : 's'}`];
}
