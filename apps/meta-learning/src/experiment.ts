import { InvalidArgumentError, type Params, type Storage, type Trial } from '@foothold/core';
import { random } from '@foothold/samplers';
import { memoryStorage, type ObjectiveFunction, replay } from '@foothold/study';
import { type MinimizeOptions, minimize, type TransferSource } from 'foothold';
import { type Settings, space } from './settings.ts';

export type TaskTrial = Trial<Settings>;

/** The ways to search that are compared, the one of interest first. */
export const methods = ['transfer', 'Bayesian', 'random'] as const;
export type Method = (typeof methods)[number];

/** Where a trial belongs: an earlier task, or a method's run on the new one. */
export type Stage =
  | { readonly kind: 'earlier'; readonly task: string }
  | { readonly kind: 'new'; readonly method: Method; readonly repeat: number };

export interface StageTrials {
  readonly stage: Stage;
  readonly trials: readonly TaskTrial[];
}

export interface ExperimentOptions {
  /** The objective of a stage: of an earlier task, or of the new one in this repeat. */
  readonly objective: (stage: Stage) => ObjectiveFunction<Settings>;
  /** Names of the earlier tasks. */
  readonly earlier: readonly string[];
  /** Evaluations on each earlier task. */
  readonly earlierTrials: number;
  /** Evaluations on the new task, the same number for each method. */
  readonly trials: number;
  /** How often the new task is searched, with other seeds of search and networks. */
  readonly repeats: number;
  readonly seed: number;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Where the studies are kept. Default: memory. The same call with the same storage goes on with them. */
  readonly storage?: Storage | undefined;
  /** In front of the studies' names: what may not be compared has another. */
  readonly name?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called once before the first evaluation: the finished trials that the storage has already. */
  readonly onTaken?: ((taken: readonly StageTrials[]) => void) | undefined;
  readonly onTrial?: ((stage: Stage, trial: TaskTrial) => void) | undefined;
}

export interface MethodRun {
  readonly method: Method;
  readonly repeat: number;
  /** Of each, `metrics.choosing` is the time in seconds that it took to choose. */
  readonly trials: readonly TaskTrial[];
}

export interface Experiment {
  readonly earlier: readonly { readonly task: string; readonly trials: readonly TaskTrial[] }[];
  readonly runs: readonly MethodRun[];
}

/** All stages in the order in which they run. */
export function stagesOf({
  earlier,
  repeats,
}: Pick<ExperimentOptions, 'earlier' | 'repeats'>): readonly Stage[] {
  return [
    ...earlier.map((task): Stage => ({ kind: 'earlier', task })),
    ...Array.from({ length: repeats }, (_, repeat) =>
      methods.map((method): Stage => ({ kind: 'new', method, repeat })),
    ).flat(),
  ];
}

/**
 * Tunes each earlier task by plain Bayesian optimization, then the new one by every method with the same number of
 * evaluations. In one repeat all methods judge a setting alike: only what they try differs.
 *
 * With `storage` it may be stopped at any time: the same call finishes it, with the trials that it would have had.
 * Rejects with the signal's reason, or with InvalidArgumentError when on some task no evaluation completed.
 */
export async function experiment(options: ExperimentOptions): Promise<Experiment> {
  const { seed, signal, storage = memoryStorage(), name = 'meta-learning' } = options;
  const stages = stagesOf(options);
  const taken: StageTrials[] = [];
  for (const stage of stages) {
    const { trials } = replay<Settings>(await storage.read(studyOf(name, stage), 0));
    taken.push({ stage, trials: trials.filter(({ state }) => state !== 'running') });
  }
  options.onTaken?.(taken);
  const search = async (stage: Stage, how: MinimizeOptions<Settings>): Promise<readonly TaskTrial[]> => {
    signal?.throwIfAborted();
    const searched = minimize(timed(options.objective(stage), options.now), space, {
      ...how,
      storage,
      name: studyOf(name, stage),
      signal,
      onTrial: (trial) => options.onTrial?.(stage, trial),
    });
    const { trials } = await searched.catch((error: unknown) => {
      // A search that was stopped before its first trial has no result, and that is not what is wrong.
      signal?.throwIfAborted();
      throw error;
    });
    signal?.throwIfAborted();
    return trials;
  };

  const earlier: Experiment['earlier'][number][] = [];
  const sources: TransferSource[] = [];
  const runs: MethodRun[] = [];
  const ways: Record<Method, MinimizeOptions<Settings>> = {
    transfer: { transfer: sources },
    Bayesian: {},
    random: { sampler: random() },
  };
  for (const stage of stages)
    if (stage.kind === 'earlier') {
      const { task } = stage;
      const trials = await search(stage, {
        trials: options.earlierTrials,
        seed: seedOf(seed, earlier.length),
      });
      earlier.push({ task, trials });
      sources.push({ name: task, trials, direction: 'minimize' });
    } else {
      const { method, repeat } = stage;
      const how = { trials: options.trials, seed: seedOf(seed, options.earlier.length + repeat) };
      runs.push({ method, repeat, trials: await search(stage, { ...ways[method], ...how }) });
    }
  return { earlier, runs };
}

/** A stage's study. */
function studyOf(name: string, stage: Stage): string {
  return stage.kind === 'earlier'
    ? `${name}-earlier-${stage.task.replaceAll(' ', '-')}`
    : `${name}-new-${stage.repeat + 1}-${stage.method}`;
}

/** The objective, with the seconds since it was last done as the metric `choosing`: a search in between does nothing else. */
function timed<P extends Params>(objective: ObjectiveFunction<P>, now: () => number): ObjectiveFunction<P> {
  let since = now();
  return async (params, context) => {
    const choosing = (now() - since) / 1000;
    const evaluation = await objective(params, context);
    since = now();
    if (typeof evaluation === 'number') return { value: evaluation, metrics: { choosing } };
    if (!('value' in evaluation)) return evaluation;
    return { ...evaluation, metrics: { ...evaluation.metrics, choosing } };
  };
}

/** The seed of the i-th search. */
function seedOf(seed: number, i: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InvalidArgumentError('--seed', seed, 'a whole number from 0');
  return 1000 * seed + i;
}
