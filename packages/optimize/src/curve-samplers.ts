/** Samplers of studies whose trials are pieces of training, for programs that choose samplers by name, and objectives of such studies. */
export { successiveHalving } from '@foothold/samplers';
export { type CurveSamplerOptions, curveSampler } from './learning-curves/curve-sampler.ts';
export { pieceObjective } from './learning-curves/piece-objective.ts';
export type { TrainingContext, TrainingFunction } from './learning-curves/training-function.ts';
