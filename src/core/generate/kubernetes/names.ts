import type { Diagnostic } from '../../base/index.ts';
import type { Service } from '../../slo/index.ts';
import { aboutService } from '../codes.ts';

/** Parts of the names of objects are joined by dots, which no name of a service or an SLO contains, so that no two objects meet. */
export function objectName(...parts: readonly string[]): string {
  return ['nines', ...parts].join('.');
}

/** What Kubernetes takes for the name of an object. Source: RFC 1123, and apimachinery's IsDNS1123Subdomain. */
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const longestName = 253;

/** Whether Kubernetes takes a text for the name of an object. */
export function isObjectName(name: string): boolean {
  return name.length <= longestName && subdomain.test(name);
}

/** What is wrong with the name of a service's object; nothing if Kubernetes takes it. */
export function nameProblems(service: Service, name: string): readonly Diagnostic[] {
  if (isObjectName(name)) return [];
  const message = `\`${name.slice(0, 80)}\` can't be the name of an object in Kubernetes`;
  return [aboutService(service, 'generate/kubernetes-name', message)];
}

/** The value of a label has at most 63 characters. Source: apimachinery's IsValidLabelValue. */
const labelValue = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const labelKey = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** Reads labels as kubectl takes them, `release=prometheus,team=sre`; undefined if Kubernetes would refuse one. */
export function readObjectLabels(text: string): ReadonlyMap<string, string> | undefined {
  const labels = new Map<string, string>();
  for (const pair of text.split(',')) {
    const [key = '', value, ...more] = pair.trim().split('=');
    if (value === undefined || 0 < more.length || !labelKey.test(key) || !labelValue.test(value)) return undefined;
    labels.set(key, value);
  }
  return labels;
}

/** Reads the name of a namespace; undefined if Kubernetes would refuse it. */
export function readNamespace(text: string): string | undefined {
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text) ? text : undefined;
}
