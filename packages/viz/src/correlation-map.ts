import { type Matrix, ShapeError } from '@foothold/core';
import type { ChartOptions, ChartSpec, SpecPart } from './chart-spec.ts';
import { axisOf } from './name-axis.ts';
import { isDrawable } from './number-scale.ts';
import { chart, ink, sizeOf, smallWidth } from './theme.ts';

export interface CorrelationMapOptions extends ChartOptions {
  /** Correlations in [−1, 1], n×n. */
  readonly correlations: Matrix;
  readonly names: readonly string[];
}

/** Correlations by colour (blue positive, orange negative), with numbers where there is room. Throws ShapeError when sizes differ. */
export function correlationMap(options: CorrelationMapOptions): ChartSpec {
  const { correlations, names } = options;
  const n = names.length;
  if (correlations.rows !== n || correlations.columns !== n)
    throw new ShapeError(
      `${n} names need a ${n}×${n} matrix, not ${correlations.rows}×${correlations.columns}`,
    );
  const values = cellsOf(options);
  const side = options.width ?? Math.min(Math.max(n * 36, 160), 520);
  const { width, height } = sizeOf(options, { width: side, height: side });
  // A number of two digits is about 28 pixels wide.
  const numbered = n <= 14 && width / n >= 28;
  const axis = {
    names,
    title: null,
    ...(options.width !== undefined && width < smallWidth ? { maxCharacters: 16 } : {}),
  };
  const x = axisOf({ ...axis, length: width, vertical: false, slanted: true });
  const y = axisOf({ ...axis, length: height, vertical: true });
  const legend = {
    ...{ orient: 'right', title: null, gradientLength: Math.min(height, 180) },
    ...{ gradientThickness: 10, format: '.1f', values: [-1, -0.5, 0, 0.5, 1] },
  };
  const d = n <= 60 ? { description: { field: 'd' } } : {};
  return chart(
    {
      width,
      height,
      data: { values },
      layer: [
        {
          mark: { type: 'rect', stroke: ink.background, strokeWidth: n <= 40 ? 0.8 : 0, aria: n <= 60 },
          encoding: {
            x: { field: 'x', ...x },
            x2: { field: 'x2' },
            y: { field: 'y', ...y },
            y2: { field: 'y2' },
            color: {
              field: 'v',
              type: 'quantitative',
              scale: { domain: [-1, 0, 1], range: ['#b35806', '#f7f7f7', '#0b5394'] },
              legend,
            },
            ...d,
          },
        },
        ...(numbered ? [numberMarks(x, y)] : []),
      ],
    },
    { ...options, description: `correlations of ${n} columns` },
  );
}

function numberMarks(x: SpecPart, y: SpecPart): SpecPart {
  return {
    mark: { type: 'text', fontSize: 10.5, aria: false },
    encoding: {
      x: { field: 'mx', ...x },
      y: { field: 'my', ...y },
      text: { field: 't' },
      color: { condition: { test: 'abs(datum.v) > 0.55', value: 'white' }, value: '#1f2326' },
    },
  };
}

function cellsOf({ correlations, names }: CorrelationMapOptions) {
  const n = names.length;
  return Array.from(correlations.data, (v, i) => {
    const [r, c] = [Math.floor(i / n), i % n];
    const t = v.toFixed(2).replace('-', '−');
    const d = `${names[r]} and ${names[c]}: ${t}`;
    return { x: c, x2: c + 1, mx: c + 0.5, y: r, y2: r + 1, my: r + 0.5, v, t, d };
  }).filter((cell) => isDrawable(cell.v));
}
