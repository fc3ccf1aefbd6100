export { type GaussianProcessOptions, gaussianProcess } from './gaussian-process.ts';
export type { KernelOptions } from './kernels/ard-kernel.ts';
export { product, sum } from './kernels/combined.ts';
export { hamming } from './kernels/hamming.ts';
export { matern52 } from './kernels/matern52.ts';
export type { LogNormal } from './kernels/priors.ts';
export { rbf } from './kernels/rbf.ts';
export { type LeaveOneOut, leaveOneOut } from './leave-one-out.ts';
