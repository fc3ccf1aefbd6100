import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  levelOf,
  type Matrix,
  matrix,
  type Posterior,
  type Surrogate,
  type Why,
} from '@foothold/core';
import { matern52 } from '../kernels/matern52.ts';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { leaveOneOut } from '../models/leave-one-out.ts';
import { taken } from '../transfer/sources/prior-task.ts';
import { autoregressive, fidelityCovariance } from './autoregressive.ts';
import { independentPosteriors } from './independent-posteriors.ts';

export interface MultiFidelityOptions {
  /** With an ordinal column whose levels are the scales, the cheapest first. */
  readonly columns: readonly Column[];
  /** Index of that column. */
  readonly fidelityColumn: number;
  readonly linalg?: LinearAlgebra | undefined;
}

/** Rows of the last scale from which on it is asked whether the cheaper scales help to foretell them. */
const minTargetRows = 5;
/** How much better, in log density, they have to be foretold without: one nat, since scales do mostly help. */
const minLogDensityGain = 1;
/** Values of a scale are in units of their own where their range differs by more than this factor. */
const maxRangeRatio = 8;

/**
 * A Gaussian process over points and scales: each scale is a multiple of the next cheaper one plus a change of its own
 * (`autoregressive`), so that what holds at a cheap scale is carried to the dear ones as far as the data agrees.
 *
 * Rows of all scales are fitted together, in one warp of the outputs; a scale whose values are clearly in other units
 * (a range 8 times larger or smaller, or all of it further off than the common range) is brought to the others first. From five
 * rows of the last scale on, a process of these alone speaks for it where it foretells them better (leave-one-out), so
 * that scales that mislead are not listened to. `why.scales` has each scale's correlation with the last one, and
 * `listens: false` in that case. Throws InvalidArgumentError where `scale` is no ordinal column beside others.
 */
export function multiFidelity({ columns, fidelityColumn: scale, linalg }: MultiFidelityOptions): Surrogate {
  const kernel = autoregressive(columns, scale);
  const column = columns[scale]!;
  const coupled = gaussianProcess({ kernel, linalg });
  const active = columns.flatMap((_, i) => (i === scale ? [] : [i]));
  const alone = gaussianProcess({ kernel: matern52(columns, { active }), linalg });
  const steps = (kernel.theta.length - columns.length) / 2;
  const size = { steps, theta: kernel.theta.length };
  const levelsOf = (x: Matrix) =>
    Array.from({ length: x.rows }, (_, i) => levelOf(column, x.data[i * x.columns + scale]!));
  return {
    async fit(data, context) {
      const units = unitsOf(data, levelsOf(data.x), steps + 1);
      const levels = levelsOf(data.x);
      const rows = toCommonUnits(data, levels, units);
      const last = Array.from(levels.keys()).filter((i) => levels[i] === steps);
      const told = await coupled.fit(rows, context);
      if (last.length < minTargetRows) return inOwnUnits(told, { units, levelsOf, why: whyOf(told, size) });
      const own = await alone.fit(taken(rows, last), {
        rng: context.rng.fork('alone'),
        signal: context.signal,
      });
      const [without, with_] = [await densities(own), await densities(told)];
      // A thinned or simplified model does not say it of every row: then there is nothing to compare.
      const comparable = without.length === last.length && with_.length === rows.y.length;
      const gap = sum(without) - sum(with_.filter((_, i) => levels[i] === steps));
      if (!comparable || gap <= minLogDensityGain)
        return inOwnUnits(told, { units, levelsOf, why: whyOf(told, size) });
      const why = {
        ...told.why,
        scales: { correlations: [...new Array<number>(steps).fill(0), 1], listens: false },
      };
      const isLast = (x: Matrix) => levelsOf(x).map((t) => t === steps);
      return inOwnUnits(independentPosteriors({ rest: told, last: own, isLast }, rows, why), {
        units,
        levelsOf,
        why,
      });
    },
  };
}

/** log p(yᵢ | the others) for every row. */
async function densities(posterior: Posterior): Promise<Float64Array> {
  return (await leaveOneOut(posterior)).logDensity;
}

function sum(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0);
}

/** y = center + unit·y′ */
interface Unit {
  readonly center: number;
  readonly unit: number;
}

/**
 * The identity for the scale with the most rows and all that look like it. A scale that does not is brought to the values
 * that its rows' nearest neighbours have there: scales are seldom looked at in the same places.
 */
