export * from '@foothold/acquisitions';
export * from '@foothold/core';
export * from '@foothold/gp-models';
export * from '@foothold/linalg';
export * from '@foothold/samplers';
export * from '@foothold/space';
export * from '@foothold/study';
export type {
  AcrossScalesOptions,
  AcrossScalesResult,
  Scale,
  ScaleObjective,
  ScaleStage,
} from './across-scales.ts';
export { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';
export { createStudy, type StudyOptions } from './create-study.ts';
export {
  type LearningRateShiftOptions,
  learningRateShift,
  type ParameterShift,
} from './learning-rate-shift.ts';
export { type MinimizeOptions, type MinimizeResult, maximize, minimize } from './minimize.ts';
export {
  type SmallToLargeOptions,
  type SmallToLargeResult,
  type Stage,
  smallToLarge,
} from './small-to-large.ts';
export { transferMethods } from './transfer-methods.ts';
export type { TransferMethod, TransferOptions } from './transfer-options.ts';
