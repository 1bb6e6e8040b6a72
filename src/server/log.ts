import { pino } from 'pino';

/** One line of the server's log: what happened, and the values that tell this time from others. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

export type LogLevel = 'info' | 'warn' | 'error';

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A log as JSON lines, for machines. */
export function jsonLog(write: (text: string) => void): Log {
  const logger = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write },
  );
  return (level, message, fields = {}) => logger[level](fields, message);
}

/** A log as `key=value` lines, for people. */
export function textLog(write: (text: string) => void, now: () => number): Log {
  return (level, message, fields = {}) => {
    const pairs = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [`${name}=${typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : value}`],
    );
    write(`${[new Date(now()).toISOString(), level.padEnd(5), message, ...pairs].join(' ')}\n`);
  };
}

export const silentLog: Log = () => {};
