import type { ErrorBudgetPolicy, Service } from '../slo/index.ts';
import { jobOf } from './dialect-service.ts';

/**
 * Services of one name as one: other tools have an objective in each document, so that a service stands in many. The objectives of all
 * follow one another; of everything else counts what the first one says that says it.
 */
export function mergeServices(first: Service, ...rest: readonly Service[]): Service {
  const all = [first, ...rest];
  const said = <Key extends 'owner' | 'title'>(key: Key, usual: string): string =>
    all.map((service) => service[key]).find((text) => text !== usual) ?? usual;
  const slos = all.flatMap((service) => service.slos);
  const description = all.find((service) => service.description !== undefined)?.description;
  const criticality = all.find((service) => service.criticality !== undefined)?.criticality;
  const job = all.find((service) => service.job !== jobOf(service.name, service.slos))?.job;
  return {
    ...first,
    title: said('title', first.name),
    owner: said('owner', ''),
    ...(description === undefined ? {} : { description }),
    ...(criticality === undefined ? {} : { criticality }),
    job: job ?? jobOf(first.name, slos),
    metrics: new Map(all.flatMap(({ metrics }) => [...metrics])),
    contacts: [...new Map(all.flatMap(({ contacts }) => contacts).map((each) => [each.name, each])).values()],
    policies: joinPolicies(all.flatMap(({ policies }) => policies)),
    slos,
  };
}

/** Policies of one name watch the objectives of all. */
function joinPolicies(policies: readonly ErrorBudgetPolicy[]): readonly ErrorBudgetPolicy[] {
  const found = new Map<string, ErrorBudgetPolicy>();
  for (const policy of policies) {
    const before = found.get(policy.name);
    found.set(
      policy.name,
      before === undefined ? policy : { ...before, slos: [...new Set([...before.slos, ...policy.slos])] },
    );
  }
  return [...found.values()];
}

/** The objectives of one name that services have more than once when they are joined. */
export function sharedObjectives(services: readonly Service[]): readonly string[] {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { name } of services.flatMap(({ slos }) => slos)) {
    if (seen.has(name)) shared.add(name);
    seen.add(name);
  }
  return [...shared];
}
