/** `host:port` apart, brackets of an IPv6 address taken off; undefined if it is not of that form. Source: Go, net.SplitHostPort. */
export function splitHostPort(hostPort: string): { readonly host: string; readonly port: string } | undefined {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(hostPort);
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(hostPort);
  return plain === null ? undefined : { host: plain[1] ?? '', port: plain[2] ?? '' };
}

export function joinHostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The path of a URL: what stands between the host and the query. */
export function parseUrlPath(url: string): string {
  return /^(?:[A-Za-z][\w+.-]*:)?(?:\/\/[^/?#]*)?([^?#]*)/.exec(url)?.[1] ?? '';
}
