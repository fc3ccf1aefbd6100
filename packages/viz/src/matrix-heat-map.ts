import type { Matrix } from '@foothold/core';
import { ShapeError } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { axisOf } from './name-axis.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, sizeOf, smallWidth } from './theme.ts';

export interface MatrixHeatMapOptions extends ChartOptions {
  /** Values by row and column; NaN where nothing is observed. */
  readonly values: Matrix;
  readonly rowNames: readonly string[];
  readonly columnNames: readonly string[];
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** A row to mark: the chosen one. */
  readonly chosen?: number | undefined;
  /** Cells to ring: the next ones to run. */
  readonly next?: readonly { readonly row: number; readonly column: number }[];
  /** Colours each column by its own range, for columns on different scales. */
  readonly perColumn?: boolean;
}

/** Cells drawn one by one at most; of more, neighbouring rows are merged to their mean. */
const maxCells = 30_000;

/** The observed cells of a matrix by colour, rows across and columns down, the others left grey. Throws ShapeError when names and sizes differ. */
export function matrixHeatMap(options: MatrixHeatMapOptions): ChartSpec {
  const { values, rowNames, columnNames } = options;
  if (rowNames.length !== values.rows || columnNames.length !== values.columns)
    throw new ShapeError(
      `a ${values.rows}×${values.columns} matrix needs as many names, not ${rowNames.length} and ${columnNames.length}`,
    );
  const { cells, observed } = observedCells(options);
  const { width, height } = sizeOf(options, { height: Math.min(Math.max(values.columns * 12, 120), 460) });
  const short = width < smallWidth ? { maxCharacters: 16 } : {};
  const x = axisOf({
    ...short,
    names: rowNames,
    length: width,
    title: options.rowTitle ?? 'row',
    vertical: false,
  });
  const y = axisOf({
    ...short,
    names: columnNames,
    length: height,
    title: options.columnTitle ?? 'column',
    vertical: true,
  });
  const gap = Math.min(width / Math.max(values.rows, 1), height / Math.max(values.columns, 1)) > 6 ? 0.8 : 0;
  const box = { x: { field: 'r', ...x }, x2: { field: 'q' }, y: { field: 'c', ...y }, y2: { field: 'e' } };
  const layer: SpecPart[] = [
    {
      data: { values: [{ r: 0, q: values.rows, c: 0, e: values.columns }] },
      mark: { type: 'rect', color: ink.empty, aria: false },
      encoding: box,
    },
    {
      data: { values: cells.map((cell) => ({ ...cell, e: cell.c + 1 })) },
      mark: { type: 'rect', stroke: ink.background, strokeWidth: gap, aria: values.data.length <= 4000 },
      encoding: {
        ...box,
        color: shadeChannel(cells, { height, isRelative: options.perColumn === true }),
        description: { field: 'd' },
      },
    },
    ...markedCells(options, box),
  ];
  const total = values.data.length;
  const share = total === 0 ? 0 : (100 * observed) / total;
  const found = `${observed} of ${total} cells observed (${share.toFixed(share < 10 ? 1 : 0)} %)`;
  return chart(
    { width, height, layer },
    { ...options, subtitle: options.subtitle ?? found, description: found },
  );
}

interface HeatCell {
  readonly r: number;
  readonly q: number;
  readonly c: number;
  readonly v: number;
  readonly d?: string;
}

/** The cells with a value, neighbouring rows merged where there are too many, and how many are observed. */
function observedCells({ values, rowNames, columnNames, perColumn }: MatrixHeatMapOptions) {
  const merge = Math.max(1, Math.ceil((values.rows * values.columns) / maxCells));
  const shade = perColumn === true ? columnShade(values) : (v: number) => v;
  const cells: HeatCell[] = [];
  let observed = 0;
  for (let c = 0; c < values.columns; c++)
    for (let r = 0; r < values.rows; r += merge) {
      let sum = 0;
      let count = 0;
      for (let i = r; i < Math.min(r + merge, values.rows); i++) {
        const v = values.data[i * values.columns + c]!;
        if (!isDrawable(v)) continue;
        sum += v;
        count++;
      }
      observed += count;
      if (count === 0) continue;
      const d = `${rowNames[r]}, ${columnNames[c]}: ${shortNumber(sum / count)}`;
      cells.push({
        r,
        q: Math.min(r + merge, values.rows),
        c,
        v: shade(sum / count, c),
        ...(values.data.length <= 4000 ? { d } : {}),
      });
    }
  return { cells, observed };
}

function shadeChannel(
  cells: readonly HeatCell[],
  { height, isRelative }: { readonly height: number; readonly isRelative: boolean },
): SpecPart {
  const { scale } = numberScale(
    cells.map((cell) => cell.v),
    { log: false },
  );
  return {
    field: 'v',
    type: 'quantitative',
    scale: { scheme: 'viridis', domain: scale['domain'] },
    legend: {
      orient: 'right',
      title: isRelative ? 'low to high' : null,
      gradientLength: Math.min(height, 180),
      gradientThickness: 10,
      format: '~g',
      tickCount: 4,
    },
  };
}

/** A frame around the chosen row, and rings around the cells that are next. */
function markedCells(
  { chosen, next = [], rowNames, values }: MatrixHeatMapOptions,
  box: SpecPart,
): readonly SpecPart[] {
  const frame =
    chosen === undefined
      ? []
      : [{ r: chosen, q: chosen + 1, c: 0, e: values.columns, d: `chosen: ${rowNames[chosen]}` }];
  const ringed = next.map(({ row, column }) => ({ r: row, q: row + 1, c: column, e: column + 1 }));
  return [
    {
      data: { values: frame },
      mark: { type: 'rect', filled: false, stroke: accent, strokeWidth: 2 },
      encoding: { ...box, description: { field: 'd' } },
    },
    {
      data: { values: ringed },
      mark: { type: 'rect', filled: false, stroke: '#cc3311', strokeWidth: 2, aria: false },
      encoding: box,
    },
  ];
}

function columnShade(values: Matrix): (v: number, column: number) => number {
  const low = new Float64Array(values.columns).fill(Infinity);
  const high = new Float64Array(values.columns).fill(-Infinity);
  values.data.forEach((v, i) => {
    const c = i % values.columns;
    if (!isDrawable(v)) return;
    low[c] = Math.min(low[c]!, v);
    high[c] = Math.max(high[c]!, v);
  });
  return (v, c) => (high[c]! > low[c]! ? (v - low[c]!) / (high[c]! - low[c]!) : 0.5);
}
