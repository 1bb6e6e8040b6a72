import { parentPort } from 'node:worker_threads';
import { type Artefacts, artefactTargets, type GenerateOptions, serviceArtefacts } from '../../core/generate/index.ts';
import type { Service } from '../../core/slo/index.ts';

/** What is asked of a worker thread: the files of some services, in their order. */
export interface GenerateTask {
  readonly services: readonly Service[];
  /** The names of the targets. */
  readonly targets: readonly string[];
  readonly options: GenerateOptions;
}

parentPort?.on('message', ({ services, targets: names, options }: GenerateTask) => {
  const targets = artefactTargets.filter(({ name }) => names.includes(name));
  const made: readonly Artefacts[] = services.map((service) => serviceArtefacts(service, targets, options));
  parentPort?.postMessage(made);
});
