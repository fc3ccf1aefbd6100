export type {
  Acquisition,
  AskOptions,
  Attributes,
  Direction,
  Goal,
  HeldTrial,
  Json,
  LinearAlgebra,
  Notes,
  Objective,
  Outcome,
  OutcomeConstraint,
  Params,
  Pruner,
  Sampler,
  SearchSpace,
  SpaceDescription,
  Storage,
  Study,
  TrainingFidelity,
  TrainingPiece,
  Trial,
  Why,
} from '@foothold/core';
export {
  InfeasibleSpaceError,
  InvalidArgumentError,
  OptimizationError,
  OutOfSpaceError,
  SpaceExhaustedError,
  StorageError,
  TrialLimitError,
  TrialStateError,
  UnsupportedError,
} from '@foothold/core';
export {
  cmaEs,
  grid,
  latinHypercube,
  nsga2,
  random,
  sobol,
  tpe,
} from '@foothold/samplers';
export {
  boolean,
  type Constraint,
  categorical,
  integer,
  type LinearConstraint,
  linear,
  logInteger,
  logUniform,
  ordinal,
  type Parameter,
  type ParameterSpace,
  type ParamsOf,
  searchSpace,
  spaceOf,
  uniform,
} from '@foothold/space';
export {
  type CompleteTrial,
  type ConfiguredSampler,
  type DecisionSteps,
  type DifferenceCause,
  type DominancePrunerOptions,
  type Evaluation,
  type FileStorage,
  type FileStorageOptions,
  fileStorage,
  type IndexedDbStorage,
  indexedDbStorage,
  type LeaseOptions,
  type LocalStudy,
  memoryStorage,
  type ObjectiveFunction,
  type OptimizeOptions,
  type OptimizeResult,
  optimize,
  type PastStudy,
  type PastTrial,
  type PatientPrunerOptions,
  type PercentilePrunerOptions,
  type ReplayedSuggestion,
  type ReplayOptions,
  type RungOptions,
  replaySuggestions,
  type StopReason,
  type StopRule,
  type StudyChange,
  type StudyEditResult,
  type StudyProgress,
  type StudyRecord,
  type StudyState,
  studyRecord,
  type TransferSource,
  type TrialContext,
  TrialPruned,
  type WilcoxonPrunerOptions,
} from '@foothold/study';
export type { StorageOrAddress } from './addressed-storage.ts';
export { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';
export { createStudy, type StudyOptions } from './create-study.ts';
export {
  type FreezeThawSamplerOptions,
  freezeThawSampler,
} from './learning-curves/freeze-thaw-sampler.ts';
export type { TrainingContext, TrainingFunction } from './learning-curves/training-function.ts';
export {
  type LearningRateShiftOptions,
  learningRateShift,
  type ParameterShift,
} from './learning-rate-shift.ts';
export { maximize, minimize } from './minimize.ts';
export type { MinimizeOptions, MinimizeResult, TrainingOptions } from './minimize-options.ts';
export {
  type LoggedMultiFidelity,
  type LoggedMultiFidelityOptions,
  loggedMultiFidelity,
} from './multi-fidelity/logged-multi-fidelity.ts';
export { multiFidelity } from './multi-fidelity/multi-fidelity.ts';
export type {
  Fidelity,
  FidelityObjective,
  FidelityStage,
  MultiFidelityOptions,
  MultiFidelityResult,
} from './multi-fidelity/multi-fidelity-options.ts';
export * as pruners from './pruners.ts';
export type { RunOptions } from './run-options.ts';
export {
  type SmallToLargeOptions,
  type SmallToLargeResult,
  smallToLarge,
} from './small-to-large.ts';
export type { Stage } from './stage.ts';
export * as stopRules from './stop-rules.ts';
export { type StorageOfOptions, storageOf } from './storage-of.ts';
export { type TransferMethod, transferMethods } from './transfer-methods.ts';
export type { TransferOptions } from './transfer-options.ts';
