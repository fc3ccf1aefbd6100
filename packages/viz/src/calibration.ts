import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { isDrawable, numberScale, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';
import { thinned } from './thinned.ts';

/** Half widths of central intervals of a normal distribution, in standard deviations. */
const halfWidth = {
  '0.5': 0.6744897501960817,
  '0.8': 1.2815515655446004,
  '0.9': 1.6448536269514722,
  '0.95': 1.959963984540054,
} as const;

export interface CalibrationOptions extends ChartOptions {
  /** What the model predicted for values that it had not seen: mean, and variance of the observation (noise included). */
  readonly predictions: readonly {
    readonly observed: number;
    readonly mean: number;
    readonly variance: number;
  }[];
  /** Probability of the intervals. Default: 0.9. */
  readonly level?: 0.5 | 0.8 | 0.9 | 0.95;
  readonly value?: string;
}

/** Predicted against observed with intervals: points on the line are right, intervals that miss it are orange, the subtitle counts how many hold. */
export function calibration(options: CalibrationOptions): ChartSpec {
  const level = options.level ?? 0.9;
  const z = halfWidth[String(level) as keyof typeof halfWidth];
  const rows = intervalsOf(options.predictions, z);
  const held = rows.filter((r) => r.inside).length;
  const both = numberScale(
    rows.flatMap((r) => [r.x, r.low, r.high]),
    { log: false },
  );
  const { width, height } = sizeOf(options, { width: 420, height: 420 });
  const name = options.value ?? 'value';
  const axis = { ...both.axis, tickCount: 6 };
  const x = { field: 'x', type: 'quantitative', title: `observed ${name}`, scale: both.scale, axis };
  const y = (field: string) => ({
    field,
    type: 'quantitative',
    title: `predicted ${name}`,
    scale: both.scale,
    axis,
  });
  const color = {
    field: 'inside',
    type: 'nominal',
    scale: { domain: [true, false], range: [primary, accent] },
    legend: null,
  };
  const [from, to] = both.scale.domain as [number, number];
  const shown = thinned(rows, (r) => !r.inside);
  const share = rows.length === 0 ? 0 : Math.round((100 * held) / rows.length);
  return chart(
    {
      width,
      height,
      layer: [
        identityLine([from, to], { x, y: y('y') }),
        {
          data: { values: shown },
          mark: { type: 'rule', opacity: 0.4, strokeWidth: 1.6, aria: false },
          encoding: { x, y: y('low'), y2: { field: 'high' }, color },
        },
        {
          data: { values: shown },
          mark: { type: 'circle', size: 38, opacity: 0.9 },
          encoding: { x, y: y('y'), color, description: { field: 'd' } },
        },
      ],
    },
    {
      ...options,
      subtitle:
        options.subtitle ??
        (rows.length === 0
          ? 'no predictions'
          : `${share} % of ${rows.length} intervals of ${level * 100} % hold the observed value`),
      description: `${held} of ${rows.length} intervals hold the observed value`,
    },
  );
}

function intervalsOf(predictions: CalibrationOptions['predictions'], z: number) {
  return predictions.flatMap(({ observed, mean, variance }) => {
    const half = z * Math.sqrt(Math.max(variance, 0));
    const [low, high] = [mean - half, mean + half];
    if (![observed, low, high].every(isDrawable)) return [];
    const inside = observed >= low && observed <= high;
    const d = `observed ${shortNumber(observed)}, predicted ${shortNumber(mean)} (${shortNumber(low)} to ${shortNumber(high)})`;
    return [{ x: observed, y: mean, low, high, inside, d }];
  });
}

/** The dashed line where both axes are equal. */
export function identityLine(
  [from, to]: readonly [number, number],
  channels: { readonly x: object; readonly y: object },
): Readonly<Record<string, unknown>> {
  return {
    data: {
      values: [
        { x: from, y: from },
        { x: to, y: to },
      ],
    },
    mark: { type: 'line', color: ink.axis, strokeDash: [5, 4], strokeWidth: 1.3, aria: false },
    encoding: channels,
  };
}
