export { crossCovariance } from './covariance';
export { packInputs } from './distance';
export { stationaryEvidence, stationaryFactor } from './evidence';
export { factorPanels, invertDiagonal, solveLower, solveUpper } from './factor';
export { invertFactor, negativeInverse } from './inverse';
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
export { stationaryPredict, stationaryPullback } from './predict';
