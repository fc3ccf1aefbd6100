/** The default sampler's choices for large problems, whose code is loaded with the first of these. */
export { nsga2, trustRegionBox } from '@foothold/samplers';
