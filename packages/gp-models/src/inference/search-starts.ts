/** Where the optimization of hyperparameters starts, its bounds, and the rows that it starts on. */
import { type Rng, rowsByValue, selectRows } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { maxLogExponent } from '../warps/input-warping.ts';
import { maxWarpParameter } from '../warps/output-warp.ts';
import type { FitProblem } from './log-posterior.ts';
import { optimizationDefaults } from './optimization-defaults.ts';

export interface StartOptions {
  /** Hyperparameters of the last fit, where there was one. */
  readonly start?: Float64Array | undefined;
  readonly logNoiseFloor: number;
  readonly warpsOutputs: boolean;
  /** True where known noise leaves nothing to estimate. */
  readonly noiseKnown: boolean;
  readonly rng: Rng;
}

export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Bounds of the vector of hyperparameters. */
export function boundsOf(
  problem: FitProblem,
  options: Pick<StartOptions, 'logNoiseFloor' | 'warpsOutputs' | 'noiseKnown'>,
): Bounds {
  const { thetaRange, meanRange } = optimizationDefaults;
  const { logNoiseFloor, warpsOutputs, noiseKnown } = options;
  const p = problem.kernel.theta.length;
  const size = p + 3 + 2 * problem.inputWarping.columns.length;
  const lower = new Float64Array(size);
  const upper = new Float64Array(size);
  problem.kernel.theta.forEach((u, k) => {
    lower[k] = u - thetaRange;
    upper[k] = u + thetaRange;
  });
  lower[p] = logNoiseFloor;
  upper[p] = noiseKnown ? logNoiseFloor : Math.max(1, logNoiseFloor);
  lower[p + 1] = -meanRange;
  upper[p + 1] = meanRange;
  lower[p + 2] = warpsOutputs ? -maxWarpParameter : 0;
  upper[p + 2] = warpsOutputs ? maxWarpParameter : 0;
  lower.fill(-maxLogExponent, p + 3);
  upper.fill(maxLogExponent, p + 3);
  return { lower, upper };
}

/** The last fit; without one the prior's mode, shorter lengthscales, and a draw from around the mode. */
export function startsOf(problem: FitProblem, options: StartOptions): Float64Array[] {
  if (options.start) return [options.start];
  const p = problem.kernel.theta.length;
  const mode = new Float64Array(p + 3 + 2 * problem.inputWarping.columns.length);
  mode.set(problem.kernel.theta);
  mode[p] = Math.max(-5, options.logNoiseFloor);
  const near = Float64Array.from(mode, (u, k) => (k > 0 && k < p ? u - 2 : u));
  const drawn = Float64Array.from(mode, (u, k) => (k < p ? u - 1 + standardNormal(options.rng) : u));
  if (options.warpsOutputs) {
    near[p + 2] = 1;
    drawn[p + 2] = -1;
  }
  return [mode, near, drawn];
}

/**
 * The problem with `size` of its rows: the best fifth by value, the others evenly from the best to the worst. Rows far from each
 * other would hide what varies over short distances, and the optimization on all rows then stays where that counts as noise.
 */
export function subsetOf(problem: FitProblem, size: number): FitProblem {
  const order = rowsByValue(problem.y);
  const best = Math.ceil(size * optimizationDefaults.subsetBest);
  const pace = (order.length - best) / (size - best);
  const chosen = [
    ...order.slice(0, best),
    ...Array.from({ length: size - best }, (_, k) => order[best + Math.floor((k + 0.5) * pace)]!),
  ].sort((a, b) => a - b);
  const { x, y, noise } = problem;
  const rows = selectRows({ x, y, ...(noise && { noise }) }, chosen);
  return { ...problem, ...rows, noise: rows.noise };
}
