import { type Dataset, type Matrix, matrix, selectMatrixRows } from '@foothold/core';
import { arithmeticOf } from '../inference/arithmetic-of.ts';
import type { FitProblem } from '../inference/log-posterior.ts';
import { transformNoise } from '../warps/outcome-transform.ts';
import { outputTransform, transform } from '../warps/output-warp.ts';
import type { FitState } from './fit-state.ts';
import type { Fitted } from './fitted.ts';
import { conditionRowByRow, emptyFit } from './gaussian-posterior.ts';

/** Known variances of standardized values are limited to this, so that the factor stays accurate. */
const maxKnownVariance = 1e6;

/**
 * The factored model of these hyperparameters: the rows at the fit at once, then the others appended one by one. These are the
 * same steps, and bits, with and without a `cached` factor of an earlier call.
 */
export async function assembledFit(
  problem: FitProblem,
  state: FitState,
  cached: Fitted | undefined,
): Promise<Fitted> {
  const n = problem.x.rows;
  const z = transform(problem.y, state.warp);
  const { y, noise: known } = problem;
  const noise = known
    ? transformNoise({ y, noise: known }, outputTransform(state.warp))
    : new Float64Array(n);
  const tail = (from: number): Dataset => ({
    x: selectMatrixRows(problem.x, range(from, n)),
    y: z.slice(from),
    noise: noise.slice(from),
  });
  if (cached && cached.z.length >= state.fitted && isPrefix(cached, problem.x, z))
    return conditionRowByRow(cached, tail(cached.z.length));
  const kernel = problem.kernel.withTheta(state.theta);
  const level =
    Math.exp(state.logNoise) + state.jitter * (kernel.variance(matrix(1, problem.x.columns))[0] ?? 1);
  const x = selectMatrixRows(problem.x, range(0, state.fitted));
  const variances = noise.slice(0, state.fitted).map((v) => Math.min(v, maxKnownVariance) + level);
  const head = z.slice(0, state.fitted);
  const inside = problem.inputWarping.warp?.inputs(x, state.input) ?? x;
  const centred = head.map((u) => u - state.mean);
  const fit =
    state.fitted === 0
      ? emptyFit(x.columns)
      : await (await arithmeticOf(problem.linalg, kernel)).factor(kernel, {
          x: inside,
          y: centred,
          noise: variances,
        });
  const base: Fitted = {
    kernel,
    linalg: problem.linalg,
    inputWarping: problem.inputWarping,
    input: state.input,
    mean: state.mean,
    noise: level,
    x,
    z: head,
    variances,
    fit,
  };
  return conditionRowByRow(base, tail(state.fitted));
}

function isPrefix(cached: Fitted, x: Matrix, z: Float64Array): boolean {
  if (cached.z.length > z.length) return false;
  for (let i = 0; i < cached.z.length; i++) if (cached.z[i] !== z[i]) return false;
  for (let i = 0; i < cached.x.data.length; i++) if (cached.x.data[i] !== x.data[i]) return false;
  return true;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
