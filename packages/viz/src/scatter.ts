import { identityLine } from './calibration.ts';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { chart, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

export interface ScatterOptions extends ChartOptions {
  readonly points: readonly { readonly x: number; readonly y: number; readonly label?: string }[];
  readonly xTitle: string;
  readonly yTitle: string;
}

/** Pairs of numbers in the same units against the line of equality (estimated against true correlations, say), with their correlation in the subtitle. */
export function scatter(options: ScatterOptions): ChartSpec {
  const points = options.points
    .filter((p) => isDrawable(p.x) && isDrawable(p.y))
    .map(({ x, y, label }) => ({
      x,
      y,
      d: `${label === undefined ? '' : `${label}: `}${shortNumber(x)}, ${shortNumber(y)}`,
    }));
  const both = numberScale(
    points.flatMap((p) => [p.x, p.y]),
    { log: false },
  );
  const { width, height } = sizeOf(options, { width: 420, height: 420 });
  const axis = { ...both.axis, tickCount: 6 };
  const x = { field: 'x', type: 'quantitative', title: options.xTitle, scale: both.scale, axis };
  const y = { field: 'y', type: 'quantitative', title: options.yTitle, scale: both.scale, axis };
  const r = correlationOf(points);
  const found =
    r === undefined
      ? `${points.length} points`
      : `${points.length} points, correlation ${r.toFixed(2)}`.replace('-', '−');
  return chart(
    {
      width,
      height,
      layer: [
        identityLine(both.scale.domain as [number, number], { x, y }),
        {
          data: { values: thinned(points) },
          mark: { type: 'circle', size: 32, opacity: points.length > 300 ? 0.35 : 0.65, color: primary },
          encoding: { x, y, description: { field: 'd' } },
        },
      ],
    },
    { ...options, subtitle: options.subtitle ?? found, description: found },
  );
}

/** Pearson's correlation; undefined where a side does not vary. Scaled first, so that no square overflows. */
function correlationOf(points: readonly { readonly x: number; readonly y: number }[]): number | undefined {
  const centred = (values: readonly number[]) => {
    const largest = values.reduce((end, v) => Math.max(end, Math.abs(v)), Number.MIN_VALUE);
    const scaled = values.map((v) => v / largest);
    const mean = scaled.reduce((sum, v) => sum + v / scaled.length, 0);
    return scaled.map((v) => v - mean);
  };
  const x = centred(points.map((p) => p.x));
  const y = centred(points.map((p) => p.y));
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
  const size = Math.sqrt(dot(x, x) * dot(y, y));
  return size > 1e-12 ? dot(x, y) / size : undefined;
}
