import type { Sampler, Storage } from '@foothold/core';
import { createStudy, optimize } from '@foothold/study';
import type { Progress } from './network/training.ts';
import { type NetworkObjective, space } from './objective.ts';
import type { NetworkTrial, Story } from './summary.ts';

export type Stage = 'small' | 'large' | 'cold';
export const acquisitionNames = ['ei', 'pi', 'ucb'] as const;
export type AcquisitionName = (typeof acquisitionNames)[number];

export interface TuningOptions {
  readonly objectives: Readonly<Record<'small' | 'large', NetworkObjective>>;
  readonly smallTrials: number;
  readonly largeTrials: number;
  /** Whether the large network is also tuned without the small one's history, with as many trials. */
  readonly cold: boolean;
  readonly acquisition: AcquisitionName;
  readonly seed: number;
  readonly storage: Storage;
  /** Appended to the names of the studies: what may not be compared has another. */
  readonly suffix: string;
  readonly signal: AbortSignal;
  /** Finished trials of an earlier run, before the stage goes on. */
  readonly onTaken: (stage: Stage, trials: readonly NetworkTrial[]) => void;
  readonly onTrial: (stage: Stage, trial: NetworkTrial) => void;
  readonly onProgress: (stage: Stage, number: number, progress: Progress) => void;
}

/** Random search, until the tuning arrives. */
const random: Sampler = {
  name: 'random',
  sample: ({ space, count, rng }) =>
    Array.from({ length: count }, () => ({
      params: space.decode(Float64Array.from(space.columns, () => rng.next())),
    })),
};

/** Runs, or takes up, the three stages. Rejects with the signal's reason when it fires; what is finished is stored. */
export async function tune(options: TuningOptions): Promise<Story> {
  const small = await stage('small', options.smallTrials, options);
  const large = await stage('large', options.largeTrials, options);
  const cold = options.cold ? await stage('cold', options.largeTrials, options) : undefined;
  return { small, large, cold };
}

async function stage(name: Stage, total: number, options: TuningOptions): Promise<readonly NetworkTrial[]> {
  const objective = options.objectives[name === 'small' ? 'small' : 'large'];
  const study = createStudy({
    space,
    sampler: random,
    direction: 'minimize',
    name: `${name}-${options.suffix}`,
    storage: options.storage,
    seed: options.seed,
    budget: total,
  });
  const taken = (await study.trials()).filter((trial) => trial.state !== 'running');
  options.onTaken(name, taken.slice(0, total));
  await optimize(
    study,
    (params, { number, signal }) =>
      objective(params, { signal, onProgress: (progress) => options.onProgress(name, number, progress) }),
    { total, signal: options.signal, onTrial: (trial) => options.onTrial(name, trial) },
  );
  options.signal.throwIfAborted();
  return (await study.trials()).slice(0, total);
}
