/**
 * Parts that the defaults are made of, for samplers of one's own: models, kernels, acquisitions, backends. Their names and
 * options may change between two versions. Each package has more.
 */
export {
  costWeighted,
  logExpectedImprovement,
  logKnowledgeGradient,
  logMaxValueEntropySearch,
  logMultiFidelityKnowledgeGradient,
  logProbabilityOfImprovement,
  priorWeighted,
  qLogExpectedImprovement,
  qLogNoisyExpectedImprovement,
  qLowerBoundMaxValueEntropy,
  qUpperConfidenceBound,
  upperConfidenceBound,
} from '@foothold/acquisitions';
export type { AcquisitionOptimizer, Kernel, Posterior, Surrogate } from '@foothold/core';
export { seeded } from '@foothold/core';
export { gaussianProcess, hamming, matern32, matern52, product, rbf, sum } from '@foothold/gp-models';
export { cpu, wasm } from '@foothold/linalg';
export {
  acquisitionSearch,
  bayesian,
  extraTrees,
  importance,
  sequence,
  thompsonSampling,
  trustRegion,
} from '@foothold/samplers';
