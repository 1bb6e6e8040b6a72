/** FNV-1a over UTF-16 code units, as eight hexadecimal digits. Source: http://www.isthe.com/chongo/tech/comp/fnv/. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
