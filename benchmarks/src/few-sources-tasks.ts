/** Where one earlier study comes from: its settings and values, drawn for each task and seed of the LCBench surrogate. */
import { type LinearAlgebra, type Params, seeded } from '@foothold/core';
import { type LcbenchError, lcbenchReference, lcbenchSpace, smallLargeTasks } from './lcbench.ts';
import { bestOfOthers } from './lcbench-others.ts';
import { type Evaluation, lcbenchStage } from './lcbench-stage.ts';

export const smallEpoch = 5;
export const largeEpoch = 52;
const smallTrials = 21;
const longerTrials = 63;

const others = Object.keys(bestOfOthers);

/**
 * All tasks of the surrogate; those that choices of 2026-11-30 were made on, every second of the 29 that nothing was reported on before; and
 * the rest, with the six reported ones.
 */
export const taskSets = {
  all: [...smallLargeTasks, ...others],
  choice: others.filter((_, i) => i % 2 === 0),
  held: [...smallLargeTasks, ...others.filter((_, i) => i % 2 === 1)],
} as const;

/** What the earlier study is, by name. */
export const sourceKinds = {
  given: 'random settings after 5 epochs',
  longer: 'three times as many random settings after 5 epochs',
  own: 'the default sampler after 5 epochs',
  misleading: 'random settings of another task after 52 epochs',
  negated: 'random settings after 5 epochs, 1 − error',
} as const;
export type SourceKind = keyof typeof sourceKinds;

export interface SourceRequest {
  readonly error: LcbenchError;
  readonly linalg: LinearAlgebra;
  readonly kind: SourceKind;
  readonly task: string;
  readonly seed: number;
}

export async function sourceOf({
  error,
  linalg,
  kind,
  task,
  seed,
}: SourceRequest): Promise<readonly Evaluation[]> {
  if (kind === 'own')
    return lcbenchStage(error, { linalg, task, seed, epoch: smallEpoch, trials: smallTrials });
  const { all } = taskSets;
  const isMisleading = kind === 'misleading';
  const from = isMisleading ? all[(all.indexOf(task) + 1) % all.length]! : task;
  const count = kind === 'longer' ? longerTrials : smallTrials;
  const params = randomSettings({ key: `${task} history`, seed, count });
  const epoch = isMisleading ? largeEpoch : smallEpoch;
  return Promise.all(
    params.map(async (setting) => {
      const value = await error(from, epoch, setting);
      return { params: setting, value: kind === 'negated' ? 1 - value : value };
    }),
  );
}

/** `count` settings, uniform in the unit cube. */
export function randomSettings({
  key,
  seed,
  count,
}: {
  readonly key: string;
  readonly seed: number;
  readonly count: number;
}): Params[] {
  const space = lcbenchSpace();
  const rng = seeded(seed).fork(key);
  return Array.from({ length: count }, () =>
    space.decode(Float64Array.from(space.columns, () => rng.next())),
  );
}

/** Normalized regret of the best error so far: 0 is the best that is known of the task after 52 epochs, 1 the median random setting. */
export function regretsSoFar(task: string, errors: readonly number[]): number[] {
  const { best, best_local = bestOfOthers[task] ?? best, median } = lcbenchReference()[task]!;
  let least = Infinity;
  return errors.map((error) => {
    least = Math.min(least, error);
    return (least - best_local) / (median - best_local);
  });
}
