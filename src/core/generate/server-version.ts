/** A version of a program that loads what is generated. Patch releases bring no new syntax, so they are not told apart. */
export interface ServerVersion {
  readonly major: number;
  readonly minor: number;
}

/** Reads `2.53`, `v3.4.1` or `0.28.0-rc.1`; undefined for any other text. */
export function readServerVersion(text: string): ServerVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.\d{1,6})?(?:[-+][0-9A-Za-z.-]+)?$/.exec(text.trim());
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2]) };
}

/** Prints a version as it is written after `--prometheus-version`. */
export function formatServerVersion({ major, minor }: ServerVersion): string {
  return `${major}.${minor}`;
}

/** Whether a version has what came with the other one. */
export function isAtLeast(version: ServerVersion, other: ServerVersion): boolean {
  return version.major === other.major ? other.minor <= version.minor : other.major < version.major;
}
