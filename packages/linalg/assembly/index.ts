export { packInputs } from './distance';
export {
  factorPanels,
  invertDiagonal,
  invertFactor,
  negativeInverse,
  solveLower,
  solveUpper,
} from './factor';
export {
  clearTail,
  packColumns,
  packLower,
  packRows,
  unpackColumns,
  unpackLower,
  unpackProduct,
  unpackRows,
} from './layout';
export { multiplyPanels } from './multiply';
export {
  crossCovariance,
  stationaryEvidence,
  stationaryFactor,
  stationaryPredict,
  stationaryPullback,
} from './stationary';
