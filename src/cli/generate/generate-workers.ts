import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type ArtefactPiece,
  type Artefacts,
  type ArtefactTarget,
  commonArtefacts,
  type GenerateOptions,
  serviceArtefacts,
  sortedServices,
} from '../../core/generate/index.ts';
import type { Service } from '../../core/slo/index.ts';
import type { GenerateTask } from './generate-worker.ts';

/** Below so many objectives threads take longer to start, and to compile what each of them runs, than they save. */
const fewestObjectives = 1000;

/** So many objectives at least go to a thread at once. */
const objectivesAtOnce = 20;

/** More threads would wait for the one that compares and writes. */
const mostThreads = 4;

/** Each thread has a batch at work and one waiting. */
const batchesInThread = 2;

/** Of so many objectives the files may be made before somebody takes them: they fill the memory meanwhile, some 20 kB each. */
const mostAhead = 4000;

/** A generation of short-lived trees should fit into the young part of the heap, or most of the time goes into clearing it. */
const youngGenerationMb = 64;

/** Threads that make the files of services, as soon as there are so many that threads save time. */
export interface GenerateThreads {
  /** Names services that will probably be wanted, so that threads can begin with them. */
  readonly expect: (services: readonly Service[]) => void;
  /** Names all that are wanted, in the order in which they will be taken. */
  readonly want: (services: readonly Service[]) => void;
  /** What was made of a service, or will be; undefined where no thread is to make it. It is given away once. */
  readonly take: (service: Service) => Promise<Artefacts> | undefined;
  readonly end: () => Promise<void>;
}

/** Threads for the files of some targets. None is started before it is worth it; whoever asks for them has to end them. */
export function generateThreads(targets: readonly ArtefactTarget[], options: GenerateOptions): GenerateThreads {
  const names = targets.map(({ name }) => name);
  const count = Math.min(mostThreads, availableParallelism());
  // Run from source, where a thread could not read TypeScript, there is none.
  const isWorthwhile = 2 <= count && !import.meta.url.endsWith('.ts');
  const threads: Thread[] = [];
  const answers = new Map<Service, Promise<Artefacts>>();
  let waiting: Service[] = [];
  /** How many objectives the answers are about. */
  let ahead = 0;

  const begin = (): void => {
    const isEnough = 0 < threads.length || (isWorthwhile && fewestObjectives <= objectivesIn(waiting));
    if (!isEnough) return;
    while (threads.length < count) threads.push(startThread());
    askNext();
  };
  const askNext = (): void => {
    while (0 < waiting.length && ahead < mostAhead) {
      const free = threads.find(({ asked }) => asked() < batchesInThread);
      if (free === undefined) return;
      ask(free);
    }
  };
  const ask = (thread: Thread): void => {
    const batch = waiting.splice(0, sizeOfBatch(waiting));
    ahead += objectivesIn(batch);
    const made = thread.ask({ services: batch, targets: names, options });
    // Of what nobody takes any more, after Ctrl-C or an error, nobody hears.
    made.then(() => askNext()).catch(() => {});
    for (const [at, service] of batch.entries()) {
      const answer = made.then((pieces) => pieces[at] ?? { files: [], diagnostics: [] });
      answer.catch(() => {});
      answers.set(service, answer);
    }
  };
  const remove = (service: Service): void => {
    if (answers.delete(service)) ahead -= service.slos.length;
  };
  return {
    expect: (services) => {
      waiting.push(...services);
      begin();
    },
    want: (services) => {
      const wanted = new Set(services);
      for (const service of [...answers.keys()]) if (!wanted.has(service)) remove(service);
      waiting = services.filter((service) => !answers.has(service));
      begin();
    },
    take: (service) => {
      if (0 < threads.length && waiting[0] === service) {
        // Whoever takes services in their order never waits for one behind what nobody takes.
        const [thread] = threads.toSorted((a, b) => a.asked() - b.asked());
        if (thread !== undefined) ask(thread);
      }
      const answer = answers.get(service);
      remove(service);
      askNext();
      return answer;
    },
    end: async () => {
      await Promise.all(threads.splice(0).map((thread) => thread.end()));
    },
  };
}

/**
 * The pieces of `generateArtefacts`, in the same order, made by several threads where there are many of them; those given have begun
 * already.
 */
export async function* generatePieces(
  services: readonly Service[],
  targets: readonly ArtefactTarget[],
  options: GenerateOptions,
  made: (service: Service) => readonly string[] | undefined,
  threads: GenerateThreads = generateThreads(targets, options),
): AsyncGenerator<ArtefactPiece> {
  const paths: string[] = [];
  const todo: Service[] = [];
  for (const service of sortedServices(services)) {
    const known = made(service);
    if (known === undefined) todo.push(service);
    else paths.push(...known);
  }
  try {
    threads.want(todo);
    for (const service of todo) {
      const piece = (await threads.take(service)) ?? serviceArtefacts(service, targets, options);
      paths.push(...piece.files.map(({ path }) => path));
      yield { ...piece, service };
    }
  } finally {
    await threads.end();
  }
  yield commonArtefacts(services, targets, paths.toSorted(), options);
}

interface Thread {
  /** Answers come in the order of the questions. */
  readonly ask: (task: GenerateTask) => Promise<readonly Artefacts[]>;
  /** How many questions are not answered yet. */
  readonly asked: () => number;
  readonly end: () => Promise<unknown>;
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
    asked: () => waiting.length,
    end: () => worker.terminate(),
  };
}

/** How many of the services, from the first one on, go to a thread at once. */
function sizeOfBatch(services: readonly Service[]): number {
  let objectives = 0;
  const last = services.findIndex(({ slos }) => {
    objectives += slos.length;
    return objectivesAtOnce <= objectives;
  });
  return last === -1 ? services.length : last + 1;
}

function objectivesIn(services: readonly Service[]): number {
  return services.reduce((sum, { slos }) => sum + slos.length, 0);
}
