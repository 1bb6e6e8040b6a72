import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type ArtefactPiece,
  type Artefacts,
  type ArtefactTarget,
  commonArtefacts,
  type GenerateOptions,
  generateArtefacts,
  sortedServices,
} from '../core/generate/index.ts';
import type { Service } from '../core/slo/index.ts';
import type { GenerateTask } from './generate-worker.ts';

/** Below so many objectives threads take longer to start, and to compile what each of them runs, than they save. */
const fewestObjectives = 1000;

/** So many objectives at least go to a thread at once. */
const objectivesAtOnce = 20;

/** More threads would wait for the one that compares and writes. */
const mostThreads = 4;

/** A generation of short-lived trees should fit into the young part of the heap, or most of the time goes into clearing it. */
const youngGenerationMb = 64;

/** The pieces of `generateArtefacts`, in the same order, made by several threads where there are many of them. */
export async function* generatePieces(
  services: readonly Service[],
  targets: readonly ArtefactTarget[],
  options: GenerateOptions,
  made: (service: Service) => readonly string[] | undefined,
): AsyncGenerator<ArtefactPiece> {
  const known = new Map(services.map((service) => [service, made(service)]));
  const todo = sortedServices(services).filter((service) => known.get(service) === undefined);
  const objectives = todo.reduce((sum, { slos }) => sum + slos.length, 0);
  const threads = Math.min(mostThreads, availableParallelism());
  // Run from source, where a thread could not read TypeScript, there is one.
  if (threads < 2 || objectives < fewestObjectives || import.meta.url.endsWith('.ts')) {
    yield* generateArtefacts(services, targets, options, (service) => known.get(service));
    return;
  }
  const paths = [...known.values()].flatMap((own) => own ?? []);
  for await (const piece of inThreads(threads, todo, targets, options)) {
    paths.push(...piece.files.map(({ path }) => path));
    yield piece;
  }
  yield commonArtefacts(services, targets, paths.toSorted(), options);
}

async function* inThreads(
  threads: number,
  services: readonly Service[],
  targets: readonly ArtefactTarget[],
  options: GenerateOptions,
): AsyncGenerator<ArtefactPiece> {
  const names = targets.map(({ name }) => name);
  const workers = Array.from({ length: threads }, startThread);
  const batches = batchesOf(services);
  const answers = new Map<number, Promise<readonly Artefacts[]>>();
  let asked = 0;
  const askNext = (): void => {
    const batch = batches[asked];
    const worker = workers[asked % threads];
    if (batch === undefined || worker === undefined) return;
    answers.set(asked, worker.ask({ services: batch, targets: names, options }));
    asked += 1;
  };
  try {
    // Each thread has a batch at work and one waiting; what is ready is taken in the order of the services.
    for (let index = 0; index < 2 * threads; index += 1) askNext();
    for (const [index, batch] of batches.entries()) {
      const pieces = (await answers.get(index)) ?? [];
      answers.delete(index);
      askNext();
      for (const [at, service] of batch.entries()) {
        const piece = pieces[at];
        if (piece !== undefined) yield { ...piece, service };
      }
    }
  } finally {
    // After Ctrl-C nobody waits for these any more.
    for (const answer of answers.values()) answer.catch(() => {});
    await Promise.all(workers.map(({ end }) => end()));
  }
}

interface Thread {
  /** Answers come in the order of the questions. */
  ask(task: GenerateTask): Promise<readonly Artefacts[]>;
  end(): Promise<unknown>;
}

function startThread(): Thread {
  const worker = new Worker(new URL('./generate-worker.js', import.meta.url), {
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
  });
  const waiting: { readonly resolve: (made: readonly Artefacts[]) => void; readonly reject: (error: Error) => void }[] =
    [];
  worker.on('message', (made: readonly Artefacts[]) => waiting.shift()?.resolve(made));
  worker.on('error', (error) => {
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  return {
    ask: (task) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(task);
      }),
    end: () => worker.terminate(),
  };
}

function batchesOf(services: readonly Service[]): readonly (readonly Service[])[] {
  const batches: Service[][] = [];
  let objectives = objectivesAtOnce;
  for (const service of services) {
    if (objectivesAtOnce <= objectives) {
      batches.push([]);
      objectives = 0;
    }
    batches.at(-1)?.push(service);
    objectives += service.slos.length;
  }
  return batches;
}
