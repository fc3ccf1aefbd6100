import { type Matrix, matrix } from '@foothold/core';
import {
  beliefChart,
  type ChartOptions,
  type ChartSpec,
  correlationMap,
  matrixHeatMap,
  rowMeans,
  scatter,
} from '@foothold/viz';
import { columnCorrelations } from './column-correlations.ts';
import type { CheckpointStudy } from './study-types.ts';

/** Size of the plot in pixels. */
export type ChartSize = Pick<ChartOptions, 'width' | 'height'>;

/** Positions of the rows, and the size of the plot. */
export interface RowPositions extends ChartSize {
  /** In the order of the rows. Default: their names. */
  readonly positions?: readonly number[] | undefined;
}

/** What the chart of a task shows of a study. */
export type TaskBelief = Pick<CheckpointStudy, 'rows' | 'columns' | 'cells' | 'known' | 'acquisition'>;

/**
 * One task's curve over the rows: expected scores with 95 % intervals, the known scores, and the acquisition below (its
 * infinite entries, the known cells, left out).
 */
export function taskChart(study: TaskBelief, column: number, options: RowPositions = {}): ChartSpec {
  const { mean, standardDeviation } = study.cells();
  const known = study.known();
  const m = known.columns;
  const positions: readonly (number | string)[] = options.positions ?? study.rows;
  const scores = study.acquisition();
  const take = (a: Matrix): number[] => study.rows.map((_, i) => a.data[i * m + column]!);
  const lowest = scores.data.reduce(
    (low, v) => (v > Number.NEGATIVE_INFINITY ? Math.min(low, v) : low),
    Number.POSITIVE_INFINITY,
  );
  return beliefChart({
    ...sizeOf(options),
    title: study.columns[column]!,
    positions,
    mean: take(mean),
    variance: take(standardDeviation).map((d) => d * d),
    acquisition: take(scores).map((v) => (Number.isFinite(v) ? v : Number.isFinite(lowest) ? lowest : 0)),
    observations: take(known).flatMap((value, i) =>
      Number.isNaN(value) ? [] : [{ position: positions[i]!, value, label: study.rows[i]! }],
    ),
    position: 'row',
    value: 'score',
  });
}

/** Estimated against true task correlations, a point a pair of columns; `truth` is the complete matrix. */
export function correlationScatter(study: CheckpointStudy, truth: Matrix): ChartSpec {
  const estimated = study.correlations();
  const actual = columnCorrelations(matrix(truth.rows, truth.columns, truth.data));
  const m = study.columns.length;
  const points = [];
  for (let j = 0; j < m; j++)
    for (let k = 0; k < j; k++)
      points.push({
        x: actual.data[j * m + k]!,
        y: estimated.data[j * m + k]!,
        label: `${study.columns[j]} and ${study.columns[k]}`,
      });
  return scatter({
    points,
    xTitle: 'true correlation',
    yTitle: 'estimated correlation',
    title: 'Task correlations',
  });
}

/** The known cells by colour, each column by its own range, the named row framed and pending cells ringed. */
export function cellChart(study: CheckpointStudy, size: ChartSize = {}): ChartSpec {
  return matrixHeatMap({
    ...size,
    values: study.known(),
    rowNames: study.rows,
    columnNames: study.columns,
    chosen: study.best().row,
    next: study.pending(),
    perColumn: true,
  });
}

/** The target of every row with its 95 % interval, the named row marked; over `positions` where given, else as a ranking. `truth` where it is known. */
export function rowChart(
  study: CheckpointStudy,
  options: RowPositions & { readonly truth?: ArrayLike<number> | undefined } = {},
): ChartSpec {
  const { positions, truth } = options;
  const { mean, standardDeviation } = study.posterior();
  return rowMeans({
    ...sizeOf(options),
    rows: study.rows.map((name, i) => ({
      name,
      mean: mean[i]!,
      variance: standardDeviation[i]! ** 2,
      ...(positions ? { position: positions[i]! } : {}),
      ...(truth ? { truth: truth[i]! } : {}),
    })),
    chosen: study.best().row,
  });
}

/** The map of task correlations. */
export function correlationChart(study: CheckpointStudy, size: ChartSize = {}): ChartSpec {
  return correlationMap({ ...size, correlations: study.correlations(), names: study.columns });
}

function sizeOf({ width, height }: ChartSize): ChartSize {
  return { width, height };
}
