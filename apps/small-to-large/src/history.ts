import { InvalidArgumentError, OptimizationError } from '@foothold/core';
import { readSources } from '@foothold/sources';
import type { PastTrial } from '@foothold/study';
import { type NetworkParams, space } from './objective.ts';

const flag = '--small-history';

/**
 * The trials of a small network that was tuned before: a file (a study's log, JSON, CSV, Optuna's journal or SQLite file) or
 * the name of a study in the folder. Values are errors, smaller is better.
 *
 * Throws SourceError where there is none, InvalidArgumentError where it is to be maximized, has no complete trial, or has a
 * trial that is not of this space.
 */
export async function historyOf(path: string, folder: string): Promise<readonly PastTrial<NetworkParams>[]> {
  const sources = await readSources(path, { folder, parameters: Object.keys(space.description ?? {}) });
  if (sources.some(({ direction }) => direction === 'maximize'))
    throw new InvalidArgumentError(flag, path, 'a study that minimizes an error, as this one does');
  const trials: readonly PastTrial[] = sources.flatMap((source) => source.trials);
  if (!trials.some(isComplete))
    throw new InvalidArgumentError(flag, path, 'a study with at least one complete trial');
  for (const [i, { params }] of trials.entries())
    try {
      space.encode(params as NetworkParams);
    } catch (error) {
      if (!(error instanceof OptimizationError)) throw error;
      throw new InvalidArgumentError(
        flag,
        path,
        `a study of ${Object.keys(space.description ?? {}).join(', ')}, as --help has them (its trial ${i + 1}: ${error.message})`,
      );
    }
  return trials as unknown as readonly PastTrial<NetworkParams>[];
}

/** True for a past trial with a value. */
export function isComplete<P extends PastTrial>(trial: P): boolean {
  return trial.state === undefined || trial.state === 'complete';
}
