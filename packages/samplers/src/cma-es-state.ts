/** One generation of covariance matrix adaptation; notation as in cma-es.ts, constants of Hansen 2016, table 1. */

export interface CmaState {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** C, d×d row-major. */
  readonly c: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  readonly population: number;
  readonly generation: number;
  readonly restarts: number;
}

export function cmaStart(from: Pick<CmaState, 'mean' | 'sigma' | 'population' | 'restarts'>): CmaState {
  const d = from.mean.length;
  const c = new Float64Array(d * d);
  for (let i = 0; i < d; i++) c[i * d + i] = 1;
  return { ...from, c, pathSigma: new Float64Array(d), pathC: new Float64Array(d), generation: 0 };
}

/** The next state from one generation of points, best first. */
export function cmaUpdate(state: CmaState, points: readonly Float64Array[]): CmaState {
  const { mean, sigma, c } = state;
  const d = mean.length;
  const mu = Math.max(1, Math.floor(points.length / 2));
  const raw = Array.from({ length: mu }, (_, i) => Math.log(points.length / 2 + 0.5) - Math.log(i + 1));
  const total = raw.reduce((s, w) => s + w, 0);
  const w = raw.map((v) => v / total);
  const muEff = 1 / w.reduce((s, v) => s + v * v, 0);

  const cSigma = (muEff + 2) / (d + muEff + 5);
  const damping = 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (d + 1)) - 1) + cSigma;
  const cc = (4 + muEff / d) / (d + 4 + (2 * muEff) / d);
  const c1 = 2 / ((d + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / ((d + 2) ** 2 + muEff));
  const expected = Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d));

  const steps = points.slice(0, mu).map((p) => p.map((v, j) => (v - mean[j]!) / sigma));
  const y = Float64Array.from({ length: d }, (_, j) => steps.reduce((s, step, i) => s + w[i]! * step[j]!, 0));
  const white = solveLower(choleskyOf(c, d), y);
  const pathSigma = state.pathSigma.map(
    (p, j) => (1 - cSigma) * p + Math.sqrt(cSigma * (2 - cSigma) * muEff) * white[j]!,
  );
  const length = Math.sqrt(pathSigma.reduce((s, v) => s + v * v, 0));
  const generation = state.generation + 1;
  // The rank-one path stands still while the step size is still growing fast.
  const still =
    length / Math.sqrt(1 - (1 - cSigma) ** (2 * generation)) < (1.4 + 2 / (d + 1)) * expected ? 1 : 0;
  const pathC = state.pathC.map((p, j) => (1 - cc) * p + still * Math.sqrt(cc * (2 - cc) * muEff) * y[j]!);
  const next = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      const rankMu = steps.reduce((s, step, k) => s + w[k]! * step[i]! * step[j]!, 0);
      next[i * d + j] =
        (1 - c1 - cMu + c1 * (1 - still) * cc * (2 - cc)) * c[i * d + j]! +
        c1 * pathC[i]! * pathC[j]! +
        cMu * rankMu;
    }
  const growth = Math.exp(Math.min(1, (cSigma / damping) * (length / expected - 1)));
  return {
    ...state,
    mean: mean.map((m, j) => m + sigma * y[j]!),
    sigma: Math.min(Math.max(sigma * growth, 1e-12), 1),
    c: next,
    pathSigma,
    pathC,
    generation,
  };
}

/** Lower factor of a symmetric matrix; a pivot that rounding made too small is lifted. */
export function choleskyOf(c: Float64Array, d: number): Float64Array {
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let sum = c[i * d + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * d + k]! * a[j * d + k]!;
      a[i * d + j] = i === j ? Math.sqrt(Math.max(sum, 1e-14 * c[i * d + i]!, 1e-300)) : sum / a[j * d + j]!;
    }
  return a;
}

function solveLower(a: Float64Array, b: Float64Array): Float64Array {
  const d = b.length;
  const x = Float64Array.from(b);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < i; k++) x[i]! -= a[i * d + k]! * x[k]!;
    x[i]! /= a[i * d + i]!;
  }
  return x;
}
