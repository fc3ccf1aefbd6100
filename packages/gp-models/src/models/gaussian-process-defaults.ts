/**
 * Every number of a Gaussian process's fit that was chosen, not derived: decisions/2026-11-21-gaussian-process-defaults.md, and
 * decisions/2026-11-21-suggestion-speed.md for those of time.
 */
export const gaussianProcessDefaults = {
  /** Rows up to which a history is used whole: a fit is cubic in them. */
  maxRows: 1200,
  /** Rows from which on `inputWarping: 'auto'` warps, and outputs may be warped. */
  inputWarpingFrom: 15,
  outputWarpingFrom: 4,
  /** Lower bound of the noise variance of standardized values, and as a multiple of rows × `epsilon` of the backend. */
  minNoise: 1e-6,
  noiseEpsilons: 10,
  /** Added to the diagonal, as multiples of the prior variance, until the factorization succeeds. */
  jitters: [0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3],
  /** Hyperparameters of the last fit are kept from so many rows on, while the number of rows changes by at most this factor … */
  keep: { minRows: 30, maxGrowth: 1.2 },
  /** … and the new rows' whitened residuals, N(0, 1) under the model, do not surprise: the largest square, and the mean one. */
  surprise: { maxSquare: 16, maxMeanSquare: 3 },
} as const;
