export type { Incumbent } from './incumbent.ts';
export { logExpectedImprovement } from './log-expected-improvement.ts';
export { logProbabilityOfImprovement } from './log-probability-of-improvement.ts';
export { type PriorWeightedOptions, priorWeighted } from './prior-weighted.ts';
export { upperConfidenceBound } from './upper-confidence-bound.ts';
