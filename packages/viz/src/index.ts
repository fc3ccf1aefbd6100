export {
  type AttainmentGroup,
  type AttainmentOptions,
  attainment,
  type TitledObjective,
} from './attainment.ts';
export { type BeliefChartOptions, beliefChart } from './belief-chart.ts';
export { type BestProbabilityOptions, bestProbability } from './best-probability.ts';
export { bestOfValues, bestSoFar } from './best-so-far.ts';
export { type CalibrationOptions, calibration } from './calibration.ts';
export type { ChartOptions, ChartSpec } from './chart-spec.ts';
export { type ComparedGroup, type ComparisonOptions, comparison } from './comparison.ts';
export { type ConvergenceOptions, convergence, type Series } from './convergence.ts';
export { type CorrelationMapOptions, correlationMap } from './correlation-map.ts';
export { darkChart } from './dark-chart.ts';
export { type DistributionOptions, distribution } from './distribution.ts';
export { escapeHtml } from './escape-html.ts';
export { type FeasibilityOptions, feasibility } from './feasibility.ts';
export { type ImportanceOptions, importance } from './importance.ts';
export { type LearningCurvesOptions, learningCurves } from './learning-curves.ts';
export { type Line, type LineChartOptions, lineChart } from './line-chart.ts';
export { type MatrixHeatMapOptions, matrixHeatMap } from './matrix-heat-map.ts';
export { shortNumber } from './number-scale.ts';
export { offlineVega } from './offline-vega.ts';
export { type ParallelCoordinatesOptions, parallelCoordinates } from './parallel-coordinates.ts';
export { type ParameterAxis, parameterAxes } from './parameter-axis.ts';
export { type ParetoFrontOptions, paretoFront } from './pareto-front.ts';
export { type PosteriorCurveOptions, type PosteriorOptions, posteriorCurve } from './posterior-curve.ts';
export { type GridLine, gridLine } from './posterior-grid.ts';
export { type PosteriorMapOptions, posteriorMap } from './posterior-map.ts';
export { type ReportChart, type ReportOptions, type ReportSection, report } from './report.ts';
export { type RowMeansOptions, rowMeans } from './row-means.ts';
export { type ScatterOptions, scatter } from './scatter.ts';
export { sideBySide } from './side-by-side.ts';
export { type SlicesOptions, slices } from './slices.ts';
export { type SourceWeightsOptions, sourceWeights } from './source-weights.ts';
export { sparkline } from './sparkline.ts';
export { type TerminalChartOptions, terminalChart } from './terminal-chart.ts';
export { timeUnit } from './time-unit.ts';
export { toSvg } from './to-svg.ts';
export { transferSection } from './transfer-section.ts';
export { type TransferStep, transferSteps } from './transfer-steps.ts';
export { type TransferWeightOptions, transferWeight } from './transfer-weight.ts';
export { type ReportTable, trialTable } from './trial-table.ts';
export { type WorkerSpan, type WorkerTimelineOptions, workerTimeline } from './worker-timeline.ts';
