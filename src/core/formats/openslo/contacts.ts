import type { Contact, Service } from '../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../yaml/index.ts';
import { isThere, itemsAt, textAt } from '../dialect-reading.ts';
import { plainName } from '../dialect-service.ts';
import { ownTarget } from './alerts.ts';
import { annotationsWith, wordsAbout } from './annotations.ts';
import { annotationsOf, descriptionOf, type Objects, type OpensloObject, readInline, titleOf } from './objects.ts';

/** The contacts that an object's alert policies tell. */
export function contactsOf(objects: Objects, slo: OpensloObject): readonly Contact[] {
  const { reading, path, version } = slo;
  const policies = itemsAt(reading, [...path, 'spec', 'alertPolicies']).flatMap((item): readonly OpensloObject[] => {
    const found = isThere(reading, [...item, 'spec'])
      ? { ...slo, path: item }
      : objects.get('AlertPolicy', textAt(reading, refOf(reading, item)) ?? '');
    return found === undefined ? [] : [found];
  });
  return policies.flatMap((policy) =>
    itemsAt(policy.reading, [...policy.path, 'spec', 'notificationTargets']).flatMap((item) => {
      const place = [...item, 'targetRef'];
      const target = isThere(policy.reading, place)
        ? objects.get('AlertNotificationTarget', textAt(policy.reading, place) ?? '')
        : readInline({ ...policy.reading, diagnostics: [] }, item, version, 'AlertNotificationTarget');
      return target === undefined ? [] : (contactOf(target) ?? []);
    }),
  );
}

function refOf(reading: OpensloObject['reading'], item: YamlPath): YamlPath {
  return isThere(reading, [...item, 'alertPolicyRef']) ? [...item, 'alertPolicyRef'] : item;
}

/** Somebody who is told, from a notification target; undefined for Alertmanager itself. */
export function contactOf(target: OpensloObject): Contact | undefined {
  const { reading, path } = target;
  const channel = textAt(reading, [...path, 'spec', 'target']) ?? '';
  if (channel === ownTarget) return undefined;
  const annotations = annotationsOf(target);
  const name = annotations.get('name') ?? plainName(target.name);
  const title = titleOf(target) ?? descriptionOf(target) ?? name;
  const optional = (key: 'role' | 'email' | 'slack' | 'phone' | 'url'): Partial<Contact> => {
    const value = annotations.get(key) ?? (key === 'email' && channel.includes('@') ? channel : undefined);
    return value === undefined ? {} : { [key]: value };
  };
  return {
    name,
    title,
    ...optional('role'),
    ...optional('email'),
    ...optional('slack'),
    ...optional('phone'),
    ...optional('url'),
  };
}

/** The name of the object of a contact, which is one among those of all services. */
export function targetName({ name }: Service, contact: Contact): string {
  return plainName(`${name}-${contact.name}`);
}

/** A contact as a notification target. */
export function targetOf(service: Service, contact: Contact): YamlValue {
  const { name, title, role, email, slack, phone, url } = contact;
  // A target without a title is called by its description; of a contact the title always stands.
  const words = wordsAbout('', title, undefined);
  const channel =
    email !== undefined ? 'email' : slack !== undefined ? 'slack' : phone !== undefined ? 'phone' : 'other';
  return {
    apiVersion: 'openslo/v1',
    kind: 'AlertNotificationTarget',
    metadata: {
      name: targetName(service, contact),
      displayName: words.displayName,
      annotations: annotationsWith({
        ...words.annotations,
        service: service.name,
        name,
        role,
        email,
        slack,
        phone,
        url,
      }),
    },
    spec: { target: channel },
  };
}
