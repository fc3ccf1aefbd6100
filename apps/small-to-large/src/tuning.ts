import { logProbabilityOfImprovement, upperConfidenceBound } from '@foothold/acquisitions';
import { type Acquisition, InvalidArgumentError, type Storage } from '@foothold/core';
import { type PastTrial, replay, type TrialContext } from '@foothold/study';
import { minimize, smallToLarge } from 'foothold';
import type { Progress } from './network/training.ts';
import { type NetworkObjective, type NetworkParams, space } from './objective.ts';
import type { NetworkTrial, Story } from './summary.ts';

export type Stage = 'small' | 'large' | 'cold';
export const acquisitionNames = ['ei', 'pi', 'ucb'] as const;
export type AcquisitionName = (typeof acquisitionNames)[number];

/** What a flag stands for; expected improvement is what `smallToLarge` does untold. */
const acquisitions: Record<AcquisitionName, () => Acquisition | undefined> = {
  ei: () => undefined,
  pi: () => logProbabilityOfImprovement(),
  ucb: () => upperConfidenceBound(),
};

export interface TuningOptions {
  readonly objectives: Readonly<Record<'small' | 'large', NetworkObjective>>;
  readonly smallTrials: number;
  /** What is known of the small network: then it is not run. */
  readonly smallHistory?: readonly PastTrial<NetworkParams>[] | undefined;
  readonly largeTrials: number;
  /** Whether the large network is also tuned without the small one's history, with as many trials. */
  readonly cold: boolean;
  readonly acquisition: AcquisitionName;
  readonly seed: number;
  readonly storage: Storage;
  /** In front of the names of the studies: what may not be compared has another. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Finished trials of an earlier run, before the first one of this run. */
  readonly onTaken: (stage: Stage, trials: readonly NetworkTrial[]) => void;
  readonly onTrial: (stage: Stage, trial: NetworkTrial) => void;
  readonly onProgress: (stage: Stage, number: number, progress: Progress) => void;
}

/**
 * Tunes the small network, the large one after it, and the large one from cold.
 *
 * Trials that the storage has are taken from there. Rejects with the signal's reason when it fires; every finished
 * trial is stored then, and the same call goes on.
 */
export async function tune(options: TuningOptions): Promise<Story> {
  const { storage, name, seed, signal, smallTrials, largeTrials, onTrial } = options;
  const stages: readonly Stage[] = options.cold ? ['small', 'large', 'cold'] : ['small', 'large'];
  const finished = async (stage: Stage): Promise<NetworkTrial[]> => {
    const { trials } = replay<NetworkParams>(await storage.read(`${name}-${stage}`, 0));
    return trials.filter((t) => t.state !== 'running');
  };
  for (const stage of stages)
    if (!(stage === 'small' && options.smallHistory)) options.onTaken(stage, await finished(stage));
  const objective = (stage: Stage) => {
    const run = options.objectives[stage === 'small' ? 'small' : 'large'];
    return (params: NetworkParams, context: TrialContext) =>
      run(params, {
        signal: context.signal,
        onProgress: (progress) => options.onProgress(stage, context.number, progress),
      });
  };
  const acquisition = acquisitions[options.acquisition]();
  await unlessAllFailed(
    smallToLarge({
      space,
      ...(options.smallHistory ? { smallHistory: options.smallHistory } : { small: objective('small') }),
      large: objective('large'),
      smallTrials,
      largeTrials,
      acquisition,
      storage,
      name,
      seed,
      signal,
      onTrial: (trial, stage) => onTrial(stage, trial),
    }),
  );
  signal.throwIfAborted();
  if (options.cold)
    await unlessAllFailed(
      minimize(objective('cold'), space, {
        trials: largeTrials,
        acquisition,
        storage,
        name: `${name}-cold`,
        seed,
        signal,
        onTrial: (trial) => onTrial('cold', trial),
      }),
    );
  signal.throwIfAborted();
  const [small = [], large = [], cold] = await Promise.all(stages.map(finished));
  return { small, large, cold };
}

/** Waits; that not a single trial completed is for the table to say, not an error here. */
async function unlessAllFailed(search: Promise<unknown>): Promise<void> {
  await search.catch((error: unknown) => {
    if (!(error instanceof InvalidArgumentError && error.argument === 'objective')) throw error;
  });
}
