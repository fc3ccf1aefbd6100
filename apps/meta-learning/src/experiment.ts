import { InvalidArgumentError, type Trial } from '@foothold/core';
import { random } from '@foothold/samplers';
import type { ObjectiveFunction } from '@foothold/study';
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
  readonly signal?: AbortSignal | undefined;
  readonly onTrial?: ((stage: Stage, trial: TaskTrial) => void) | undefined;
}

export interface MethodRun {
  readonly method: Method;
  readonly repeat: number;
  readonly trials: readonly TaskTrial[];
  /** The whole search: trainings, and choosing what to train. */
  readonly seconds: number;
}

export interface Experiment {
  readonly earlier: readonly { readonly task: string; readonly trials: readonly TaskTrial[] }[];
  readonly runs: readonly MethodRun[];
}

/**
 * Tunes each earlier task by plain Bayesian optimization, then the new one by every method with the same number of
 * evaluations. In one repeat all methods judge a setting alike: only what they try differs.
 *
 * Rejects with the signal's reason, or with InvalidArgumentError when on some task no evaluation completed.
 */
export async function experiment(options: ExperimentOptions): Promise<Experiment> {
  const { seed, signal, now, onTrial } = options;
  const search = async (stage: Stage, how: MinimizeOptions<Settings>): Promise<readonly TaskTrial[]> => {
    signal?.throwIfAborted();
    const report = (trial: TaskTrial) => onTrial?.(stage, trial);
    const searched = minimize(options.objective(stage), space, { ...how, signal, onTrial: report });
    const { trials } = await searched.catch((error: unknown) => {
      // A search that was stopped before its first trial has no result, and that is not what is wrong.
      signal?.throwIfAborted();
      throw error;
    });
    signal?.throwIfAborted();
    return trials;
  };

  const earlier: Experiment['earlier'][number][] = [];
  for (const [i, task] of options.earlier.entries())
    earlier.push({
      task,
      trials: await search(
        { kind: 'earlier', task },
        { trials: options.earlierTrials, seed: seedOf(seed, i) },
      ),
    });
  const sources = earlier.map(
    ({ task, trials }): TransferSource => ({ name: task, trials, direction: 'minimize' }),
  );
  const ways: Record<Method, MinimizeOptions<Settings>> = {
    transfer: { transfer: sources },
    Bayesian: {},
    random: { sampler: random() },
  };
  const runs: MethodRun[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat++)
    for (const method of methods) {
      const begun = now();
      const trials = await search(
        { kind: 'new', method, repeat },
        { ...ways[method], trials: options.trials, seed: seedOf(seed, earlier.length + repeat) },
      );
      runs.push({ method, repeat, trials, seconds: (now() - begun) / 1000 });
    }
  return { earlier, runs };
}

/** The seed of the i-th search. */
function seedOf(seed: number, i: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new InvalidArgumentError('--seed', seed, 'a whole number from 0');
  return 1000 * seed + i;
}
