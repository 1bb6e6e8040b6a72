import type { DiagnosticCode } from '../core/base/index.ts';

/** The codes that reading the server's configuration and its address report. */
export const configurationCodes: readonly DiagnosticCode[] = [
  {
    code: 'config/unknown-key',
    severity: 'error',
    meaning: 'The configuration has a key that the server does not know, so it would do nothing.',
    remedy: 'Correct the spelling, or remove it; docs/reference/configuration.md lists all keys.',
  },
  {
    code: 'config/value',
    severity: 'error',
    meaning: 'A value of the configuration is missing, has the wrong type or lies outside what is possible.',
    remedy: 'Write a value of the kind that the message names.',
  },
  {
    code: 'config/duplicate-job',
    severity: 'error',
    meaning: 'Two scrape jobs have the same name, so their series could not be told apart.',
    remedy: 'Rename one of them, or put the targets of both under one job.',
  },
  {
    code: 'server/listen',
    severity: 'error',
    meaning: 'The address to listen on is none.',
    remedy: 'Write HOST:PORT, such as 127.0.0.1:9990.',
  },
  {
    code: 'server/not-loopback',
    severity: 'error',
    meaning: 'The address can be reached from other machines, and the server asks nobody who they are.',
    remedy: 'Listen on 127.0.0.1 and reach it through a proxy that authenticates, or through an SSH tunnel.',
  },
];
