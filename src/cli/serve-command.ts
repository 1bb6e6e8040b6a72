import { dirname, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { duration } from '../core/base/index.ts';
import type { Service } from '../core/slo/index.ts';
import {
  type Backend,
  defaultConfiguration,
  embeddedServer,
  jsonLog,
  ListenError,
  type Listening,
  type Log,
  listen,
  ninesServer,
  readConfiguration,
  readListenAddress,
  readWebFiles,
  type ServerConfiguration,
  systemClock,
  textLog,
} from '../server/index.ts';
import { defaultPrometheusOptions, prometheusClient, readHttpUrl } from '../sources/index.ts';
import { loadDefinitions, reportErrors } from './definitions.ts';
import { packageVersion } from './program.ts';
import { checked, generatedRules, readRuleFiles, readText } from './serve-inputs.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** `nines serve`: live error budgets of the definitions, from a Prometheus or from an embedded scrape, store and rule engine. */
export function serveCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description('serve live error budgets: over a Prometheus, or by scraping and evaluating rules itself')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'the same as the paths')
    .option('--config <file>', 'the configuration of the embedded mode: what to scrape, retention, limits')
    .option('--rules <file...>', 'more rule files to evaluate in the embedded mode')
    .option('--prometheus <url>', 'read from this Prometheus, which scrapes and evaluates the generated rules')
    .option('--listen <address>', 'where to listen; loopback only', '127.0.0.1:9990')
    .addOption(
      new Option('--log-format <format>', 'the form of the log on standard error')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText(
      'after',
      '\nServes until Ctrl-C. Exit code: 0 ended, 1 errors in a definition or rule file, 2 it could not serve.',
    )
    .action(async (paths: readonly string[], options: ServeOptions) => {
      exit(await serve([...paths, ...(options.input ?? [])], options, terminal));
    });
}

interface ServeOptions {
  readonly input?: readonly string[];
  readonly config?: string;
  readonly rules?: readonly string[];
  readonly prometheus?: string;
  readonly listen: string;
  readonly logFormat: 'text' | 'json';
}

async function serve(paths: readonly string[], options: ServeOptions, terminal: Terminal): Promise<ExitCode> {
  const log = logOf(options.logFormat, terminal);
  const complain = (message: string): ExitCode => {
    terminal.writeError(`nines: ${message}\n`);
    return 2;
  };
  if (paths.length === 0 && options.config === undefined) {
    return complain(
      'give definitions to serve: nines serve PATH... (a file or a folder), or a configuration with --config',
    );
  }
  const address = checked({ name: '--listen', text: options.listen }, readListenAddress, terminal);
  const { services, diagnostics } =
    0 < paths.length ? await loadDefinitions(terminal, paths) : { services: [], diagnostics: [] };
  const configuration =
    options.config === undefined
      ? defaultConfiguration
      : checked(await readText(options.config, terminal), readConfiguration, terminal);
  // What is wrong in a file is a finding, as it is for lint; an address on the command line is wrong usage.
  const isSound = reportErrors(terminal, diagnostics) && configuration !== undefined;
  if (address === undefined) return 2;
  if (!isSound) return 1;
  const backend =
    options.prometheus === undefined
      ? await embeddedBackend(services, configuration, options, log, terminal)
      : prometheusBackend(options.prometheus, configuration, terminal);
  if (backend === undefined) return options.prometheus === undefined ? 1 : 2;
  const server = ninesServer({
    version: packageVersion(),
    services,
    backend,
    interval: configuration.evaluationInterval,
    clock: systemClock,
    log,
    web: readWebFiles(webFolder),
  });
  let listening: Listening;
  try {
    listening = await listen(server.app, address);
  } catch (error) {
    if (error instanceof ListenError) return complain(error.message);
    throw error;
  }
  log('info', 'serving', {
    address: listening.url,
    services: services.length,
    slos: services.flatMap(({ slos }) => slos).length,
  });
  await server.run(terminal.signal);
  await listening.close();
  log('info', 'stopped');
  return 0;
}

/** The web UI lies beside the compiled command line. */
const webFolder: string = resolve(import.meta.dirname, '..', 'web');

function logOf(format: 'text' | 'json', terminal: Terminal): Log {
  return format === 'json' ? jsonLog(terminal.writeError) : textLog(terminal.writeError, systemClock.now);
}

async function embeddedBackend(
  services: readonly Service[],
  configuration: ServerConfiguration,
  options: ServeOptions,
  log: Log,
  terminal: Terminal,
): Promise<Backend | undefined> {
  const generated = generatedRules(services, configuration.evaluationInterval, terminal);
  const base = options.config === undefined ? terminal.cwd : dirname(resolve(terminal.cwd, options.config));
  const given = await readRuleFiles(
    [...configuration.ruleFiles.map((path) => resolve(base, path)), ...(options.rules ?? [])],
    terminal,
  );
  if (generated === undefined || given === undefined) return undefined;
  if (configuration.scrapeJobs.length === 0) {
    log('warn', 'nothing is scraped: the configuration has no scrape_configs, so every objective will be without data');
  }
  for (const { job, name } of services) {
    if (configuration.scrapeJobs.some((scrape) => scrape.name === job)) continue;
    log('warn', 'no scrape job has the name that the service expects', { service: name, job });
  }
  const longestPeriod = duration(
    Math.max(0, ...services.flatMap(({ slos }) => slos.map(({ period }) => period.length))),
  );
  const server = embeddedServer({
    configuration,
    ruleFiles: [...generated, ...given],
    longestPeriod,
    clock: systemClock,
    log,
  });
  return { kind: 'embedded', server };
}

function prometheusBackend(
  address: string,
  { queryTimeout }: ServerConfiguration,
  terminal: Terminal,
): Backend | undefined {
  const url = readHttpUrl(address);
  if (url === undefined) {
    terminal.writeError(`nines: ${JSON.stringify(address)} is no address of a Prometheus: write http://HOST:PORT\n`);
    return undefined;
  }
  return { kind: 'prometheus', client: prometheusClient(url, { ...defaultPrometheusOptions, timeout: queryTimeout }) };
}
