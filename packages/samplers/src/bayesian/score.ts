/** The score that a search maximizes: an acquisition's utility plus log terms for constraints and cost. */
import {
  type Column,
  type JointUtility,
  type Matrix,
  matrix,
  type Posterior,
  rowOf,
  type Score,
  UnsupportedError,
  type Utility,
} from '@foothold/core';

/** Every point is as good as any other. */
export const constantUtility: Utility = ({ mean }) => ({
  value: new Float64Array(mean.length),
  dMean: new Float64Array(mean.length),
  dVariance: new Float64Array(mean.length),
});

/** A utility with the posterior that it looks at. */
export interface ScorePart {
  readonly posterior: Posterior;
  readonly utility: Utility | JointUtility;
}

/**
 * The sum of the utilities, with its gradient where every part has one. The gradient of a joint utility is a central difference in
 * the continuous ones of `columns`.
 */
export function scoreOf(parts: readonly ScorePart[], columns: readonly Column[]): Score {
  return async (x, { gradient: wanted = true } = {}) => {
    const value = new Float64Array(x.rows);
    let gradient: Matrix | undefined = wanted ? matrix(x.rows, x.columns) : undefined;
    for (const { posterior, utility } of parts) {
      const part =
        typeof utility === 'function'
          ? await marginalScore(posterior, utility, { x, wanted })
          : await jointScore(posterior, utility, { x, wanted, columns });
      add(value, part.value);
      if (!gradient) continue;
      if (part.gradient) add(gradient.data, part.gradient);
      else gradient = undefined;
    }
    return gradient ? { value, gradient } : { value };
  };
}

interface Part {
  readonly value: Float64Array;
  readonly gradient?: Float64Array | undefined;
}

async function marginalScore(
  posterior: Posterior,
  utility: Utility,
  { x, wanted }: { readonly x: Matrix; readonly wanted: boolean },
): Promise<Part> {
  const marginals = await posterior.marginals(x);
  const { value, dMean, dVariance, dInputs } = utility(marginals, x, { gradient: wanted });
  const own = wanted ? await marginals.gradient?.(dMean, dVariance) : undefined;
  if (!own) return { value };
  const gradient = Float64Array.from(own.data);
  if (dInputs) add(gradient, dInputs.data);
  return { value, gradient };
}

/** Step of the central differences, in the unit cube: joint covariances are known to about 1e-10 of their size. */
const step = 1e-4;

async function jointScore(
  posterior: Posterior,
  utility: JointUtility,
  {
    x,
    wanted,
    columns,
  }: { readonly x: Matrix; readonly wanted: boolean; readonly columns: readonly Column[] },
): Promise<Part> {
  const free = columns.flatMap(({ kind }, j) => (wanted && kind === 'continuous' ? [j] : []));
  const { rows: m, columns: d } = x;
  const points = matrix(m * (1 + 2 * free.length), d);
  points.data.set(x.data);
  free.forEach((j, k) => {
    for (const [side, sign] of [-1, 1].entries())
      for (let i = 0; i < m; i++) {
        const row = m * (1 + 2 * k + side) + i;
        points.data.set(x.data.subarray(i * d, (i + 1) * d), row * d);
        const at = points.data[row * d + j]! + sign * step;
        points.data[row * d + j] = Math.min(Math.max(at, 0), 1);
      }
  });
  const values = await jointValues(posterior, utility, points);
  const value = values.slice(0, m);
  if (!wanted) return { value };
  const gradient = new Float64Array(m * d);
  free.forEach((j, k) => {
    for (let i = 0; i < m; i++) {
      const [low, high] = [m * (1 + 2 * k) + i, m * (2 + 2 * k) + i];
      const length = points.data[high * d + j]! - points.data[low * d + j]!;
      gradient[i * d + j] = (values[high]! - values[low]!) / length;
    }
  });
  return { value, gradient };
}

/** Candidates of one joint belief: its covariance is quadratic in them. */
const batch = 24;

/** The utility at each of the points, m. */
async function jointValues(
  posterior: Posterior,
  utility: JointUtility,
  points: Matrix,
): Promise<Float64Array> {
  if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
  const { beside } = utility;
  const k = beside.rows;
  const d = points.columns;
  const values = new Float64Array(points.rows);
  for (let from = 0; from < points.rows; from += batch) {
    const m = Math.min(batch, points.rows - from);
    const rows = matrix(k + m, d);
    rows.data.set(beside.data);
    rows.data.set(points.data.subarray(from * d, (from + m) * d), k * d);
    const { mean, covariance } = await posterior.joint(rows);
    for (let c = 0; c < m; c++) {
      const chosen = Array.from({ length: k + 1 }, (_, i) => (i < k ? i : k + c));
      values[from + c] = utility.value(
        {
          mean: Float64Array.from(chosen, (i) => mean[i]!),
          covariance: submatrix(covariance, chosen),
        },
        rowOf(points, from + c),
      );
    }
  }
  return values;
}

function submatrix({ data, rows: n }: Matrix, chosen: readonly number[]): Matrix {
  const q = chosen.length;
  const result = matrix(q, q);
  for (let a = 0; a < q; a++)
    for (let b = 0; b < q; b++) result.data[a * q + b] = data[chosen[a]! * n + chosen[b]!]!;
  return result;
}

function add(to: Float64Array, more: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += more[i]!;
}
