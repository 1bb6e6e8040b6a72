import type { Diagnostic } from '../../base/index.ts';
import { printRuleGroups, type RuleGroup } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import { aboutService } from '../codes.ts';
import type { GenerateContext } from '../target.ts';
import { nameProblems, objectName } from './names.ts';
import { printObjectHead } from './object.ts';

/**
 * An object is split below this many bytes. `kubectl apply` keeps a copy of it in an annotation, and all annotations together have 256 KiB;
 * the operator puts each object whole into a ConfigMap of half a MiB, and etcd takes 1.5 MiB.
 * Source: apimachinery, TotalAnnotationSizeLimitB; prometheus-operator, MaxConfigMapDataSize.
 */
const largestObject = 240_000;

/** The texts of a service's PrometheusRule objects: one, or one for each ten objectives if one would be too large. */
export function ruleObjects(
  service: Service,
  { rulesOf, options }: GenerateContext,
): { readonly objects: readonly string[]; readonly diagnostics: readonly Diagnostic[] } {
  const { file, diagnostics } = rulesOf(service);
  const whole = ruleObject(service, objectName(service.name), file.groups, options);
  const wrong = nameProblems(service, objectName(service.name));
  if (0 < wrong.length) return { objects: [], diagnostics: [...diagnostics, ...wrong] };
  if (whole.length <= largestObject) return { objects: [whole], diagnostics };
  const objects: string[] = [];
  const problems: Diagnostic[] = [];
  for (const [part, groups] of partsOf(service, file.groups)) {
    const name = objectName(service.name, part);
    const text = ruleObject(service, name, groups, options);
    problems.push(...nameProblems(service, name));
    if (largestObject < text.length) problems.push(tooLarge(service, name, text.length));
    objects.push(text);
  }
  return { objects, diagnostics: [...diagnostics, ...problems] };
}

function ruleObject(
  service: Service,
  name: string,
  groups: readonly RuleGroup[],
  { kubernetes }: GenerateContext['options'],
): string {
  const head = printObjectHead('monitoring.coreos.com/v1', 'PrometheusRule', name, kubernetes, {
    'app.kubernetes.io/part-of': service.name,
    ...Object.fromEntries(kubernetes.ruleLabels),
  });
  return `${head}spec:\n  groups:${printRuleGroups(groups, '    ')}`;
}

/** The groups that belong together, the slow ones with the one that reads them, by what follows the service in their names. */
function partsOf(service: Service, groups: readonly RuleGroup[]): ReadonlyMap<string, readonly RuleGroup[]> {
  const parts = new Map<string, RuleGroup[]>();
  for (const group of groups) {
    const part = group.name.replace(/-slow(?:-[0-9a-z]+)?$/, '').slice(`nines-${service.name}-`.length);
    const own = parts.get(part);
    if (own === undefined) parts.set(part, [group]);
    else own.push(group);
  }
  return parts;
}

function tooLarge(service: Service, name: string, size: number): Diagnostic {
  const message = `the object \`${name}\` has ${size} bytes, and Kubernetes takes ${largestObject} with a margin`;
  return aboutService(service, 'generate/too-large', message);
}
