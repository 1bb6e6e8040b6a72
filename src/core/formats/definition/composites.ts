import { closest } from '../../base/index.ts';
import type { CompositeIndicator, CompositeMember, Service, Slo } from '../../slo/index.ts';
import { nodeAt, type YamlPath } from '../../yaml/index.ts';
import { alternatives, type Reading, reportKey, reportValue } from './reading.ts';
import type { CompositeInput } from './slo-input.ts';

/** Reads other objectives joined into one. Whether they exist is checked when all objectives are known. */
export function readComposite(
  reading: Reading,
  path: YamlPath,
  { combine, members: inputs }: CompositeInput,
  service: string,
): CompositeIndicator | undefined {
  const seen = new Set<string>();
  const members = inputs.flatMap((input, index): readonly CompositeMember[] => {
    const place = [...path, 'members', index];
    const member = memberOf(input, service);
    const refuse = (at: YamlPath, message: string, help: string): readonly CompositeMember[] => {
      reportValue(reading, at, { severity: 'error', code: 'composite/member', message, help });
      return [];
    };
    const key = `${member.service}/${member.slo}`;
    if (seen.has(key))
      return refuse(place, `\`${key}\` is a member already`, 'remove one of them, or give one a greater weight');
    seen.add(key);
    if (!(0 < member.weight && member.weight < Number.POSITIVE_INFINITY))
      return refuse(
        [...place, 'weight'],
        `a weight of ${member.weight} is none`,
        'write a number above 0, or leave the member out',
      );
    if (combine !== 'weighted' && typeof input !== 'string' && input.weight !== undefined) {
      reportKey(reading, [...place, 'weight'], {
        severity: 'warning',
        code: 'composite/member',
        message: `weights mean nothing where members are combined as \`${combine}\``,
        help: 'remove it, or write `combine: weighted`',
      });
    }
    return [member];
  });
  return members.length === inputs.length ? { kind: 'composite', combine, members } : undefined;
}

function memberOf(input: CompositeInput['members'][number], service: string): CompositeMember {
  if (typeof input !== 'string')
    return { service: input.service ?? service, slo: input.slo, weight: input.weight ?? 1 };
  const [first = '', second] = input.split('/');
  return second === undefined ? { service, slo: first, weight: 1 } : { service: first, slo: second, weight: 1 };
}

/** A service that was read, and where it stands. */
export interface Declared {
  readonly reading: Reading;
  readonly service: Service;
}

/** Holds the members of composites against the objectives of all services of the text: they exist, are in use, and lead to no circle. */
export function checkComposites(declared: readonly Declared[]): void {
  const slos = new Map(
    declared.flatMap(({ service }) => service.slos.map((slo): [string, Slo] => [`${service.name}/${slo.name}`, slo])),
  );
  for (const { reading, service } of declared) {
    for (const slo of service.slos) {
      if (slo.indicator.kind !== 'composite') continue;
      for (const [index, member] of slo.indicator.members.entries())
        checkMember(reading, ['slos', slo.name, 'composite', 'members', index], { member, service, slo }, declared);
      checkCircle(reading, `${service.name}/${slo.name}`, slo, slos);
    }
  }
}

function checkMember(
  reading: Reading,
  place: YamlPath,
  { member, service, slo }: { readonly member: CompositeMember; readonly service: Service; readonly slo: Slo },
  declared: readonly Declared[],
): void {
  const [message, help] = memberFault(member, { service, slo }, declared) ?? [];
  if (message === undefined || help === undefined) return;
  reportValue(reading, place, { severity: 'error', code: 'composite/member', message, help });
}

function memberFault(
  member: CompositeMember,
  { service, slo }: { readonly service: Service; readonly slo: Slo },
  declared: readonly Declared[],
): readonly [message: string, help: string] | undefined {
  if (member.service === service.name && member.slo === slo.name)
    return ['an objective is no part of itself', 'remove it'];
  // Services of other texts are not known here.
  const home = declared.find((each) => each.service.name === member.service);
  if (home === undefined) return undefined;
  const found = home.service.slos.find(({ name }) => name === member.slo);
  if (found === undefined) {
    // An objective that could not be read has been told about.
    const isWritten = nodeAt(home.reading.root, ['slos', member.slo]) !== undefined;
    const family = home.service.slos.filter((each) => each.family === member.slo).map(({ name }) => name);
    if (isWritten && family.length === 0) return undefined;
    const names = home.service.slos.map(({ name }) => name).filter((name) => name !== slo.name);
    const meant = closest(member.slo, names);
    const message = `\`${member.service}\` has no objective \`${member.slo}\``;
    if (0 < family.length) return [message, `write ${alternatives(family)}`];
    return [message, meant === undefined ? `write ${alternatives(names.slice(0, 5))}` : `did you mean \`${meant}\`?`];
  }
  if (found.lifecycle !== 'retired' && found.lifecycle !== 'draft') return undefined;
  const state = found.lifecycle === 'draft' ? 'a draft' : 'retired';
  return [`\`${member.slo}\` is ${state} and has no figures`, 'remove it, or make it active'];
}

function checkCircle(reading: Reading, start: string, slo: Slo, slos: ReadonlyMap<string, Slo>): void {
  const path = circleFrom(start, start, slos, new Set());
  // A member that is the objective itself has been told about.
  if (path === undefined || path.length < 2) return;
  reportKey(reading, ['slos', slo.name, 'composite'], {
    severity: 'error',
    code: 'composite/circle',
    message: `the objective is a part of its own parts: ${[...path, start].join(', ')}`,
    help: 'take one of them out',
  });
}

/** The objectives on the way from one back to the start. */
function circleFrom(
  key: string,
  start: string,
  slos: ReadonlyMap<string, Slo>,
  seen: Set<string>,
): readonly string[] | undefined {
  const indicator = slos.get(key)?.indicator;
  if (indicator?.kind !== 'composite') return undefined;
  for (const { service, slo } of indicator.members) {
    const next = `${service}/${slo}`;
    if (next === start) return [key];
    if (seen.has(next)) continue;
    seen.add(next);
    const rest = circleFrom(next, start, slos, seen);
    if (rest !== undefined) return [key, ...rest];
  }
  return undefined;
}
