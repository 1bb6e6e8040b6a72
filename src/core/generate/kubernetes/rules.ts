import type { Diagnostic } from '../../base/index.ts';
import { printRuleGroups, type RuleGroup } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import { aboutService } from '../codes.ts';
import type { GenerateContext } from '../target.ts';
import { nameProblems, objectName } from './names.ts';
import { printObjectHead } from './object.ts';

/**
 * Groups are put into one object up to this many bytes. `kubectl apply` keeps a copy of an object in an annotation, and all annotations
 * together have 256 KiB. Source: apimachinery, TotalAnnotationSizeLimitB.
 */
const usualObject = 240_000;

/**
 * A single group may be so large; it has to be applied with `--server-side`. The operator puts each object whole into a ConfigMap of half a
 * MiB. Source: prometheus-operator, MaxConfigMapDataSize.
 */
const largestObject = 480_000;

/** The texts of a service's PrometheusRule objects: one, or several that share its groups if one would be too large. */
export function ruleObjects(
  service: Service,
  { rulesOf, options }: GenerateContext,
): { readonly objects: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  const { file, diagnostics } = rulesOf(service);
  const problems: Diagnostic[] = [];
  const objects = packed(file.groups).map((groups, index) => {
    const name = objectName(service.name, ...(index === 0 ? [] : [String(index + 1)]));
    const text = ruleObject(service, name, groups, options);
    problems.push(...nameProblems(service, name));
    if (largestObject < text.length) problems.push(tooLarge(service, name, text.length));
    return text;
  });
  return { objects, diagnostics: [...diagnostics, ...problems] };
}

/** The texts of the groups in their order, as many together as an object holds. A group is evaluated in its order, so it stays whole. */
function packed(groups: readonly RuleGroup[]): readonly string[] {
  const objects = [''];
  for (const group of groups) {
    const text = printRuleGroups([group], '    ').trimStart();
    const before = objects.at(-1) ?? '';
    const together = `${before}    ${text}`;
    if (before !== '' && usualObject < together.length) objects.push(`    ${text}`);
    else objects[objects.length - 1] = together;
  }
  return objects;
}

function ruleObject(
  service: Service,
  name: string,
  groups: string,
  { kubernetes }: GenerateContext['options'],
): string {
  const head = printObjectHead('monitoring.coreos.com/v1', 'PrometheusRule', name, kubernetes, {
    'app.kubernetes.io/part-of': service.name,
    ...Object.fromEntries(kubernetes.ruleLabels),
  });
  return `${head}spec:\n  groups:${groups === '' ? ' []' : ''}\n${groups}`;
}

function tooLarge(service: Service, name: string, size: number): Diagnostic {
  const message = `a group of \`${name}\` has ${size} bytes, and the operator takes ${largestObject} with a margin`;
  return aboutService(service, 'generate/too-large', message);
}
