/**
 * Density of points on the active columns of a space, by one joint kernel per trial (Bergstra et al. 2011, §4; Falkner et
 * al. 2018, "BOHB", §3.2, for joint kernels; Scott 2015, eq. 6.43, for bandwidths).
 *
 * n   kernels, beside one uniform density of the same weight
 * hⱼ  bandwidth in column j: 0.8·sⱼ·n^(−1/(d+4)), with sⱼ the spread of the centres drawn towards a fifth of the range
 * k   levels of a category; a kernel stays at its own with chance n/(n+1), else it takes any of the k
 *
 * All densities are relative to the uniform one, 1 where nothing is known, so that points with different active columns
 * compare: a kernel has no information on a column that was inactive in its trial.
 */
import { type Column, levelOf, lowerEdge, type Rng } from '@foothold/core';
import { logSumExp, normalCdf, normalQuantile } from '@foothold/numerics';

export interface Centre {
  readonly point: Float64Array;
  /** 1 where the column is active, d. */
  readonly active: Uint8Array;
}

export interface Density {
  /** A random point; columns that its kernel knows nothing of are uniform. */
  draw(rng: Rng): Float64Array;
  /** Log of the density over the uniform one, on the active columns. */
  logRatio(at: Centre): number;
}

const factor = 0.8;
const priorSpread = 0.2;
/** Least bandwidth is this over √n: trials that agree by chance must not end the search. */
const minWidth = 0.06;
const logSqrtTwoPi = 0.9189385332046727;

export function densityOf(columns: readonly Column[], centres: readonly Centre[]): Density {
  const n = centres.length;
  const stay = n / (n + 1);
  const widths = columns.map((column, j) => widthOf(centres, { column, j, d: columns.length }));
  // What truncation to [0, 1] leaves of each kernel.
  const logMass = centres.map(({ point }) =>
    point.map((c, j) => Math.log(normalCdf((1 - c) / widths[j]!) - normalCdf(-c / widths[j]!))),
  );
  const cells = new Map<number, readonly [number, number]>();
  const logKernel = (i: number, j: number, u: number): number => {
    const column = columns[j]!;
    const c = centres[i]!.point[j]!;
    const h = widths[j]!;
    if (column.kind === 'categorical')
      return Math.log((levelOf(column, u) === levelOf(column, c) ? stay * column.levels : 0) + 1 - stay);
    if (column.kind === 'continuous')
      return -0.5 * ((u - c) / h) ** 2 - logSqrtTwoPi - Math.log(h) - logMass[i]![j]!;
    const [low, high] = cells.get(j)!;
    const inside = (normalCdf((high - c) / h) - normalCdf((low - c) / h)) / (high - low);
    return Math.log(Math.max(inside, 1e-300)) - logMass[i]![j]!;
  };
  const terms = new Float64Array(n + 1);
  return {
    draw(rng) {
      const centre = centres[Math.floor(rng.next() * (n + 1))];
      return Float64Array.from(columns, (column, j) => {
        const u = rng.next();
        if (!centre?.active[j]) return u;
        const c = centre.point[j]!;
        if (column.kind === 'categorical') return rng.next() < stay ? c : u;
        const h = widths[j]!;
        const from = normalCdf(-c / h);
        const to = normalCdf((1 - c) / h);
        return Math.min(Math.max(c + h * normalQuantile(from + u * (to - from)), 0), 1);
      });
    },
    logRatio({ point, active }) {
      columns.forEach((column, j) => {
        if (column.kind === 'ordinal') cells.set(j, cellOf(column, levelOf(column, point[j]!)));
      });
      for (let i = 0; i < n; i++) {
        const known = centres[i]!.active;
        let log = 0;
        for (let j = 0; j < columns.length; j++) if (active[j] && known[j]) log += logKernel(i, j, point[j]!);
        terms[i] = log;
      }
      return logSumExp(terms) - Math.log(n + 1);
    },
  };
}

function widthOf(
  centres: readonly Centre[],
  { column, j, d }: { readonly column: Column; readonly j: number; readonly d: number },
): number {
  const known = centres.flatMap(({ point, active }) => (active[j] ? [point[j]!] : []));
  const n = Math.max(known.length, 1);
  const mean = known.reduce((sum, u) => sum + u, 0) / n;
  const squares = known.reduce((sum, u) => sum + (u - mean) ** 2, 0);
  const spread = Math.sqrt((squares + priorSpread ** 2) / (known.length + 1));
  // A cell at least, so that neighbours of an integer stay within reach.
  const least = Math.max(minWidth / Math.sqrt(n), column.kind === 'ordinal' ? 1 / column.levels : 0);
  return Math.min(Math.max(factor * spread * n ** (-1 / (d + 4)), least), 1);
}

/** Where the cell of a level lies. */
function cellOf(column: Column & { readonly kind: 'ordinal' }, level: number): readonly [number, number] {
  return [lowerEdge(column, level), lowerEdge(column, level + 1)];
}