function unitsOf({ x, y }: Dataset, levels: readonly number[], count: number): Unit[] {
  const rows = Array.from({ length: count }, (_, t) => Array.from(y.keys()).filter((i) => levels[i] === t));
  const base = rows.reduce((most, own) => (own.length > most.length ? own : most), rows[0]!);
  const common = rangeOf(base.map((i) => y[i]!));
  return rows.map((own) => {
    const same = { center: 0, unit: 1 };
    if (own === base || own.length === 0 || base.length === 0) return same;
    const values = own.map((i) => y[i]!);
    const beside = own.map((i) => y[nearest(x, i, base)]!);
    const [range, paired] = [rangeOf(values), rangeOf(beside)];
    const larger = range.width > maxRangeRatio * common.width;
    const smaller = own.length >= 3 && range.width < paired.width / maxRangeRatio;
    const apart = Math.max(range.low - common.high, common.low - range.high) > common.width;
    if (!larger && !smaller && !apart) return same;
    const unit =
      range.width > 0 && (larger || smaller) ? range.width / (paired.width || common.width || 1) : 1;
    const gaps = values.map((v, k) => v - unit * beside[k]!).sort((p, q) => p - q);
    return { center: gaps[gaps.length >> 1]!, unit };
  });
}

function rangeOf(values: readonly number[]) {
  const low = values.reduce((least, v) => Math.min(least, v), Infinity);
  const high = values.reduce((most, v) => Math.max(most, v), -Infinity);
  return { low, high, width: high - low };
}

/** Of these rows the one nearest to row i; the scale's own column is as good as the same in all of them. */
function nearest(x: Matrix, i: number, rows: readonly number[]): number {
  let best = rows[0]!;
  let least = Infinity;
  for (const j of rows) {
    let square = 0;
    for (let k = 0; k < x.columns; k++)
      square += (x.data[i * x.columns + k]! - x.data[j * x.columns + k]!) ** 2;
    if (square < least) {
      least = square;
      best = j;
    }
  }
  return best;
}

function toCommonUnits({ x, y, noise }: Dataset, levels: readonly number[], units: readonly Unit[]): Dataset {
  const at = (i: number) => units[levels[i]!]!;
  return {
    x,
    y: y.map((v, i) => (v - at(i).center) / at(i).unit),
    ...(noise && { noise: noise.map((v, i) => v / at(i).unit ** 2) }),
  };
}

/** The belief in the units of each row's scale; `latent` is common to all of them. */
function inOwnUnits(
  inner: Posterior,
  parts: {
    readonly units: readonly Unit[];
    readonly levelsOf: (x: Matrix) => readonly number[];
    readonly why: Why;
  },
): Posterior {
  const { units, levelsOf, why } = parts;
  return {
    why,
    ...(inner.latent && { latent: inner.latent }),
    async marginals(x) {
      const at = levelsOf(x).map((t) => units[t]!);
      const { mean, variance, gradient } = await inner.marginals(x);
      return {
        mean: mean.map((v, i) => at[i]!.center + at[i]!.unit * v),
        variance: variance.map((v, i) => at[i]!.unit ** 2 * v),
        ...(gradient && {
          gradient: (dMean: Float64Array, dVariance: Float64Array) =>
            gradient(
              dMean.map((v, i) => v * at[i]!.unit),
              dVariance.map((v, i) => v * at[i]!.unit ** 2),
            ),
        }),
      };
    },
    ...(inner.joint && {
      async joint(x: Matrix) {
        const at = levelsOf(x).map((t) => units[t]!);
        const { mean, covariance } = await inner.joint!(x);
        const scaled = covariance.data.map(
          (v, k) => v * at[Math.floor(k / x.rows)]!.unit * at[k % x.rows]!.unit,
        );
        return {
          mean: mean.map((v, i) => at[i]!.center + at[i]!.unit * v),
          covariance: matrix(x.rows, x.rows, scaled),
        };
      },
    }),
    ...(inner.condition && {
      condition: async (more: Dataset) =>
        inOwnUnits(await inner.condition!(toCommonUnits(more, levelsOf(more.x), units)), parts),
    }),
  };
}

/** The fit's record, and how each scale correlates with the last one. */
function whyOf(
  { why }: Posterior,
  { steps, theta }: { readonly steps: number; readonly theta: number },
): Why {
  const record = why?.['gaussianProcess'] as { readonly theta?: readonly number[] } | undefined;
  if (steps === 0 || record?.theta?.length !== theta) return why ?? {};
  const own = Float64Array.from(record.theta.slice(-2 * steps));
  const { b } = fidelityCovariance(own);
  const size = steps + 1;
  const last = size * size - 1;
  const correlations = Array.from({ length: size }, (_, t) =>
    t === steps ? 1 : b[t * size + steps]! / Math.sqrt(b[t * size + t]! * b[last]!),
  );
  return { ...why, scales: { correlations } };
}
