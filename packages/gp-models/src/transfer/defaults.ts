/**
 * Every number of the transfer models that was chosen, not derived. None of them depends on the problem.
 *
 * How they were chosen: regret after 3 to 50 trials on held-out tasks of tables of real hyperparameter searches, over tens
 * of tasks and seeds. (T) decisions/2026-11-21-transfer.md, for many sources; (F) decisions/2026-11-21-few-sources.md, for one
 * to three. (C) for the cost of a fit or a suggestion. (P) a published or usual value that was not tuned. What many sources
 * no longer need: decisions/2026-11-30-fewer-transfer-constants.md.
 */

/** Hypotheses about the new task and their prior weights. */
export interface AutoTransferTuning {
  /**
   * With many sources: fractions of the prior covariance that is the sources' own, of equal prior weight. The rest is a Matérn
   * process. Default: four equally probable values of Jeffreys' prior of a proportion. (P)
   */
  readonly sourceCovarianceFractions?: readonly number[] | undefined;
  /** With one to three sources: lengthscales as multiples of theirs, which are fitted to few rows. (F) */
  readonly correlatedTaskLengthscaleMultipliers: readonly number[];
  /** With one to three sources: correlations of the new task with a source, in (0, 1). (F) */
  readonly taskCorrelations: readonly number[];
  /** With many sources: true where half of the prior weight is that of the sources brought to one variance. Default: true. */
  readonly hasEqualVariances: boolean;
  /**
   * Prior weight of the hypotheses without sources, in [0, 1]. Default: of many sources the share that has nothing in common
   * with the others, of one to three by `fewSourcesNull`.
   */
  readonly nullPriorWeight?: number | undefined;
  /** With one to three sources: prior weight of a negative correlation, in [0, 1]. (F) */
  readonly negativeCorrelationWeight: number;
  /** Noise variance of the hypotheses with many sources, as a fraction of the sources' variance. (P) */
  readonly noiseRatio: number;
}

export const autoTransferDefaults: AutoTransferTuning = {
  correlatedTaskLengthscaleMultipliers: [1, 2, 4],
  taskCorrelations: [0.3, 0.6, 0.9, 0.98],
  hasEqualVariances: true,
  negativeCorrelationWeight: 0.05,
  noiseRatio: 1e-3,
};

/** The hypotheses' other numbers. */
export const hypothesisDefaults = {
  /** Number of fractions of the covariance that stand for their prior. (C) */
  sourceCovarianceFractions: 4,
  /** The one negative correlation that is tried. (F) */
  negativeCorrelation: -0.8,
  /** Rows of one to three sources together that take part in their hypotheses. (C) */
  maxCorrelatedTaskRows: 240,
  /** Output scale of the new task: octaves about the sources' own that are tried. The log prior is normal with standard deviation 1. (F) */
  scaleOctaves: [-3, -2, -1, 0, 1, 2, 3],
  /** With one to three sources of other units: factor on their variance, for the level of the new task. (F) */
  offsetVarianceFactor: 4,
  /** With one to three sources: lengthscales of the hypotheses without sources, in widths of the unit cube. (F) */
  nullLengthscales: [0.25, 0.7, 2],
  /** Posterior weight below which a hypothesis is dropped. (C) */
  minWeight: 1e-3,
  /**
   * With one to three sources: prior weight of the null hypotheses, and what it grows to where the sources' R² by leave-one-out
   * falls from `goodR2` to 0. (F)
   */
  fewSourcesNull: { weight: 0.1, maxWeight: 0.5, goodR2: 0.3 },
} as const;

/** Number of sources up to which each is a correlated task: so few have no covariance among themselves to learn from. (F) */
export const maxCorrelatedTasks = 3;

/** How sources are prepared. */
export const preparationDefaults = {
  /** Gain in log density a row (nats) for which a log transform of one to three sources is taken: a quadratic loss gains 0.7, an exponential one 4. (F) */
  minLogEvidenceGain: 1,
  /** Datasets, and rows of each, that the shared lengthscales are fitted to. (C) */
  lengthscales: { maxTasks: 10, maxRows: 120 },
  /** Grid of the coordinate search for them, in widths of the cube, and noise variances relative to the signal's. (P) */
  lengthscaleGrid: { lengths: [0.15, 0.3, 0.6, 1.2, 2.4], noises: [1e-3, 1e-2, 1e-1], min: 0.05, max: 10 },
  /** Median of the log-normal prior on lengthscales, in widths of the cube, with standard deviation 1 in the logarithm. (P) */
  lengthscalePriorMedian: 0.7,
  /** Inducing points of sources without a common grid, and the candidates for them. (C) */
  inducingPoints: { max: 300, candidates: 2000 },
  /** Rows of a common grid up to which the grid itself is taken. (C) */
  maxGridPoints: 512,
  /** Rows of each source that its own process predicts the inducing points from. (C) */
  maxTaskRows: 400,
  /** Rank of the sources' empirical covariance. (C) */
  maxRank: 64,
  /** Rows of a source from which on its R² is estimated. (P) */
  minRowsForR2: 60,
  /** A source is left out where its R² is below this multiple of what chance gives, 1/√rows, … (T) */
  chanceR2Factor: 1.5,
  /** … unless it correlates with the others above this multiple of chance, 1/√points. (T) */
  chanceCorrelationFactor: 4,
  /** … with one to three sources in a set whose median correlation is above this one. (F) */
  chanceMedianFactor: 2,
} as const;

/** Models of single sources, in the methods that combine such models. */
export const taskModelDefaults = {
  /** Rows of a source that are fitted, at most and at least, and of all sources together: a suggestion asks each model. (C) */
  maxRows: 300,
  minRows: 60,
  maxTotalRows: 4000,
} as const;
