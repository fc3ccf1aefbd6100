export { describeKernel, type KernelSuite } from './describe-kernel.ts';
export { describeLinearAlgebra } from './describe-linear-algebra.ts';
export { describeSampler } from './describe-sampler.ts';
export { describeSearchSpace } from './describe-search-space.ts';
export { describeStorage } from './describe-storage.ts';
export { describeSurrogate } from './describe-surrogate.ts';
export { gradientGap } from './gradient-gap.ts';
export { product, randomMatrix, randomPositiveDefinite, transposed, worstGap } from './matrices.ts';
export { type TestFunction, testFunctions } from './test-functions.ts';
