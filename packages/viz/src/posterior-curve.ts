import {
  type Direction,
  matrix,
  type Params,
  type Posterior,
  type SearchSpace,
  type Trial,
  type Utility,
} from '@foothold/core';
import { beliefChart } from './belief-chart.ts';
import type { ChartOptions, ChartSpec } from './chart-spec.ts';
import { finiteTrials } from './finite-trials.ts';
import { gridLine } from './posterior-grid.ts';

export interface PosteriorOptions<P extends Params> extends ChartOptions {
  /** Belief in maximized units, as samplers hold it; the chart changes the sign for `minimize`. */
  readonly posterior: Posterior;
  readonly space: SearchSpace<P>;
  readonly direction: Direction;
  /** The parameters that stay fixed; a best trial's are a good choice. Default: the middle of the space. */
  readonly at?: P | undefined;
  readonly trials?: readonly Trial<P>[] | undefined;
  readonly value?: string | undefined;
}

export interface PosteriorCurveOptions<P extends Params> extends PosteriorOptions<P> {
  /** The parameter that varies. Default: the first one. */
  readonly parameter?: string | undefined;
  /** A prepared acquisition (`Acquisition.prepare`), drawn below. */
  readonly utility?: Utility | undefined;
}

/** Points along a parameter. */
const points = 200;

/**
 * The belief along one parameter with the others fixed: mean, 95 % interval, acquisition below, and the trials by
 * this parameter (with several parameters these need not lie on the curve). Throws InvalidArgumentError for an
 * unknown parameter and OutOfSpaceError for an `at` outside the space.
 */
export async function posteriorCurve<P extends Params>(
  options: PosteriorCurveOptions<P>,
): Promise<ChartSpec> {
  const { posterior, space, direction, utility } = options;
  const base =
    options.at === undefined ? new Float64Array(space.columns.length).fill(0.5) : space.encode(options.at);
  const name = options.parameter ?? space.columns[0]?.name ?? '';
  const line = gridLine(space, { name, count: points, ends: true, base });
  const x = matrix(line.coordinates.length, base.length);
  line.coordinates.forEach((coordinate, i) => {
    x.data.set(base, i * base.length);
    x.data[i * base.length + line.index] = coordinate;
  });
  const marginals = await posterior.marginals(x);
  const sign = direction === 'minimize' ? -1 : 1;
  const observations = finiteTrials(options.trials ?? []).flatMap((t) => {
    const raw = t.params[name];
    return raw === undefined
      ? []
      : [
          {
            position: typeof raw === 'number' ? raw : String(raw),
            value: t.value,
            label: `trial ${t.number}`,
          },
        ];
  });
  return beliefChart({
    ...options,
    positions: line.values,
    mean: Float64Array.from(marginals.mean, (m) => sign * m),
    variance: marginals.variance,
    acquisition: utility?.(marginals, x).value,
    observations,
    position: name,
    log: line.log,
  });
}
