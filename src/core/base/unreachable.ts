/** Marks code that the types say is never reached; reaching it is our own mistake. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
