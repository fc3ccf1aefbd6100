/** The values of joint utilities at many candidates, and their gradients. */
import {
  type Column,
  type JointBelief,
  type JointDerivatives,
  type JointUtility,
  type Matrix,
  matrix,
  type Posterior,
  rowOf,
  UnsupportedError,
} from '@foothold/core';

interface JointScore {
  readonly value: Float64Array;
  /** m·d numbers, in order of the candidates. */
  readonly gradient?: Float64Array;
}

interface JointProblem {
  readonly x: Matrix;
  readonly wanted: boolean;
  readonly columns: readonly Column[];
  /** Candidates of one joint belief: its covariance is quadratic in them. */
  readonly batch: number;
}

/**
 * The utility of each candidate. The gradient, where it is `wanted`, comes from the derivatives in the joint belief and their
 * pullback to the candidates, else from central differences in the continuous columns.
 */
export async function jointScore(
  posterior: Posterior,
  utility: JointUtility,
  { x, wanted, columns, batch }: JointProblem,
): Promise<JointScore> {
  if (!wanted) return { value: await jointValues(posterior, utility, { points: x, batch }) };
  return (
    (await pulledBackScore(posterior, utility, { points: x, batch })) ??
    differencedScore(posterior, utility, { points: x, batch, columns })
  );
}

interface Points {
  readonly points: Matrix;
  readonly batch: number;
}

/** Values and gradients by pullback; undefined where the utility or the posterior states no derivatives. */
async function pulledBackScore(
  posterior: Posterior,
  utility: JointUtility,
  { points, batch }: Points,
): Promise<JointScore | undefined> {
  // The pullback of a projection is not stated.
  if (!utility.derivatives || utility.project) return undefined;
  const { columns: d } = points;
  const value = new Float64Array(points.rows);
  const gradient = new Float64Array(points.rows * d);
  for (let from = 0; from < points.rows; from += batch) {
    const beliefs = await jointBeliefs(posterior, utility, rowsFrom(points, from, batch));
    const { whole, rows } = beliefs;
    if (!whole.gradient) return undefined;
    const size = whole.mean.length;
    const dMean = new Float64Array(size);
    const dCovariance = matrix(size, size);
    const inputs = rows.map((chosen, c) => {
      const at = rowOf(points, from + c);
      const told = utility.derivatives!(beliefOf(whole, chosen), at);
      value[from + c] = told.value;
      addDerivatives({ dMean, dCovariance }, told, chosen);
      return told.dInputs;
    });
    const pulled = await whole.gradient(dMean, dCovariance);
    rows.forEach((chosen, c) => {
      const row = rowOf(pulled, chosen.at(-1)!);
      for (let j = 0; j < d; j++) gradient[(from + c) * d + j] = row[j]! + (inputs[c]?.[j] ?? 0);
    });
  }
  return { value, gradient };
}

/** Adds what moves with the candidate, the last of the `chosen` rows; what is beside it stays where it is. */
export function addDerivatives(
  to: { readonly dMean: Float64Array; readonly dCovariance: Matrix },
  told: JointDerivatives,
  chosen: Int32Array,
): void {
  const size = to.dMean.length;
  const q = chosen.length;
  const own = chosen[q - 1]!;
  to.dMean[own]! += told.dMean[q - 1]!;
  chosen.forEach((other, i) => {
    to.dCovariance.data[own * size + other]! += told.dCovariance.data[(q - 1) * q + i]!;
    if (i < q - 1) to.dCovariance.data[other * size + own]! += told.dCovariance.data[i * q + q - 1]!;
  });
}

/** Step of the central differences, in the unit cube: joint covariances are known to about 1e-10 of their size. */
const step = 1e-4;

async function differencedScore(
  posterior: Posterior,
  utility: JointUtility,
  { points: x, batch, columns }: Points & { readonly columns: readonly Column[] },
): Promise<JointScore> {
  const free = columns.flatMap(({ kind }, j) => (kind === 'continuous' ? [j] : []));
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
  const values = await jointValues(posterior, utility, { points, batch });
  const gradient = new Float64Array(m * d);
  free.forEach((j, k) => {
    for (let i = 0; i < m; i++) {
      const [low, high] = [m * (1 + 2 * k) + i, m * (2 + 2 * k) + i];
      const length = points.data[high * d + j]! - points.data[low * d + j]!;
      gradient[i * d + j] = (values[high]! - values[low]!) / length;
    }
  });
  return { value: values.slice(0, m), gradient };
}

/** The utility at each of the points, m. */
async function jointValues(
  posterior: Posterior,
  utility: JointUtility,
  { points, batch }: Points,
): Promise<Float64Array> {
  const values = new Float64Array(points.rows);
  for (let from = 0; from < points.rows; from += batch) {
    const { whole, rows } = await jointBeliefs(posterior, utility, rowsFrom(points, from, batch));
    rows.forEach((chosen, c) => {
      values[from + c] = utility.value(beliefOf(whole, chosen), rowOf(points, from + c));
    });
  }
  return values;
}

/**
 * One joint belief over the points beside, the projections and the candidates, and for each candidate its rows there: the points
 * beside, its projection where there is one, and itself. A projection that is among the candidates is that row.
 */
export async function jointBeliefs(
  posterior: Posterior,
  { beside, project }: Pick<JointUtility, 'beside' | 'project'>,
  candidates: Matrix,
): Promise<{ readonly whole: JointBelief; readonly rows: readonly Int32Array[] }> {
  if (!posterior.joint) throw new UnsupportedError('a joint belief over points', 'the surrogate');
  const { rows: m, columns: d } = candidates;
  const projected = project?.(candidates);
  const known = projected && firstRows(candidates);
  const added: Float64Array[] = [];
  const projections = Array.from({ length: projected ? m : 0 }, (_, c) => {
    const point = rowOf(projected!, c);
    const found = known!.get(point.join());
    return found === undefined
      ? { isAdded: true, row: added.push(point) - 1 }
      : { isAdded: false, row: found };
  });
  const k = beside.rows;
  const first = k + added.length;
  const points = matrix(first + m, d);
  points.data.set(beside.data);
  for (const [i, point] of added.entries()) points.data.set(point, (k + i) * d);
  points.data.set(candidates.data, first * d);
  return {
    whole: await posterior.joint(points),
    rows: Array.from({ length: m }, (_, c) => {
      const projection = projections[c];
      const chosen = Int32Array.from({ length: k + (projection ? 2 : 1) }, (_, i) => i);
      if (projection) chosen[k] = (projection.isAdded ? k : first) + projection.row;
      chosen[chosen.length - 1] = first + c;
      return chosen;
    }),
  };
}

/** The first row of each point, by its coordinates. */
function firstRows(x: Matrix): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (let i = x.rows - 1; i >= 0; i--) result.set(rowOf(x, i).join(), i);
  return result;
}

export function rowsFrom(a: Matrix, from: number, count: number): Matrix {
  const to = Math.min(from + count, a.rows);
  return matrix(to - from, a.columns, a.data.slice(from * a.columns, to * a.columns));
}

/** The belief about these rows. */
export function beliefOf(
  { mean, covariance: { data, rows: n } }: JointBelief,
  chosen: Int32Array,
): JointBelief {
  const q = chosen.length;
  const covariance = matrix(q, q);
  const to = covariance.data;
  for (let a = 0, at = 0; a < q; a++)
    for (let b = 0, from = chosen[a]! * n; b < q; b++, at++) to[at] = data[from + chosen[b]!]!;
  return { mean: Float64Array.from(chosen, (i) => mean[i]!), covariance };
}
