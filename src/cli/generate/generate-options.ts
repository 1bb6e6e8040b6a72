import { InvalidArgumentError, Option } from 'commander';
import { closest, type Duration, formatDuration, parseDuration } from '../../core/base/index.ts';
import {
  artefactTargets,
  defaultGenerateOptions,
  defaultTargets,
  formatServerVersion,
  isAtLeast,
  longestInterval,
  oldestAlertmanager,
  oldestPrometheus,
  oldestVmalert,
  readNamespace,
  readObjectLabels,
  readServerVersion,
  readTargets,
  type ServerVersion,
  shortestInterval,
} from '../../core/generate/index.ts';

/** What to write. */
export function targetOption(): Option {
  return new Option('--target <targets>', 'what to write: one or more of the list below, joined by commas, or all')
    .argParser((text) => {
      const read = readTargets(text);
      if ('targets' in read) return read.targets;
      const meant = closest(read.unknown, ['all', ...artefactTargets.map(({ name }) => name)]);
      const hint = meant === undefined ? 'the list is in nines generate --help' : `did you mean ${meant}?`;
      throw new InvalidArgumentError(`there is no target ${JSON.stringify(read.unknown)}; ${hint}`);
    })
    .default(defaultTargets, defaultTargets.map(({ name }) => name).join());
}

/** The targets with what they write, for the help. */
export function targetList(): string {
  const width = Math.max(...artefactTargets.map(({ name }) => name.length));
  return artefactTargets.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n');
}

/** The oldest Prometheus that loads what is made. */
export function prometheusVersionOption(): Option {
  return versionOption('Prometheus', oldestPrometheus);
}

/** The oldest Alertmanager that loads what is made. */
export function alertmanagerVersionOption(): Option {
  return versionOption('Alertmanager', oldestAlertmanager);
}

/** The oldest vmalert that loads the rules made for it. */
export function vmalertVersionOption(): Option {
  return versionOption('vmalert', oldestVmalert);
}

function versionOption(program: 'Prometheus' | 'Alertmanager' | 'vmalert', oldest: ServerVersion): Option {
  const shown = formatServerVersion(oldest);
  return new Option(`--${program.toLowerCase()}-version <version>`, `the oldest ${program} that will load the files`)
    .argParser((text) => {
      const version = readServerVersion(text);
      if (version === undefined || !isAtLeast(version, oldest)) {
        throw new InvalidArgumentError(`write a version from ${shown} on, such as ${shown}`);
      }
      return version;
    })
    .default(oldest, shown);
}

/** The namespace of Kubernetes objects. */
export function namespaceOption(): Option {
  return new Option('--namespace <name>', 'the namespace of Kubernetes objects').argParser(readObjectNamespace);
}

function readObjectNamespace(text: string): string {
  const namespace = readNamespace(text);
  if (namespace !== undefined) return namespace;
  throw new InvalidArgumentError('lower-case letters, digits and hyphens, at most 63');
}

/** The labels of PrometheusRule objects. */
export function ruleLabelsOption(): Option {
  return new Option('--rule-labels <labels>', 'labels of PrometheusRule objects, by which a Prometheus selects them')
    .argParser((text) => {
      const labels = readObjectLabels(text);
      if (labels === undefined)
        throw new InvalidArgumentError('write labels as Kubernetes has them: release=prometheus');
      return labels;
    })
    .default(defaultGenerateOptions.kubernetes.ruleLabels, 'none');
}

/** How often the rules are evaluated. */
export function intervalOption(): Option {
  return new Option('--interval <duration>', 'how often Prometheus evaluates the rules')
    .argParser(readInterval)
    .default(defaultGenerateOptions.interval, formatDuration(defaultGenerateOptions.interval));
}

function readInterval(text: string): Duration {
  const interval = parseDuration(text);
  if (interval === undefined || interval < shortestInterval || longestInterval < interval) {
    const bounds = `${formatDuration(shortestInterval)} to ${formatDuration(longestInterval)}`;
    throw new InvalidArgumentError(`write a duration from ${bounds}, such as 30s or 1m`);
  }
  return interval;
}
