import type { Matrix } from '@foothold/core';
import type { LogNormal } from '../kernels/priors.ts';

/** Which columns of the inputs warp, and how: `inputWarpingOf`, whose code is loaded with the first model that warps. */
export interface InputWarping {
  /** Indices of the columns that warp; empty when none does. */
  readonly columns: readonly number[];
  /** Absent when none does. `parameters` has two a column. */
  readonly warp?:
    | {
        /** w(x). */
        inputs(x: Matrix, parameters: Float64Array): Matrix;
        /** Derivatives in x from those in w(x), in place. */
        backprop(at: AtInputs): Matrix;
        /** Log prior of the parameters, and the gradient of prior and evidence in them, given ∂evidence/∂w(x). */
        gradient(at: AtInputs): { readonly value: number; readonly gradient: Float64Array };
      }
    | undefined;
}

/** Derivatives in the warped inputs. */
export interface AtInputs {
  readonly x: Matrix;
  readonly parameters: Float64Array;
  readonly dInputs: Matrix;
}

/** log a, log b ~ N(0, 0.75), as in the paper's weak prior around the identity. */
export const exponentPrior: LogNormal = { location: 0, standardDeviation: Math.sqrt(0.75) };
export const maxLogExponent = 2;
