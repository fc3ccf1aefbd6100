/**
 * Units of the values at each fidelity, where they differ.
 *
 * y = center + unit·y′, y in the units of its own fidelity and y′ in those common to all
 */
import {
  type Dataset,
  largestOf,
  type Matrix,
  matrix,
  type Posterior,
  type ProgramState,
  rowOf,
  smallestOf,
  type Why,
} from '@foothold/core';

/** Values of a fidelity have units of their own where their range differs from the common one by more than this factor. */
const maxRangeRatio = 8;

export interface FidelityUnit {
  readonly center: number;
  readonly unit: number;
}

/** The level of each point, from the cheapest fidelity at 0. */
export type LevelsOf = (x: Matrix) => readonly number[];

/**
 * The unit of each level's values: the identity for the level with the most rows and all that resemble it. Another level is
 * brought to the values that the nearest neighbours of its rows have there, since two levels seldom have the same points.
 */
export function fidelityUnits({ x, y }: Dataset, levels: readonly number[], count: number): FidelityUnit[] {
  const rows = Array.from({ length: count }, (_, t) => Array.from(y.keys()).filter((i) => levels[i] === t));
  const base = rows.reduce((largest, own) => (own.length > largest.length ? own : largest), rows[0]!);
  const common = rangeOf(base.map((i) => y[i]!));
  return rows.map((own) => {
    const same = { center: 0, unit: 1 };
    if (own === base || own.length === 0 || base.length === 0) return same;
    const values = own.map((i) => y[i]!);
    const paired = own.map((i) => y[nearest(x, i, base)]!);
    const [range, pairedRange] = [rangeOf(values), rangeOf(paired)];
    const isLarger = range.width > maxRangeRatio * common.width;
    const isSmaller = own.length >= 3 && range.width < pairedRange.width / maxRangeRatio;
    const isOffset = Math.max(range.low - common.high, common.low - range.high) > common.width;
    if (!isLarger && !isSmaller && !isOffset) return same;
    const unit =
      range.width > 0 && (isLarger || isSmaller) ? range.width / (pairedRange.width || common.width || 1) : 1;
    const gaps = values.map((v, k) => v - unit * paired[k]!).sort((p, q) => p - q);
    return { center: gaps[gaps.length >> 1]!, unit };
  });
}

function rangeOf(values: readonly number[]) {
  const low = smallestOf(values);
  const high = largestOf(values);
  return { low, high, width: high - low };
}

/** The nearest to row i of these rows. The fidelity's own column is about the same in all of them. */
function nearest(x: Matrix, i: number, rows: readonly number[]): number {
  const point = rowOf(x, i);
  let best = rows[0]!;
  let least = Infinity;
  for (const j of rows) {
    const square = rowOf(x, j).reduce((sum, u, k) => sum + (point[k]! - u) ** 2, 0);
    if (square < least) {
      least = square;
      best = j;
    }
  }
  return best;
}

/** The dataset with its values in the common units. */
export function toCommonUnits(
  { x, y, noise, isPenalty }: Dataset,
  levels: readonly number[],
  units: readonly FidelityUnit[],
): Dataset {
  const at = (i: number) => units[levels[i]!]!;
  return {
    x,
    y: y.map((v, i) => (v - at(i).center) / at(i).unit),
    ...(noise && { noise: noise.map((v, i) => v / at(i).unit ** 2) }),
    ...(isPenalty && { isPenalty }),
  };
}

/** The posterior in the units of each row's fidelity. Its `latent` is common to all of them. */
export function inFidelityUnits(
  inner: Posterior,
  setting: {
    readonly units: readonly FidelityUnit[];
    readonly levelsOf: LevelsOf;
    readonly why: Why;
    readonly state: ProgramState | undefined;
  },
): Posterior {
  const { units, levelsOf, why, state } = setting;
  const unitsAt = (x: Matrix) => levelsOf(x).map((t) => units[t]!);
  return {
    why,
    ...(state && { state }),
    ...(inner.latent && { latent: inner.latent }),
    async marginals(x) {
      const at = unitsAt(x);
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
        const at = unitsAt(x);
        const { mean, covariance, gradient } = await inner.joint!(x);
        const scaled = ({ data }: Matrix) =>
          matrix(
            x.rows,
            x.rows,
            data.map((v, k) => v * at[Math.floor(k / x.rows)]!.unit * at[k % x.rows]!.unit),
          );
        return {
          mean: mean.map((v, i) => at[i]!.center + at[i]!.unit * v),
          covariance: scaled(covariance),
          ...(gradient && {
            gradient: (dMean: Float64Array, dCovariance: Matrix) =>
              gradient(
                dMean.map((v, i) => v * at[i]!.unit),
                scaled(dCovariance),
              ),
          }),
        };
      },
    }),
    ...(inner.condition && {
      condition: async (more: Dataset) =>
        inFidelityUnits(await inner.condition!(toCommonUnits(more, levelsOf(more.x), units)), setting),
    }),
  };
}
