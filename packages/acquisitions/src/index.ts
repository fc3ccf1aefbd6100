export { type CostWeightedOptions, costWeighted } from './cost-weighted.ts';
export type { Incumbent } from './incumbent.ts';
export { logExpectedHypervolumeImprovement } from './log-expected-hypervolume-improvement.ts';
export { logExpectedImprovement } from './log-expected-improvement.ts';
export { type LogKnowledgeGradientOptions, logKnowledgeGradient } from './log-knowledge-gradient.ts';
export { logMaxValueEntropySearch } from './log-max-value-entropy-search.ts';
export { logMultiFidelityKnowledgeGradient } from './log-multi-fidelity-knowledge-gradient.ts';
export { logProbabilityOfImprovement } from './log-probability-of-improvement.ts';
export { type PriorWeightedOptions, priorWeighted } from './prior-weighted.ts';
export {
  type QLogExpectedImprovementOptions,
  qLogExpectedImprovement,
} from './q-log-expected-improvement.ts';
export {
  type QLogNoisyExpectedHypervolumeImprovementOptions,
  qLogNoisyExpectedHypervolumeImprovement,
} from './q-log-noisy-expected-hypervolume-improvement.ts';
export {
  type QLogNoisyExpectedImprovementOptions,
  qLogNoisyExpectedImprovement,
} from './q-log-noisy-expected-improvement.ts';
export { qLowerBoundMaxValueEntropy } from './q-lower-bound-max-value-entropy.ts';
export { type QUpperConfidenceBoundOptions, qUpperConfidenceBound } from './q-upper-confidence-bound.ts';
export type { MaximaOptions } from './sampled-maxima.ts';
export { upperConfidenceBound } from './upper-confidence-bound.ts';
