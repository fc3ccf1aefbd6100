/**
 * Every number of the transfer models that was chosen, not derived. None of them depends on the problem.
 *
 * How they were chosen: regret after 3 to 50 trials on held-out tasks of tables of real hyperparameter searches, over tens
 * of tasks and seeds. (T) decisions/2026-11-21-transfer.md, for many sources; (F) decisions/2026-11-21-few-sources.md, for one
 * to three. (C) for the cost of a fit or a suggestion. (P) a published or usual value that was not tuned.
 */

/** Hypotheses about the new task and their prior weights. */
export interface AutoTransferTuning {
  /** With many sources: fractions of the prior covariance that is the sources' own. The rest is a Matérn process. (T) */
  readonly sourceCovarianceFractions: readonly number[];
  /** With many sources: lengthscales of the rest, as multiples of the sources' shared ones. (T) */
  readonly lengthscaleMultipliers: readonly number[];
  /** The same with one to three sources, whose lengthscales are fitted to few rows. (F) */
  readonly correlatedTaskLengthscaleMultipliers: readonly number[];
  /** With one to three sources: correlations of the new task with a source, in (0, 1). (F) */
  readonly taskCorrelations: readonly number[];
  /** With many sources: prior weight of the hypotheses that bring all sources to one variance, in [0, 1]. (T) */
  readonly equalVarianceWeight: number;
  /** Prior weight of the hypotheses without sources, in [0, 1]. (T) */
  readonly nullPriorWeight: number;
  /** The same where the sources' values follow neither from their points nor from each other, in [0, 1]. (T) */
  readonly maxNullPriorWeight: number;
  /** With one to three sources: prior weight of a negative correlation, in [0, 1]. (F) */
  readonly negativeCorrelationWeight: number;
  /** Noise variance of the hypotheses with many sources, as a fraction of the sources' variance. (P) */
  readonly noiseRatio: number;
  /** With many sources: power of the likelihood in the weights of the hypotheses (a tempered likelihood), in (0, 1]. (T) */
  readonly likelihoodTemper: number;
  /** The same with one to three sources. (F) */
  readonly correlatedTaskLikelihoodTemper: number;
}

export const autoTransferDefaults: AutoTransferTuning = {
  sourceCovarianceFractions: [0, 0.5, 0.8, 0.95],
  lengthscaleMultipliers: [0.5, 1, 2],
  correlatedTaskLengthscaleMultipliers: [1, 2, 4],
  taskCorrelations: [0.3, 0.6, 0.9, 0.98],
  equalVarianceWeight: 0.5,
  nullPriorWeight: 0.1,
  maxNullPriorWeight: 0.5,
  negativeCorrelationWeight: 0.05,
  noiseRatio: 1e-3,
  likelihoodTemper: 0.5,
  correlatedTaskLikelihoodTemper: 1,
};

/** The hypotheses' other numbers. */
export const hypothesisDefaults = {
  /** The one negative correlation that is tried. (F) */
  negativeCorrelation: -0.8,
  /** Lengthscales of the hypotheses without sources, in widths of the unit cube. (T) */
  nullLengthscales: [0.25, 0.7, 2],
  /** Rows of one to three sources together that take part in their hypotheses. (C) */
  maxCorrelatedTaskRows: 240,
  /** Output scale of the new task: octaves about the sources' own that are tried where many sources tell it. (T) */
  knownScaleOctaves: [-2, -1, 0, 1, 2],
  /** The same where it is less well known. The log prior of each is normal with standard deviation 1. (F) */
  unknownScaleOctaves: [-3, -2, -1, 0, 1, 2, 3],
  /** Factor on the variance of the sources' mean levels, for the level of the new task. (T) */
  offsetVarianceFactor: 4,
  /** Posterior weight below which a hypothesis is dropped. (C) */
  minWeight: 1e-3,
  /** R² of the sources by leave-one-out below which the null hypotheses gain prior weight. (T) */
  goodR2: 0.3,
  /** Correlation of a source with the mean of the others: below `good` the null hypotheses gain prior weight, at `bad` all of it. (T) */
  taskCorrelation: { good: 0.5, bad: 0.25 },
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
  /** Median of the log-normal prior on them, with standard deviation 1 in the logarithm. (P) */
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
  /** … unless it correlates with the others above this multiple of chance, 1/√points, … (T) */
  chanceCorrelationFactor: 4,
  /** … in a set of sources whose median correlation is above this one. (T) */
  chanceMedianFactor: 2,
} as const;

/** Models of single sources, in the methods that combine such models. */
export const taskModelDefaults = {
  /** Rows of a source that are fitted, at most and at least, and of all sources together: a suggestion asks each model. (C) */
  maxRows: 300,
  minRows: 60,
  maxTotalRows: 4000,
} as const;
