import { Command, Option } from 'commander';
import type { SloList, SloState, SloSummary } from '../core/api/index.ts';
import { duration, formatDuration, second } from '../core/base/index.ts';
import { fetchText, HttpFailure, readHttpUrl } from '../sources/index.ts';
import { type Cell, type Column, printTable, type Style } from './table.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** `nines status`: the objectives of a running server with what is left of their budgets. */
export function statusCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('status')
    .description('show the objectives of a running server, the worst budget first')
    .option('--server <url>', 'the Nines server', 'http://127.0.0.1:9990')
    .addOption(
      new Option('--format <format>', 'text, or json as the server gives it').choices(['text', 'json']).default('text'),
    )
    .addHelpText('after', '\nExit code: 0 all is well, 1 an objective is breached or burning, 2 nothing can be told.')
    .action(async (options: { readonly server: string; readonly format: 'text' | 'json' }) => {
      exit(await status(options, terminal));
    });
}

async function status(
  { server, format }: { readonly server: string; readonly format: string },
  terminal: Terminal,
): Promise<ExitCode> {
  const slos = await fetchSlos(server, terminal);
  if (slos === undefined) return 2;
  terminal.write(format === 'json' ? `${JSON.stringify({ slos }, null, 2)}\n` : printSlos(slos, terminal.color));
  if (slos.some(({ state }) => state === 'breached' || state === 'burning')) return 1;
  return slos.some(({ state }) => state === 'ok') ? 0 : 2;
}

async function fetchSlos(server: string, terminal: Terminal): Promise<readonly SloSummary[] | undefined> {
  const complain = (message: string): undefined => {
    terminal.writeError(`nines: ${message}\n`);
  };
  const url = readHttpUrl(server);
  if (url === undefined) return complain(`${JSON.stringify(server)} is no address: write http://HOST:PORT`);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/slos`;
  try {
    const { status, body } = await fetchText({
      url,
      timeout: duration(10 * second),
      bodyLimit: 64 * 2 ** 20,
      signal: terminal.signal,
    });
    const list: unknown = status === 200 ? JSON.parse(body) : undefined;
    return isSloList(list) ? list.slos : complain(`${server} is no Nines server: it answered with status ${status}`);
  } catch (error) {
    if (error instanceof SyntaxError) return complain(`${server} is no Nines server: its answer is not JSON`);
    if (!(error instanceof HttpFailure)) throw error;
    return complain(`${server} gave no answer: ${error.message}; \`nines serve\` or \`nines demo\` starts a server`);
  }
}

function isSloList(value: unknown): value is SloList {
  return typeof value === 'object' && value !== null && 'slos' in value && Array.isArray(value.slos);
}

const columns: readonly Column[] = [
  { title: 'STATE', align: 'left' },
  { title: 'SERVICE', align: 'left' },
  { title: 'SLO', align: 'left' },
  { title: 'TARGET', align: 'right' },
  { title: 'SLI', align: 'right' },
  { title: 'PERIOD', align: 'right' },
  { title: 'SEEN', align: 'right' },
  { title: 'BUDGET LEFT', align: 'right' },
  { title: 'TIME LEFT', align: 'right' },
  { title: 'ALERTS AND NOTES', align: 'left' },
];

const states: Readonly<Record<SloState, { readonly text: string; readonly style: Style }>> = {
  ok: { text: 'ok', style: 'green' },
  burning: { text: 'burning', style: 'yellow' },
  breached: { text: 'breached', style: 'red' },
  noData: { text: 'no data', style: 'dim' },
  pending: { text: 'pending', style: 'dim' },
  draft: { text: 'draft', style: 'dim' },
};

function printSlos(slos: readonly SloSummary[], color: boolean): string {
  if (slos.length === 0) return 'The server has no objectives.\n';
  const rows = slos.map((slo): readonly Cell[] => {
    const { budget } = slo;
    const spent = budget.remainingRatio !== null && budget.remainingRatio <= 0;
    return [
      stateCell(slo),
      { text: slo.service },
      { text: slo.name },
      { text: promise(slo) },
      { text: percent(slo.sli, 3) },
      { text: slo.period },
      { text: percent(slo.periodSeen, 0) },
      // What must always hold has no budget; its state says all.
      ...(slo.invariant
        ? [{ text: '-' }, { text: '-' }]
        : [
            { text: percent(budget.remainingRatio, 1), ...(spent ? { style: 'red' as const } : {}) },
            { text: outage(slo) },
          ]),
      notes(slo),
    ];
  });
  return printTable(columns, rows, color);
}

/** A share in percent, or `-` where nothing is known. It is rounded down, so that 99.9996 % never reads as 100 %. */
function percent(share: number | null, digits: number): string {
  if (share === null) return '-';
  const scale = 10 ** digits;
  return `${(Math.floor(share * 100 * scale + 1e-9) / scale).toFixed(digits)}%`;
}

/** What must always hold is kept or broken: no budget of it is spent. */
function stateCell({ state, invariant }: SloSummary): Cell {
  if (!invariant) return states[state];
  if (state === 'ok') return { text: 'kept', style: 'green' };
  return state === 'breached' ? { text: 'broken', style: 'red' } : states[state];
}

/** The target with what it is a share of: `99%`, `99% of 1m slices`, `always`. */
function promise({ invariant, target, kind, measure }: SloSummary): string {
  if (invariant) return 'always';
  if (kind === 'composite' || measure.sliceSeconds === null) return target;
  return `${target} of ${formatDuration(duration(measure.sliceSeconds * 1000))} slices`;
}

/** The alerts that fire, which group the figures are about, what a pending one waits for. */
function notes({ alerts, group, state, waitsFor }: SloSummary): Cell {
  const firing = alerts.filter((alert) => alert.state === 'firing').map(({ severity, name }) => `${severity}: ${name}`);
  const labels = Object.entries(group ?? {}).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  const texts = [
    ...new Set(firing),
    ...(labels.length === 0 ? [] : [`worst group: ${labels.join(' ')}`]),
    ...(state === 'pending' ? [waitsFor === null ? 'its metrics do not exist yet' : `waits for ${waitsFor}`] : []),
  ];
  return { text: texts.join(', '), ...(firing.length === 0 ? {} : { style: 'yellow' as const }) };
}

/** The rest of the budget as time, a full outage or bad slices, in whole units of about two digits: `3h12m`, `45s`. */
function outage({ budget, measure }: SloSummary): string {
  const isTime = measure.kind === 'slices' && measure.sliceSeconds !== null && budget.remainingEvents !== null;
  const seconds = isTime ? (budget.remainingEvents ?? 0) * (measure.sliceSeconds ?? 0) : budget.remainingSeconds;
  if (seconds === null) return '-';
  const unit = seconds < 3600 ? 1 : seconds < 86_400 ? 60 : 3600;
  return seconds <= 0 ? '0s' : formatDuration(duration(Math.floor(seconds / unit) * unit * 1000));
}
