export type {
  Acquisition,
  AcquisitionBelief,
  AcquisitionDomain,
  AcquisitionOptimizer,
  AcquisitionProblem,
  JointDerivatives,
  JointUtility,
  MarginalAcquisition,
  MultiObjectiveAcquisition,
  MultiObjectiveBelief,
  MultiObjectiveJointUtility,
  MultiObjectiveUtility,
  Score,
  Utility,
} from './acquisition.ts';
export type { Advice, OptimumPrior } from './advice.ts';
export type { Awaitable } from './awaitable.ts';
export { datasetOf, type Outliers, outliersOf } from './dataset-of.ts';
export { concatMatrixRows, concatRows, rowsByValue, selectMatrixRows, selectRows } from './dataset-rows.ts';
export {
  FitError,
  InfeasibleSpaceError,
  InvalidArgumentError,
  NotPositiveDefiniteError,
  OptimizationError,
  OutOfSpaceError,
  ShapeError,
  SpaceExhaustedError,
  StorageError,
  StudyReplacedError,
  TrialLimitError,
  TrialStateError,
  UnsupportedError,
} from './errors.ts';
export { largestOf, smallestOf } from './extremes.ts';
export type { Goal, Objective, OutcomeConstraint, TrainingFidelity } from './goal.ts';
export {
  type CompleteTrial,
  figureOf,
  minimizedValues,
  objectivesOf,
  violationOf,
} from './goal-figures.ts';
export { hasValues } from './has-values.ts';
export type { Kernel } from './kernel.ts';
export type {
  Completion,
  CompletionRequest,
  LanguageModel,
  TokenLogProbability,
  TokenUsage,
} from './language-model.ts';
export type { LinearAlgebra, MultiplyOptions, SolveOptions } from './linear-algebra.ts';
export { type Matrix, matrix, matrixOf, rowOf } from './matrix.ts';
export { outlierBound } from './outlier-bound.ts';
export { type PrunedValue, prunedValues } from './pruned-values.ts';
export type { Pruner, PruningIndex } from './pruner.ts';
export { isReservedName } from './reserved-name.ts';
export { type Rng, seeded } from './rng.ts';
export { runningTrials } from './running-trials.ts';
export type { KnownParams, Proposal, SampleRequest, Sampler } from './sampler.ts';
export {
  type Column,
  everyFeature,
  type Feature,
  levelOf,
  lowerEdge,
  type ParameterDescription,
  positionOf,
  type SearchSpace,
  type SpaceDescription,
} from './search-space.ts';
export type { StationaryAlgebra, StationaryFit, StationaryKernel, StationaryProblem } from './stationary.ts';
export type { Lease, Storage, StudyEvent, StudySnapshot, TornWrite } from './storage.ts';
export type { AskOptions, HeldTrial, ReportAnswer, Study } from './study.ts';
export type {
  Dataset,
  FitContext,
  JointBelief,
  Marginals,
  MixtureMarginals,
  Posterior,
  Surrogate,
} from './surrogate.ts';
export type { PriorTask, SourceValues } from './transfer.ts';
export { type SourceWeight, type SourceWeights, type TransferWhy, transferWhy } from './transfer-why.ts';
export type {
  Attributes,
  DeletedTrial,
  Direction,
  Json,
  Notes,
  Outcome,
  Params,
  ProgramState,
  Report,
  TrainingPiece,
  Trial,
  TrialNotes,
  Why,
} from './trial.ts';
export { dominates, type RankedTrial, rankedTrials } from './trial-order.ts';
