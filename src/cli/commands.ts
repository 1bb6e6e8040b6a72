import type { Commands } from './program.ts';

/** All commands, in the order in which help lists them. */
export const commands: Commands = {
  lint: async () => (await import('./lint/lint-command.ts')).lintCommand,
  diff: async () => (await import('./diff-command.ts')).diffCommand,
  import: async () => (await import('./import-command.ts')).importCommand,
  export: async () => (await import('./export-command.ts')).exportCommand,
  generate: async () => (await import('./generate/generate-command.ts')).generateCommand,
  backfill: async () => (await import('./backfill/backfill-command.ts')).backfillCommand,
  drift: async () => (await import('./drift/drift-command.ts')).driftCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
  push: async () => (await import('./push/push-command.ts')).pushCommand,
  test: async () => (await import('./test-command.ts')).testCommand,
  query: async () => (await import('./query-command.ts')).queryCommand,
  serve: async () => (await import('./serve-command.ts')).serveCommand,
  demo: async () => (await import('./demo/demo-command.ts')).demoCommand,
  status: async () => (await import('./status-command.ts')).statusCommand,
  emulate: async () => (await import('./demo/emulate-command.ts')).emulateCommand,
};
