export type { Incumbent } from './incumbent.ts';
export { logExpectedHypervolumeImprovement } from './log-expected-hypervolume-improvement.ts';
export { logExpectedImprovement } from './log-expected-improvement.ts';
export { type LogKnowledgeGradientOptions, logKnowledgeGradient } from './log-knowledge-gradient.ts';
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
export { upperConfidenceBound } from './upper-confidence-bound.ts';
