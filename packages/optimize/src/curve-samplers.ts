/** Samplers of studies whose trials are pieces of training, for programs that choose samplers by name. */
export { successiveHalving } from '@foothold/samplers';
export { type CurveSamplerOptions, curveSampler } from './learning-curves/curve-sampler.ts';
