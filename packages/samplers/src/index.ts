export { type AcquisitionSearchOptions, acquisitionSearch } from './acquisition-optimizer.ts';
export { type BayesianOptions, bayesian } from './bayesian.ts';
