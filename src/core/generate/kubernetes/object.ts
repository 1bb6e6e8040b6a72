import { printYaml, type YamlValue } from '../../yaml/index.ts';
import type { KubernetesOptions } from '../options.ts';

/** The first lines of an object: what it is, its name and labels. */
export function printObjectHead(
  apiVersion: string,
  kind: string,
  name: string,
  { namespace }: KubernetesOptions,
  labels: Readonly<Record<string, string>>,
): string {
  return printYaml({
    apiVersion,
    kind,
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'nines', ...labels } },
  });
}

/** A whole object. */
export function printObject(head: string, rest: Readonly<Record<string, YamlValue | undefined>>): string {
  return `${head}${printYaml(rest)}`;
}
