import type { Diagnostic } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { type Sayable, sayLosses } from '../dialect-losses.ts';
import { jobOf } from '../dialect-service.ts';
import { lossesInto, nativeHistogramOf, type SayLoss, type WrittenServices } from '../dialect-write.ts';
import { annotatedParts, annotationsWith, wordsAbout } from './annotations.ts';
import { targetOf } from './contacts.ts';
import { sliName, sloOf, type Written, writable } from './write-slo.ts';

const sayable: Sayable = {
  service: new Set(['title', 'description', 'owner', 'job', 'criticality', 'contacts']),
  slo: new Set([...annotatedParts, 'title', 'description', 'labels', 'measure']),
  tier: new Set(['keepFiringFor', 'name', 'profile', 'labels', 'annotations']),
};

/** Writes services as OpenSLO version 1: a Service and an SLO for each objective. What has no key there stands in annotations. */
export function writeOpenslo(services: readonly Service[]): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const written = writtenSlos(services, say);
  const documents = services.flatMap((service): readonly YamlValue[] => {
    const slos = service.slos.filter((slo) => written.slos.has(slo));
    sayLosses({ ...service, slos, metrics: undescribed(service, slos) }, say, sayable);
    if (service.contacts.some(({ receiver }) => receiver !== undefined))
      say(
        'warning',
        service.name,
        'the format has no place for `receiver` of contacts',
        'route alerts in Alertmanager',
      );
    if (slos.length === 0) return [];
    return [
      serviceOf(service),
      ...service.contacts.map((contact) => targetOf(service, contact)),
      ...slos.flatMap((slo) => documentsOf(service, slo, written, say)),
    ];
  });
  return { text: documents.map((document) => printYaml(document)).join('---\n'), diagnostics };
}

/** The objectives that the format can say. The indicators of those that composites are made of become objects that both refer to. */
function writtenSlos(services: readonly Service[], say: SayLoss): Written {
  const all = new Map(
    services.flatMap((service) => service.slos.map((slo): [string, Slo] => [`${service.name}/${slo.name}`, slo])),
  );
  const slos = new Set<Slo>();
  const shared = new Set<Slo>();
  for (const service of services) {
    for (const slo of service.slos) {
      if (!writable(service, slo, all, say)) continue;
      slos.add(slo);
      if (slo.indicator.kind !== 'composite') continue;
      for (const member of slo.indicator.members) {
        const part = all.get(`${member.service}/${member.slo}`);
        if (part !== undefined) shared.add(part);
      }
    }
  }
  return { slos, shared, all };
}

/** The catalogue but for what indicators say themselves: that a histogram is a native one. */
function undescribed({ metrics }: Service, slos: readonly Slo[]): Service['metrics'] {
  const said = new Set(slos.flatMap((slo) => nativeHistogramOf({ metrics }, slo) ?? []));
  return new Map(
    [...metrics].filter(([name, { labels, help, aliases }]) => {
      const isMore = 0 < labels.size || help !== undefined || aliases !== undefined;
      return !said.has(name) || isMore;
    }),
  );
}

function serviceOf({ name, title, description, owner, job, criticality, slos }: Service): YamlValue {
  const words = wordsAbout(name, title, description);
  return {
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name,
      displayName: words.displayName,
      annotations: annotationsWith({
        ...words.annotations,
        owner: owner === '' ? undefined : owner,
        job: job === jobOf(name, slos) ? undefined : job,
        criticality,
      }),
    },
    spec: { description: words.description ?? '' },
  };
}

function documentsOf(service: Service, slo: Slo, written: Written, say: SayLoss): readonly YamlValue[] {
  const { sli, document } = sloOf(service, slo, written, say);
  if (!written.shared.has(slo) || sli === undefined) return [document];
  return [
    {
      apiVersion: 'openslo/v1',
      kind: 'SLI',
      metadata: { name: sliName(service.name, slo.name), ...sli.metadata },
      spec: sli.spec,
    },
    document,
  ];
}
