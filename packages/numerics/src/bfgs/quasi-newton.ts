import type { Bounds, Lbfgsb } from '../lbfgsb/stepper.ts';
import { type BfgsOptions, bfgs } from './bfgs.ts';

export interface QuasiNewtonOptions extends BfgsOptions {
  /** The most coordinates for which the whole inverse Hessian is kept. */
  readonly maxDense: number;
}

export interface QuasiNewton extends Lbfgsb {
  /** The present estimate, n×n, a copy; undefined before the first update, and where not the whole of it is kept. */
  readonly inverseHessian?: Float64Array | undefined;
}

/**
 * A run of `bfgs` up to `maxDense` coordinates; with more, one of `lbfgsb`, whose code is loaded then. Throws as they do.
 */
export async function quasiNewton(
  problem: { readonly start: Float64Array } & Bounds,
  { maxDense, inverseHessian, ...options }: QuasiNewtonOptions,
): Promise<QuasiNewton> {
  if (problem.start.length <= maxDense) return bfgs(problem, { ...options, inverseHessian });
  const { lbfgsb } = await import('../lbfgsb/lbfgsb.ts');
  return lbfgsb(problem, options);
}
