import { InvalidArgumentError, type Params, type Sampler, type Storage, type Trial } from '@foothold/core';
import { type ObjectiveFunction, replay, studyRecord } from '@foothold/study';
import { createStudy, optimize } from 'foothold';
import { type Arm, armName } from './arms.ts';
import { type Task, taskName } from './tasks.ts';

/** One search: an arm on a task, with the seed of this repeat. */
export interface Search {
  readonly task: Task;
  readonly arm: Arm;
  /** From 0. */
  readonly repeat: number;
}

export interface SearchTrials extends Search {
  /** Finished ones, in their order. */
  readonly trials: readonly Trial[];
}

export interface ExperimentOptions {
  readonly tasks: readonly Task[];
  readonly arms: readonly Arm[];
  readonly repeats: number;
  /** Evaluations of each search, the first ones included. */
  readonly evaluations: number;
  readonly seed: number;
  readonly storage: Storage;
  readonly objective: (task: Task) => ObjectiveFunction<Params>;
  readonly sampler: (search: Search) => Sampler;
  /** Name of a search's study: what would not have the same trials has another. */
  readonly nameOf: (search: Search) => string;
  readonly signal: AbortSignal;
  /** Called once, with what the storage has already. */
  readonly onTaken?: ((taken: readonly SearchTrials[]) => void) | undefined;
  readonly onTrial?: ((search: Search, trial: Trial) => void) | undefined;
}

/** Evaluations that may fail before the first one completes: none will, then. */
const firstFailures = 5;

/** All searches in their order: repeat by repeat, so that a run that was stopped has whole comparisons. */
export function searchesOf({
  tasks,
  arms,
  repeats,
}: Pick<ExperimentOptions, 'tasks' | 'arms' | 'repeats'>): readonly Search[] {
  return Array.from({ length: repeats }, (_, repeat) =>
    tasks.flatMap((task) => arms.map((arm): Search => ({ task, arm, repeat }))),
  ).flat();
}

/**
 * Makes every search, with the trials that the storage has already: the same call goes on where one was stopped. In one repeat all arms have the
 * same seed, so the same first trials where these are random. Rejects with the signal's reason, with what the sampler throws, and with
 * InvalidArgumentError where no evaluation of a search completed.
 */
export async function experiment(options: ExperimentOptions): Promise<void> {
  const { storage, evaluations, seed, signal } = options;
  const searches = searchesOf(options);
  options.onTaken?.(await finishedTrials(options));
  for (const search of searches) {
    signal.throwIfAborted();
    const { task, repeat } = search;
    const { space, direction } = task;
    const sampler = options.sampler(search);
    const name = options.nameOf(search);
    const study = createStudy({ space, direction, sampler, storage, name, seed: 1000 * seed + repeat });
    // What failed before the objective was mended is evaluated again.
    const hasComplete = (await study.best()) !== undefined;
    if (!hasComplete) await studyRecord(storage, name).reopenFailed();
    const failing = new AbortController();
    let failures = hasComplete ? -Infinity : 0;
    await optimize(study, options.objective(task), {
      trials: evaluations,
      signal: AbortSignal.any([signal, failing.signal]),
      onTrial: (trial) => {
        failures = trial.state === 'failed' ? failures + 1 : -Infinity;
        if (failures >= firstFailures) failing.abort();
        options.onTrial?.(search, trial);
      },
    });
    signal.throwIfAborted();
    refuseFailed(search, await study.trials());
  }
}

/** What the storage has of each search, at most as many as the evaluations of one. */
export function finishedTrials(
  options: Pick<ExperimentOptions, 'tasks' | 'arms' | 'repeats' | 'evaluations' | 'storage' | 'nameOf'>,
): Promise<readonly SearchTrials[]> {
  const { storage, evaluations, nameOf } = options;
  return Promise.all(
    searchesOf(options).map(async (search) => {
      const { trials } = replay(await storage.read(nameOf(search), 0));
      const finished = trials.filter(({ state }) => state !== 'running');
      return { ...search, trials: finished.slice(0, evaluations) };
    }),
  );
}

function refuseFailed({ task, arm }: Search, trials: readonly Trial[]): void {
  if (trials.some(({ state }) => state === 'complete')) return;
  const reason = trials.find((trial) => trial.state === 'failed')?.reason ?? 'no trial';
  throw new InvalidArgumentError(
    '--objective',
    `${taskName(task)}, ${armName(arm)}`,
    `a command that completes an evaluation (${reason})`,
  );
}
