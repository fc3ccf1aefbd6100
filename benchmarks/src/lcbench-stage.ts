/** One study of the LCBench surrogate by the default sampler. */
import type { LinearAlgebra, Params, Trial } from '@foothold/core';
import { seeded } from '@foothold/core';
import { autoSampler } from 'foothold';
import { type LcbenchError, lcbenchSpace } from './lcbench.ts';

/** A setting and its error. */
export interface Evaluation {
  readonly params: Params;
  readonly value: number;
}

/** `trials` evaluations of the task after `epoch` epochs, from a source where there is one. */
export async function lcbenchStage(
  error: LcbenchError,
  run: {
    readonly linalg: LinearAlgebra;
    readonly task: string;
    readonly seed: number;
    readonly epoch: number;
    readonly trials: number;
    readonly source?: readonly Evaluation[] | undefined;
  },
): Promise<Evaluation[]> {
  const space = lcbenchSpace();
  const transfer = run.source && [{ name: 'small', trials: run.source, direction: 'minimize' as const }];
  const sampler = autoSampler({ linalg: run.linalg, transfer });
  const trials: Trial[] = [];
  const rng = seeded(run.seed).fork(`${run.task} ${run.epoch}`);
  const result: Evaluation[] = [];
  for (let k = 0; k < run.trials; k++) {
    const [proposal] = await sampler.sample({
      space,
      direction: 'minimize',
      trials,
      count: 1,
      rng: rng.fork(k),
      plannedTrials: run.trials,
    });
    const { params, why, samplerState } = proposal!;
    const value = await error(run.task, run.epoch, params);
    trials.push({
      number: k,
      params,
      reports: [],
      ...(why && { why }),
      ...(samplerState && { samplerState }),
      state: 'complete',
      value,
    });
    result.push({ params, value });
  }
  return result;
}
