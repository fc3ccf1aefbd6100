export { describeLinearAlgebra } from './describe-linear-algebra.ts';
export { describeSampler } from './describe-sampler.ts';
export { gradientGap } from './gradient-gap.ts';
export { product, randomMatrix, randomPositiveDefinite, transposed, worstGap } from './matrices.ts';
export { type TestFunction, testFunctions } from './test-functions.ts';
