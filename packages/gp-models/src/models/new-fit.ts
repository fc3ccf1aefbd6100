import { matrix, NotPositiveDefiniteError, type Rng } from '@foothold/core';
import { type FitProblem, hyperparametersOf, logPosteriorValue } from '../inference/log-posterior.ts';
import { maximumAPosteriori, type Optimum } from '../inference/maximum-a-posteriori.ts';
import { type Bounds, boundsOf } from '../inference/search-starts.ts';
import { withJitter } from '../inference/with-jitter.ts';
import { warpedValues } from '../warps/output-warp.ts';
import { assembledFit } from './assembled-fit.ts';
import type { FitState } from './fit-state.ts';
import { gaussianProcessDefaults } from './gaussian-process-defaults.ts';
import type { Fit } from './kept-fit.ts';

export interface FitSetting {
  /** Hyperparameters of the last fit, where there was one. */
  readonly previous: FitState | undefined;
  readonly warpsOutputs: boolean;
  readonly rng: Rng;
  readonly signal: AbortSignal | undefined;
}

/** The fit with new hyperparameters: the mode of their posterior, else that of their prior, else a constant model. */
export async function newFit(problem: FitProblem, setting: FitSetting): Promise<Fit> {
  const n = problem.x.rows;
  const { jitters } = gaussianProcessDefaults;
  const logFloor = logNoiseFloorOf(problem);
  const mode = priorMode(problem, logFloor);
  const spreads = problem.reference.top > problem.reference.bottom;
  const optimum = spreads ? await optimumOf(problem, logFloor, setting) : undefined;
  const stateOf = (v: Float64Array, fallback: FitState['fallback']): FitState => {
    const parts = hyperparametersOf(v, problem.kernel.theta.length);
    return {
      ...parts,
      fitted: n,
      rows: n,
      warp: warpedValues(problem.y, problem.reference, parts.warpParameter).warp,
      jitter: 0,
      evidence: optimum && n > 0 ? optimum.value / n : 0,
      floored: parts.logNoise <= logFloor + 1e-9,
      fallback: spreads || n === 0 ? fallback : 'none',
    };
  };
  const better = optimum?.next && (await improvedFit(problem, optimum, stateOf(optimum.next, 'none')));
  if (better) return better;
  for (const state of [...(optimum ? [stateOf(optimum.point, 'none')] : []), stateOf(mode, 'prior')])
    try {
      const { result, jitter } = await withJitter(jitters, (added) =>
        assembledFit(problem, { ...state, jitter: added }, undefined),
      );
      return { state: { ...state, jitter }, fitted: result };
    } catch (error) {
      if (!(error instanceof NotPositiveDefiniteError)) throw error;
    }
  return constantFit(problem, mode);
}

/** Lower bound of the log noise variance. */
function logNoiseFloorOf({ x, linalg }: FitProblem): number {
  const { minNoise, noiseEpsilons } = gaussianProcessDefaults;
  return Math.log(Math.max(minNoise, noiseEpsilons * x.rows * linalg.epsilon));
}

function isNoiseKnown({ noise }: FitProblem): boolean {
  return noise?.every((v) => v > 0) ?? false;
}

/** Bounds of the hyperparameters where the outputs' warp stays. */
export function boundsOfFit(problem: FitProblem): Bounds {
  const logNoiseFloor = logNoiseFloorOf(problem);
  return boundsOf(problem, { logNoiseFloor, warpsOutputs: false, noiseKnown: isNoiseKnown(problem) });
}

/** The prior's mode, with the noise at its lower bound at least. */
function priorMode({ kernel, inputWarping, priors }: FitProblem, logNoiseFloor: number): Float64Array {
  const p = kernel.theta.length;
  const mode = new Float64Array(p + 3 + 2 * inputWarping.columns.length);
  mode.set(kernel.theta);
  mode[p] = Math.max(priors.noise.location, logNoiseFloor);
  return mode;
}

function optimumOf(
  problem: FitProblem,
  logNoiseFloor: number,
  { previous, warpsOutputs, rng, signal }: FitSetting,
): Promise<Optimum | undefined> {
  const start =
    previous &&
    Float64Array.of(
      ...previous.theta,
      previous.logNoise,
      previous.mean,
      previous.warpParameter,
      ...previous.input,
    );
  return maximumAPosteriori(problem, {
    start,
    logNoiseFloor,
    warpsOutputs: warpsOutputs && problem.x.rows >= gaussianProcessDefaults.outputWarpingFrom,
    noiseKnown: isNoiseKnown(problem),
    rng,
    signal,
  });
}

/** The fit at the optimization's next point where its value, which the factor tells, is not below the optimum's. */
async function improvedFit(problem: FitProblem, optimum: Optimum, state: FitState): Promise<Fit | undefined> {
  const found = await factoredAt(problem, state);
  if (!(found && found.value >= optimum.value)) return undefined;
  return { state: { ...state, evidence: found.value / problem.x.rows }, fitted: found.fitted };
}

/** The model of these hyperparameters, and their log posterior density; undefined where it cannot be factored. */
export async function factoredAt(problem: FitProblem, state: FitState) {
  const { theta, logNoise, mean, warpParameter, input } = state;
  try {
    const fitted = await assembledFit(problem, { ...state, fitted: problem.x.rows }, undefined);
    const v = Float64Array.of(...theta, logNoise, mean, warpParameter, ...input);
    return { fitted, value: logPosteriorValue(problem, v, fitted.fit) };
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return undefined;
    throw error;
  }
}

/** When nothing can be factored: independent points of the prior's variance. */
async function constantFit(problem: FitProblem, mode: Float64Array): Promise<Fit> {
  const n = problem.x.rows;
  const state: FitState = {
    ...hyperparametersOf(mode, problem.kernel.theta.length),
    fitted: 0,
    rows: n,
    warp: warpedValues(problem.y, problem.reference, 0).warp,
    jitter: 0,
    evidence: 0,
    floored: false,
    fallback: 'constant',
  };
  const empty = {
    ...problem,
    x: matrix(0, problem.x.columns),
    y: new Float64Array(0),
    noise: undefined,
  };
  return { state, fitted: await assembledFit(empty, state, undefined) };
}
