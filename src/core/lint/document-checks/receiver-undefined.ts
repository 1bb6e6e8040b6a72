import type { AlertmanagerConfiguration } from '../../formats/index.ts';
import { configurationsOf, routesIn } from '../document/alertmanager.ts';
import type { YamlBlock } from '../document/model.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const receiverUndefined: DocumentCheck = {
  id: 'receiver-undefined',
  severity: 'error',
  meaning: 'A route names a receiver or a time interval that is not defined: Alertmanager refuses the configuration.',
  remedy: 'define the receiver, or correct the name',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) => configurationsOf(block).flatMap((configuration) => problems(block, configuration))),
};

function problems(block: YamlBlock, configuration: AlertmanagerConfiguration): readonly DocumentFinding[] {
  const { receivers, route, routeSpan, timeIntervals } = configuration;
  // An excerpt that shows routes only says nothing about receivers.
  if (receivers === undefined || route === undefined) return [];
  const names = new Set(receivers.map(({ name }) => name));
  const intervals = new Set(timeIntervals.map(({ name }) => name));
  const nameless: readonly DocumentFinding[] =
    route.receiver === '' ? [{ message: 'the top route names no receiver', span: placed(block, routeSpan) }] : [];
  const inRoutes = routesIn(configuration).flatMap((one): readonly DocumentFinding[] => {
    const { receiver, receiverSpan } = one;
    const unknown = one.intervals
      .filter(({ name }) => !intervals.has(name))
      .map(({ name, span }) => ({
        message: `there is no time interval \`${name}\``,
        help: 'define it under `time_intervals`, or correct the name',
        span: placed(block, span),
      }));
    if (receiverSpan === undefined || names.has(receiver)) return unknown;
    return [{ message: `there is no receiver \`${receiver}\``, span: placed(block, receiverSpan) }, ...unknown];
  });
  return [...nameless, ...inRoutes];
}
