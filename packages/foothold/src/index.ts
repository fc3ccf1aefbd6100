export * from '@foothold/acquisitions';
export * from '@foothold/core';
export * from '@foothold/gp-models';
export * from '@foothold/linalg';
export * from '@foothold/samplers';
export * from '@foothold/space';
export * from '@foothold/study';
export { type AutoSamplerOptions, autoSampler } from './auto-sampler.ts';
export { type MinimizeOptions, type MinimizeResult, maximize, minimize } from './minimize.ts';
export {
  type SmallToLargeOptions,
  type SmallToLargeResult,
  type Stage,
  smallToLarge,
} from './small-to-large.ts';
export type { TransferSource } from './transfer-source.ts';
