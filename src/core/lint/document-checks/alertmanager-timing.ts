import { formatDuration, minute, type Span } from '../../base/index.ts';
import type { AlertmanagerRoute } from '../../formats/index.ts';
import { entryOf, firstLineOf } from '../../yaml/index.ts';
import { configurationsOf, routesIn } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

/** What Alertmanager remembers of a notification: --data.retention is 120h unless told otherwise. */
const remembered = 120 * 60 * minute;

export const alertmanagerTiming: DocumentCheck = {
  id: 'alertmanager-timing',
  severity: 'warning',
  meaning: "A route's lengths of time do not fit each other.",
  remedy: 'group_interval of some minutes, repeat_interval of hours and a multiple of group_interval',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      configurationsOf(block).flatMap((configuration) =>
        routesIn(configuration).flatMap((route) =>
          problems(route).map(({ message, span }) => ({ message, span: placed(block, span) })),
        ),
      ),
    ),
};

/** What is wrong with the lengths that this very route sets; those that it inherits are told where they are set. */
function problems(route: AlertmanagerRoute): readonly { readonly message: string; readonly span: Span }[] {
  const { groupInterval, repeatInterval, node } = route;
  const own = (key: string): Span | undefined => entryOf(node, key)?.value.span;
  const [grouped, repeated] = [own('group_interval'), own('repeat_interval')];
  const place = repeated ?? grouped ?? firstLineOf(node);
  const tooOften =
    grouped !== undefined && groupInterval < minute
      ? [
          {
            message: `group_interval is ${formatDuration(groupInterval)}: each change of a group notifies again within a minute`,
            span: grouped,
          },
        ]
      : [];
  if (grouped === undefined && repeated === undefined) return tooOften;
  if (repeatInterval < groupInterval) {
    const message = `repeat_interval (${formatDuration(repeatInterval)}) is shorter than group_interval (${formatDuration(groupInterval)}), at which it is looked at`;
    return [...tooOften, { message, span: place }];
  }
  if (remembered < repeatInterval) {
    const message = `repeat_interval is ${formatDuration(repeatInterval)}: Alertmanager forgets after 120 h that it has notified, and does it again`;
    return [...tooOften, { message, span: place }];
  }
  return tooOften;
}
