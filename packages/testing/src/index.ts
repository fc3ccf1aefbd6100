export { describeLinearAlgebra } from './describe-linear-algebra.ts';
export { gradientGap } from './gradient-gap.ts';
export { product, randomMatrix, randomPositiveDefinite, transposed, worstGap } from './matrices.ts';
