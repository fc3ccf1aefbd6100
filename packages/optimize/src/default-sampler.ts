export { autoSampler } from './auto-sampler.ts';
