import { configurationsOf, routesOf } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const receiverUndefined: DocumentCheck = {
  id: 'receiver-undefined',
  severity: 'error',
  meaning: 'A route names a receiver that is not defined: Alertmanager refuses the configuration.',
  remedy: 'define the receiver, or correct the name',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      configurationsOf(block).flatMap(({ receivers }) => {
        if (receivers === undefined) return [];
        return routesOf(block).flatMap(({ receiver }) =>
          receiver === undefined || receivers.has(receiver.text)
            ? []
            : [{ message: `there is no receiver \`${receiver.text}\``, span: placed(block, receiver.span) }],
        );
      }),
    ),
};
