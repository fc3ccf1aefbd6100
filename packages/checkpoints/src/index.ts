export { knowledgeGradient } from '@foothold/numerics';
export type { CellAcquisition } from './acquisition.ts';
export { cellLog } from './cell-log.ts';
export { cellSampler } from './cell-sampler.ts';
export { cellStudyOf } from './cell-study.ts';
export {
  type ChartSize,
  cellChart,
  correlationChart,
  correlationScatter,
  type RowPositions,
  rowChart,
  type TaskBelief,
  taskChart,
} from './charts.ts';
export { columnCorrelations } from './column-correlations.ts';
export { curveDegree } from './curve-degree.ts';
export { CellConflictError, ScoreTableError } from './errors.ts';
export type { FitRecord } from './fitted-belief.ts';
export { gaussianFilter } from './gaussian-filter.ts';
export type { ModelForm } from './hyperparameters.ts';
export type { CellIndex } from './initial-cells.ts';
export type {
  CheckpointOptions,
  CheckpointTarget,
  ColumnOption,
  ModelOptions,
  RowOption,
} from './options.ts';
export type { Smoothness } from './row-kernel.ts';
export { cellSpace, matrixFact, type ScoreMatrix, scoreMatrixOf } from './score-matrix.ts';
export {
  cellsOfBudget,
  readScoreTable,
  rowsOf,
  type ScoreTable,
  writeScoreTable,
} from './score-table.ts';
export { checkpointStudy, resumeCheckpointStudy } from './study.ts';
export type {
  BestRow,
  Cell,
  CellReference,
  CheckpointPosterior,
  CheckpointState,
  CheckpointStudy,
  StopDecision,
} from './study-types.ts';
export { type SyntheticOptions, type SyntheticScores, syntheticScores } from './synthetic-scores.ts';
