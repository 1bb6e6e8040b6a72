import { readAlertmanager, receiversOf } from '../../formats/index.ts';
import type { RuleFile } from '../../rules/index.ts';
import { commented } from '../mark.ts';

/** Where the tests of the routes stand, beside the configuration that they test. */
export const routingTestsPath = 'routing-tests.sh';

/**
 * Tests of a configuration's routes for amtool: whom each alert of the rules reaches. What is expected comes from the walk of the routing
 * tree that the linter goes by as well, so that a change of the configuration by hand, or another walk in another version, is noticed.
 */
export function writeRoutingTests(configuration: string, rules: readonly RuleFile[], head: string): string {
  const read = readAlertmanager({ name: 'alertmanager.yaml', text: configuration });
  if (!read.ok || read.value.route === undefined) throw new Error('the generated configuration cannot be read');
  const { route } = read.value;
  const tests = new Map<string, string>();
  for (const labels of rules.flatMap(alertLabels)) {
    const receivers = receiversOf(route, labels).join(',');
    const pairs = [...labels]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, value]) => quoted(`${label}=${value}`));
    tests.set(pairs.join(' '), `expect ${quoted(receivers)} ${pairs.join(' ')}`);
  }
  return `#!/bin/sh\n${commented(head)}set -eu
cd "$(dirname "$0")"
expect() {
  receivers=$1
  shift
  amtool config routes test --config.file=alertmanager.yaml --verify.receivers="$receivers" "$@" > /dev/null || {
    echo "not routed to $receivers: $*" >&2
    exit 1
  }
}
${[...tests.values()].join('\n')}
echo "${tests.size} alerts reach whom they should"
`;
}

/** The labels that each alert has whatever its series are. Those that its expression adds are known only when it fires. */
function alertLabels({ groups }: RuleFile): readonly ReadonlyMap<string, string>[] {
  return groups.flatMap(({ rules }) =>
    rules.flatMap((rule) =>
      rule.kind === 'alerting'
        ? [new Map([['alertname', rule.alert], ...[...rule.labels].filter(([, value]) => !value.includes('{{'))])]
        : [],
    ),
  );
}

/** A word of the shell's that stands for itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
