export type { Incumbent } from './incumbent.ts';
export { logExpectedImprovement } from './log-expected-improvement.ts';
export { logProbabilityOfImprovement } from './log-probability-of-improvement.ts';
export { upperConfidenceBound } from './upper-confidence-bound.ts';
