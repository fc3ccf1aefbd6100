export type { GpuLike } from './gpu.ts';
export { type GpujsOptions, gpujs } from './gpujs.ts';
export { loadGpujs } from './load-gpujs.ts';
