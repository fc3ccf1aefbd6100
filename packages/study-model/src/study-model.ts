import {
  type CompleteTrial,
  type Direction,
  datasetOf,
  type LinearAlgebra,
  type Matrix,
  matrixOf,
  type Params,
  type Posterior,
  type ProgramState,
  type SearchSpace,
  seeded,
  type Trial,
  violationOf,
} from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import type { ModelInput } from './model-input.ts';
import { presentData } from './present-data.ts';

/** The model of one figure of a study. */
export interface StudyModel {
  readonly space: SearchSpace;
  /** Belief in maximized units, as samplers hold it. */
  readonly posterior: Posterior;
  readonly direction: Direction;
  readonly seed: number;
  /** The best feasible trial in the present space. */
  readonly best: { readonly number: number; readonly params: Params; readonly value: number };
  /** Trials that could be learned from, and how many of them the model has. */
  readonly trials: number;
  readonly rows: number;
}

/** Complete trials that a model needs. */
export const minTrials = 2;

/**
 * The default sampler's Gaussian process, fitted to the finished trials of a study: the data of `datasetOf` in the present
 * space, the defaults of `gaussianProcess` (which also choose the rows of a long history), the hyperparameters of the log's last
 * suggestion as the start. Undefined where fewer than two complete trials have the figure, or none of them keeps the limits.
 *
 * It knows nothing of earlier studies: the log does not hold them.
 */
export async function studyModel(input: ModelInput, linalg: LinearAlgebra): Promise<StudyModel | undefined> {
  const { direction, seed } = input;
  const { space, trials } = presentData(input);
  const best = bestOf(trials, input);
  const complete = trials.filter(({ state }) => state === 'complete').length;
  if (!best || complete < minTrials) return undefined;
  const data = datasetOf(space, trials, direction);
  const posterior = await gaussianProcess({ columns: space.columns, linalg }).fit(data, {
    rng: seeded(seed).fork('model of the page'),
    previousState: input.metric === 'value' ? lastState(trials) : undefined,
  });
  return {
    ...{ space, posterior, direction, seed, best },
    trials: data.y.length,
    rows: posterior.latent?.data.y.length ?? data.y.length,
  };
}

function bestOf(
  trials: readonly Trial[],
  { goal, direction }: Pick<ModelInput, 'goal' | 'direction'>,
): StudyModel['best'] | undefined {
  const sign = direction === 'maximize' ? 1 : -1;
  const feasible = trials.filter(
    (trial): trial is CompleteTrial =>
      trial.state === 'complete' &&
      trial.outside === undefined &&
      Number.isFinite(trial.value) &&
      violationOf(goal, trial) === 0,
  );
  const [first, ...rest] = feasible;
  if (!first) return undefined;
  const { number, params, value } = rest.reduce(
    (best, trial) => (sign * trial.value > sign * best.value ? trial : best),
    first,
  );
  return { number, params, value };
}

/** What the log has of the sampler's last Gaussian process. */
function lastState(trials: readonly Trial[]): ProgramState | undefined {
  const model = trials.findLast(({ samplerState }) => samplerState?.['model'])?.samplerState?.['model'];
  return typeof model === 'object' && model !== null && !Array.isArray(model)
    ? (model as ProgramState)
    : undefined;
}

/** The points of these parameters, a row each. Throws OutOfSpaceError. */
export function pointsOf({ space }: Pick<StudyModel, 'space'>, params: readonly Params[]): Matrix {
  return matrixOf(
    params.map((one) => space.encode(one)),
    space.columns.length,
  );
}

/** The points with each coordinate where the space has a value, and those of inactive parameters at their one place. */
export function canonicalPoints({ space }: Pick<StudyModel, 'space'>, x: Matrix): Matrix {
  const rows = Array.from({ length: x.rows }, (_, i) =>
    space.encode(space.decode(x.data.subarray(i * x.columns, (i + 1) * x.columns))),
  );
  return matrixOf(rows, x.columns);
}
