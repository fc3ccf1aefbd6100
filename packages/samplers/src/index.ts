export { type AcquisitionSearchOptions, acquisitionSearch } from './acquisition-optimizer.ts';
export { type BayesianOptions, bayesian } from './bayesian.ts';
export { grid } from './grid.ts';
export { latinHypercube } from './latin-hypercube.ts';
export { random } from './random.ts';
export { sequence } from './sequence.ts';
export { sobol } from './sobol.ts';
