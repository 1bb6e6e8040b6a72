import {
  type Duration,
  duration,
  failure,
  minute,
  type Outcome,
  parseDuration,
  type Source,
  second,
  success,
} from '../../base/index.ts';
import { entryOf, firstLineOf, readYaml, type YamlNode } from '../../yaml/index.ts';
import { parseMatchers } from './matchers.ts';
import type { AlertmanagerConfiguration, AlertmanagerRoute, InhibitRule, LabelMatcher, Named } from './model.ts';

/** Reads a configuration of Alertmanager. What is missing or of another kind is left out: whether it may be is for the linter to say. */
export function readAlertmanager(source: Source): Outcome<AlertmanagerConfiguration> {
  const outcome = readYaml(source.text);
  if (!outcome.ok) return outcome;
  const [root] = outcome.value;
  return root === undefined ? failure(...outcome.diagnostics) : success(alertmanagerOf(root), outcome.diagnostics);
}

/** The configuration of Alertmanager that a YAML document holds. */
export function alertmanagerOf(root: YamlNode): AlertmanagerConfiguration {
  const route = entryOf(root, 'route');
  const receivers = entryOf(root, 'receivers')?.value;
  return {
    root,
    route: route?.value.kind === 'map' ? readRoute(route.value, defaults, 0) : undefined,
    routeSpan: route?.keySpan ?? firstLineOf(root),
    receivers: receivers?.kind === 'list' ? receivers.items.flatMap(namedItem) : undefined,
    inhibitRules: itemsOf(root, 'inhibit_rules').map(readInhibitRule),
    timeIntervals: [...itemsOf(root, 'time_intervals'), ...itemsOf(root, 'mute_time_intervals')].flatMap(namedItem),
  };
}

type Inherited = Pick<AlertmanagerRoute, 'receiver' | 'groupBy' | 'groupWait' | 'groupInterval' | 'repeatInterval'>;

/** Source: alertmanager, dispatch/route.go, DefaultRouteOpts. */
const defaults: Inherited = {
  receiver: '',
  groupBy: [],
  groupWait: duration(30 * second),
  groupInterval: duration(5 * minute),
  repeatInterval: duration(240 * minute),
};

/** Deeper than any tree that people write; a deeper one is cut. */
const mostDepth = 100;

function readRoute(node: YamlNode, above: Inherited, depth: number): AlertmanagerRoute {
  const receiver = entryOf(node, 'receiver')?.value;
  const own = receiver?.kind === 'scalar' ? receiver : undefined;
  const groupBy = entryOf(node, 'group_by')?.value;
  const inherited: Inherited = {
    receiver: own?.text ?? above.receiver,
    groupBy: groupBy === undefined ? above.groupBy : textsOf(groupBy),
    groupWait: lengthAt(node, 'group_wait') ?? above.groupWait,
    groupInterval: lengthAt(node, 'group_interval') ?? above.groupInterval,
    repeatInterval: lengthAt(node, 'repeat_interval') ?? above.repeatInterval,
  };
  return {
    ...inherited,
    ...(own === undefined ? {} : { receiverSpan: own.span }),
    matchers: matchersAt(node, { exact: 'match', pattern: 'match_re', list: 'matchers' }),
    continues: textAt(node, 'continue') === 'true',
    intervals: [...namesAt(node, 'mute_time_intervals'), ...namesAt(node, 'active_time_intervals')],
    routes: depth < mostDepth ? itemsOf(node, 'routes').map((item) => readRoute(item, inherited, depth + 1)) : [],
    node,
  };
}

function readInhibitRule(node: YamlNode): InhibitRule {
  return {
    source: matchersAt(node, { exact: 'source_match', pattern: 'source_match_re', list: 'source_matchers' }),
    target: matchersAt(node, { exact: 'target_match', pattern: 'target_match_re', list: 'target_matchers' }),
    equal: textsOf(entryOf(node, 'equal')?.value),
    span: firstLineOf(node),
  };
}

/** The keys under which conditions stand: as maps of exact values, as maps of patterns, as a list of conditions. */
interface Keys {
  readonly exact: string;
  readonly pattern: string;
  readonly list: string;
}

function matchersAt(node: YamlNode, { exact, pattern, list }: Keys): readonly LabelMatcher[] {
  const written = entryOf(node, list)?.value;
  const items = written?.kind === 'list' ? written.items : written === undefined ? [] : [written];
  return [
    ...mapped(node, exact, '=', 'match'),
    ...mapped(node, pattern, '=~', 'match_re'),
    ...items.flatMap((item) =>
      item.kind !== 'scalar'
        ? []
        : (parseMatchers(item.text) ?? []).map((one): LabelMatcher => ({ ...one, key: 'matchers', span: item.span })),
    ),
  ];
}

function mapped(
  node: YamlNode,
  at: string,
  operator: LabelMatcher['operator'],
  key: LabelMatcher['key'],
): readonly LabelMatcher[] {
  const map = entryOf(node, at)?.value;
  if (map?.kind !== 'map') return [];
  return map.entries.flatMap(({ key: name, value }) =>
    value.kind === 'scalar' ? [{ name, operator, value: value.text, key, span: value.span }] : [],
  );
}

function itemsOf(node: YamlNode, key: string): readonly YamlNode[] {
  const list = entryOf(node, key)?.value;
  return list?.kind === 'list' ? list.items : [];
}

function namedItem(node: YamlNode): readonly Named[] {
  const name = entryOf(node, 'name')?.value;
  return name?.kind === 'scalar' ? [{ name: name.text, span: name.span }] : [];
}

function namesAt(node: YamlNode, key: string): readonly Named[] {
  return itemsOf(node, key).flatMap((item) => (item.kind === 'scalar' ? [{ name: item.text, span: item.span }] : []));
}

function textsOf(node: YamlNode | undefined): readonly string[] {
  return node?.kind === 'list' ? node.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : [])) : [];
}

function textAt(node: YamlNode, key: string): string {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' ? value.text : '';
}

function lengthAt(node: YamlNode, key: string): Duration | undefined {
  const text = textAt(node, key);
  return text === '' ? undefined : parseDuration(text);
}
