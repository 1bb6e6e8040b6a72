/** The labels of one group of a grouped objective. */
export type GroupLabels = Readonly<Record<string, string>>;

/** A group as an address carries it: `endpoint=/a&method=GET`. */
export function writeGroup(labels: GroupLabels): string {
  return new URLSearchParams(labels).toString();
}

/** The group that an address names; none if it names none. */
export function readGroup(value: unknown): GroupLabels {
  return typeof value === 'string' ? Object.fromEntries(new URLSearchParams(value)) : {};
}

/** A group as people read it. */
export function groupText(labels: GroupLabels): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label} ${value === '' ? '(none)' : value}`)
    .join(', ');
}
