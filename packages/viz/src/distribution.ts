import type { Direction, Trial } from '@foothold/core';
import { axisLimit } from './axis-limit.ts';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { bestTrial, finiteTrials } from './finite-trials.ts';
import { numberScale, rangeOf, shortNumber } from './number-scale.ts';
import { accent, chart, ink, primary, sizeOf } from './theme.ts';

export interface DistributionOptions extends ChartOptions {
  readonly trials: readonly Trial[];
  readonly direction: Direction;
  /** Title of the value's axis with its unit. Default: 'value'. */
  readonly value?: string;
  /** Logarithmic value axis. Default: decided by the values. */
  readonly log?: boolean;
}

/** Bins are as many as the square root of the number of values, within these limits. */
const minBins = 6;
const maxBins = 40;
/** Half of the bar of a single value, as a part of half of its axis. */
const singleBar = 0.4;

/**
 * How the values of the complete trials are distributed: a bar a range of values, and a line at the best. Values so far
 * beyond the others that nothing else would be seen are left out and counted in the subtitle.
 */
export function distribution(options: DistributionOptions): ChartSpec {
  const finite = finiteTrials(options.trials);
  const all = finite.map((t) => t.value);
  const limit = numberScale(all, { log: options.log }).log ? undefined : axisLimit(all, options.direction);
  const values = all.filter(
    (v) => limit === undefined || (options.direction === 'minimize' ? v <= limit : v >= limit),
  );
  const { scale, axis, log } = numberScale(values, { log: options.log });
  const bins = binsOf(values, log);
  const best = bestTrial(finite, options.direction);
  const { width, height } = sizeOf(options, { height: 220 });
  const x = { field: 'low', type: 'quantitative', title: options.value ?? 'value', scale, axis };
  const y = {
    field: 'n',
    type: 'quantitative',
    title: 'trials',
    axis: { tickMinStep: 1, format: ',d', tickCount: 5 },
  };
  const beyond = all.length - values.length;
  return chart(
    {
      width,
      height,
      layer: [
        {
          data: { values: bins },
          mark: { type: 'rect', color: primary, opacity: 0.75, stroke: ink.background, strokeWidth: 1 },
          encoding: { x, x2: { field: 'high' }, y, y2: { datum: 0 }, description: { field: 'd' } },
        },
        {
          data: {
            values: best
              ? [{ low: best.value, d: `best: ${shortNumber(best.value)} (trial ${best.number})` }]
              : [],
          },
          mark: { type: 'rule', color: accent, strokeWidth: 2 },
          encoding: { x, description: { field: 'd' } },
        },
        ...(values.length > 0
          ? []
          : [
              {
                data: { values: [{}] },
                mark: { type: 'text', text: 'no values yet', color: ink.muted, fontSize: 13, aria: false },
                encoding: { x: { value: width / 2 }, y: { value: height / 2 } },
              },
            ]),
      ],
    },
    {
      ...options,
      subtitle:
        options.subtitle ??
        (beyond > 0 ? `${beyond} ${beyond === 1 ? 'trial' : 'trials'} beyond the axis` : undefined),
      description: `${all.length} values${best ? `, the best is ${shortNumber(best.value)}` : ''}`,
    },
  );
}

/** Ranges of equal width, on a logarithmic axis of equal ratio, each with the number of its values. */
function binsOf(values: readonly number[], log: boolean) {
  const range = rangeOf(values);
  if (range === undefined) return [];
  const [forth, back] = log ? [Math.log, Math.exp] : [(v: number) => v, (v: number) => v];
  const [low, high] = [forth(range[0]), forth(range[1])];
  const flat = !(high > low);
  const count = flat ? 1 : Math.min(Math.max(Math.ceil(Math.sqrt(values.length)), minBins), maxBins);
  // Within the axis that a single value gets: a wider bar would leave the plot.
  const half = flat ? singleBar * (log ? Math.LN2 : low === 0 ? 1 : 0.05 * Math.abs(low)) : 0;
  const step = flat ? 2 * half : high / count - low / count;
  const edge = (i: number) => back(low - half + i * step);
  const counts = new Array<number>(count).fill(0);
  for (const v of values) {
    const at = flat ? 0 : Math.floor((forth(v) - low) / step);
    counts[Math.min(Math.max(at, 0), count - 1)]!++;
  }
  return counts.map((n, i) => ({
    low: edge(i),
    high: edge(i + 1),
    n,
    d: `${n} ${n === 1 ? 'trial' : 'trials'} from ${shortNumber(edge(i))} to ${shortNumber(edge(i + 1))}`,
  }));
}
