import { NotPositiveDefiniteError } from '@foothold/core';
import type { FitProblem } from '../inference/log-posterior.ts';
import { assembledFit } from './assembled-fit.ts';
import type { FitState } from './fit-state.ts';
import type { Fitted } from './fitted.ts';
import { gaussianProcessDefaults } from './gaussian-process-defaults.ts';

/** A fit with the state that it can be built from again. */
export interface Fit {
  readonly fitted: Fitted;
  readonly state: FitState;
}

/** The fit with the hyperparameters of the last one, or undefined where the data asks for new ones. */
export async function keptFit(
  problem: FitProblem,
  state: FitState,
  cached: Fitted | undefined,
): Promise<Fit | undefined> {
  const n = problem.x.rows;
  const { minRows, maxGrowth } = gaussianProcessDefaults.keep;
  if (n < minRows || n > maxGrowth * state.rows || maxGrowth * n < state.rows) return undefined;
  const used = { ...state, fitted: Math.min(state.fitted, n) };
  try {
    const fitted = await assembledFit(problem, used, cached);
    const isChecked = n - used.fitted >= Math.sqrt(n) / 4;
    return isChecked && isSurprised(fitted, used.fitted) ? undefined : { fitted, state: used };
  } catch (error) {
    if (error instanceof NotPositiveDefiniteError) return undefined;
    throw error;
  }
}

/** True where rows after the first `from` lie further off than the model predicts. */
function isSurprised({ fit, z, mean }: Fitted, from: number): boolean {
  const { maxSquare, maxMeanSquare } = gaussianProcessDefaults.surprise;
  const n = z.length;
  let total = 0;
  const residual = z.map((u) => u - mean);
  for (let i = 0; i < n; i++) {
    let sum = residual[i]!;
    for (let k = 0; k < i; k++) sum -= fit.factor.data[i * n + k]! * residual[k]!;
    residual[i] = sum / fit.factor.data[i * n + i]!;
    if (i < from) continue;
    const square = residual[i]! ** 2;
    if (square > maxSquare) return true;
    total += square;
  }
  return total > maxMeanSquare * (n - from) + 2;
}
