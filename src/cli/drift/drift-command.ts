import { Command, Option } from 'commander';
import type { Duration } from '../../core/base/index.ts';
import { defaultGenerateOptions, generateRules, type ServerVersion } from '../../core/generate/index.ts';
import { inEnvironment, type Service } from '../../core/slo/index.ts';
import { PrometheusError, prometheusClient, readHttpUrl } from '../../sources/index.ts';
import { loadDefinitions, reportErrors } from '../definitions.ts';
import { intervalOption, prometheusVersionOption } from '../generate/generate-options.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type Drift, driftLine, driftOf } from './drift-rules.ts';

interface Options {
  readonly input?: readonly string[];
  readonly prometheus?: string;
  readonly environment?: string;
  readonly interval: Duration;
  readonly prometheusVersion: ServerVersion;
  readonly format: (typeof formats)[number];
}

const formats = ['text', 'json'] as const;

/** `nines drift`: compares the rules that a server has loaded with those that follow from definitions. */
export function driftCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('drift')
    .description('compare the rules that a Prometheus has loaded with those that follow from definitions')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .option('--prometheus <url>', "the server that evaluates the rules; the environment's by default")
    .option('--environment <name>', 'one of the environments of the definitions')
    .addOption(intervalOption())
    .addOption(prometheusVersionOption())
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('text'))
    .addHelpText('after', '\nExit code: 0 the same rules are loaded, 1 they differ, 2 nothing can be told.')
    .action(async (positional: readonly string[], options: Options) => {
      exit(await drift(terminal, [...positional, ...(options.input ?? [])], options));
    });
}

async function drift(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const complain = (message: string): ExitCode => {
    terminal.writeError(`nines: ${message}\n`);
    return 2;
  };
  if (paths.length === 0) return complain('name definitions to compare with, or - for standard input');
  const loaded = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, loaded.diagnostics)) return 2;
  const { environment, interval, prometheusVersion } = options;
  const placed = loaded.services.flatMap((service) =>
    environment === undefined ? service : (inEnvironment(service, environment) ?? []),
  );
  if (placed.length === 0) return complain('no definition stands there: see --environment');
  const differences: Drift[] = [];
  for (const [address, services] of serversOf(placed, options)) {
    const url = address === undefined ? undefined : readHttpUrl(address);
    if (url === undefined) return complain(whyNoAddress(address, services));
    try {
      const { data } = await prometheusClient(url).call('rules', {}, terminal.signal);
      const generate = { ...defaultGenerateOptions, interval, prometheusVersion };
      differences.push(...services.flatMap((service) => driftOf(service, generateRules(service, generate).file, data)));
    } catch (error) {
      if (error instanceof PrometheusError) return complain(error.message);
      throw error;
    }
  }
  terminal.write(
    options.format === 'json'
      ? `${JSON.stringify({ differences }, undefined, 2)}\n`
      : differences.map((each) => `${driftLine(each)}\n`).join(''),
  );
  return differences.length === 0 ? 0 : 1;
}

/** The services by the server that is asked about them. */
function serversOf(
  services: readonly Service[],
  { prometheus, environment }: Options,
): ReadonlyMap<string | undefined, readonly Service[]> {
  const servers = new Map<string | undefined, Service[]>();
  for (const service of services) {
    const address = prometheus ?? service.environments.find(({ name }) => name === environment)?.prometheus;
    servers.set(address, [...(servers.get(address) ?? []), service]);
  }
  return servers;
}

function whyNoAddress(address: string | undefined, [service]: readonly Service[]): string {
  return address === undefined
    ? `nothing says which server has the rules of ${service?.name}: write --prometheus http://HOST:PORT`
    : `${JSON.stringify(address)} is no address of a Prometheus: write http://HOST:PORT`;
}
