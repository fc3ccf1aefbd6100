import type { Kernel, LinearAlgebra, Matrix } from '@foothold/core';
import type { Factored } from '../inference/arithmetic.ts';
import type { InputWarping } from '../warps/input-warping.ts';

/** Everything that a Gaussian posterior computes from. */
export interface Fitted {
  readonly kernel: Kernel;
  readonly linalg: LinearAlgebra;
  readonly inputWarping: InputWarping;
  readonly input: Float64Array;
  readonly mean: number;
  /** Noise variance of an observation whose own is not known. */
  readonly noise: number;
  /** Points as given, n×d, and observed values in this scale, n, with the variances on the diagonal, n. */
  readonly x: Matrix;
  readonly z: Float64Array;
  readonly variances: Float64Array;
  /** Factored over the warped points. */
  readonly fit: Factored;
}
