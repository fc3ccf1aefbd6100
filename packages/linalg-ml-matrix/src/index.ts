export { fromMlMatrix, toMlMatrix } from './convert.ts';
export { mlMatrix } from './ml-matrix.ts';
