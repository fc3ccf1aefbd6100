import {
  InvalidArgumentError,
  type Matrix,
  matrix,
  NotPositiveDefiniteError,
  ShapeError,
  type StationaryKernel,
  type StationaryProblem,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { cpu } from './cpu.ts';
import { wasmSync } from './wasm-sync.ts';

/** The textbook, entry by entry: covariance of two points. */
function k(
  { family, outputScale, lengthscales, categorical }: StationaryKernel,
  a: Float64Array,
  b: Float64Array,
) {
  let square = 0;
  lengthscales.forEach((scale, c) => {
    const difference = categorical[c] ? Number(a[c] !== b[c]) : a[c]! - b[c]!;
    square += (difference / scale) ** 2;
  });
  const t = Math.sqrt(5 * square);
  return outputScale * (family === 'rbf' ? Math.exp(-square / 2) : (1 + t + (t * t) / 3) * Math.exp(-t));
}
const row = (x: Matrix, i: number) => x.data.subarray(i * x.columns, (i + 1) * x.columns);
const plainCovariance = (kernel: StationaryKernel, a: Matrix, b: Matrix) =>
  matrix(
    a.rows,
    b.rows,
    Float64Array.from({ length: a.rows * b.rows }, (_, at) =>
      k(kernel, row(a, Math.floor(at / b.rows)), row(b, at % b.rows)),
    ),
  );
function plainFactor(kernel: StationaryKernel, { x, y, noise }: StationaryProblem) {
  const a = plainCovariance(kernel, x, x);
  noise.forEach((v, i) => {
    a.data[i * x.rows + i]! += v;
  });
  const factor = cpu.cholesky(a);
  const z = cpu.solveTriangular(factor, matrix(x.rows, 1, y));
  return { factor, z: z.data, alpha: cpu.solveTriangular(factor, z, { transpose: true }).data };
}
function plainEvidence(kernel: StationaryKernel, problem: StationaryProblem): number {
  const { factor, z } = plainFactor(kernel, problem);
  let value = 0;
  z.forEach((v, i) => {
    value -= 0.5 * (v * v + Math.log(2 * Math.PI)) + Math.log(factor.data[i * z.length + i]!);
  });
  return value;
}

function example(n: number, d: number, family: StationaryKernel['family']) {
  const rng = seeded(3).fork(`${family} ${n} ${d}`);
  const draw = (count: number) => Float64Array.from({ length: count }, () => rng.next());
  // Column 1, where there is one, is categorical with three levels.
  const categorical = Uint8Array.from({ length: d }, (_, c) => Number(c === 1));
  const points = (rows: number) => {
    const x = matrix(rows, d, draw(rows * d));
    if (d > 1) for (let i = 0; i < rows; i++) x.data[i * d + 1] = (Math.floor(rng.next() * 3) + 0.5) / 3;
    return x;
  };
  const kernel: StationaryKernel = {
    family,
    outputScale: 1.7,
    lengthscales: draw(d).map((v) => 0.4 + v),
    categorical,
  };
  const x = points(n);
  const noise = draw(n).map((v) => 0.01 + 0.1 * v);
  return { kernel, problem: { x, y: draw(n).map((v) => v - 0.5), noise }, points: points(11) };
}

const gap = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((worst: number, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);
};
/** Central difference of f at each of the values. */
function differences(values: Float64Array, f: (changed: Float64Array) => number, step = 1e-5): Float64Array {
  return values.map((v, i) => {
    const at = (w: number) => f(Float64Array.from(values, (u, j) => (i === j ? w : u)));
    return (at(v + step) - at(v - step)) / (2 * step);
  });
}

const cases = (['matern52', 'rbf'] as const).flatMap((family) =>
  (['simd', 'relaxed-simd'] as const).map((flavour) => [family, flavour] as const),
);
describe.each(cases)('stationary %s with %s', (family, flavour) => {
  const { stationary } = wasmSync({ flavours: [flavour] });
  if (!stationary) throw new Error('the fused members are missing');
  const sizes = [
    [1, 1],
    [2, 3],
    [4, 2],
    [5, 6],
    [31, 2],
    [75, 6],
    [150, 3],
    [331, 6],
  ] as const;

  it.each(sizes)('has the covariance of the formula, n = %i, d = %i', async (n, d) => {
    const { kernel, problem, points } = example(n, d, family);
    const got = await stationary.covariance(kernel, problem.x, points);
    expect(gap(got.data, plainCovariance(kernel, problem.x, points).data)).toBeLessThan(20 * cpu.epsilon);
  });

  it.each(sizes)('factors, n = %i, d = %i', async (n, d) => {
    const { kernel, problem } = example(n, d, family);
    const got = await stationary.factor(kernel, problem);
    const want = plainFactor(kernel, problem);
    expect(gap(got.factor.data, want.factor.data)).toBeLessThan(100 * n * cpu.epsilon);
    expect(gap(got.alpha, want.alpha)).toBeLessThan(1e5 * n * cpu.epsilon);
  });

  it.each(sizes)('has the evidence and its derivatives, n = %i, d = %i', async (n, d) => {
    const { kernel, problem } = example(n, d, family);
    const got = await stationary.evidence(kernel, problem, { inputs: true });
    const at = plainEvidence(kernel, problem);
    expect(Math.abs(got.value - at)).toBeLessThan(1e-12 * Math.max(n, Math.abs(at)));
    expect(gap(got.alpha, plainFactor(kernel, problem).alpha)).toBeLessThan(1e5 * n * cpu.epsilon);
    if (n > 80) return; // the differences below cost O(n⁴)
    const tolerance = 1e-6;
    const scale = differences(Float64Array.of(kernel.outputScale), (s) =>
      plainEvidence({ ...kernel, outputScale: s[0]! }, problem),
    );
    expect(gap([got.dOutputScale], scale)).toBeLessThan(tolerance);
    expect(
      gap(
        got.dLengthscales,
        differences(kernel.lengthscales, (lengthscales) =>
          plainEvidence({ ...kernel, lengthscales }, problem),
        ),
      ),
    ).toBeLessThan(tolerance);
    const few = Math.min(n, 6);
    const noise = differences(problem.noise.slice(0, few), (head) =>
      plainEvidence(kernel, { ...problem, noise: Float64Array.from(problem.noise, (v, i) => head[i] ?? v) }),
    );
    expect(gap(got.dNoise.subarray(0, few), noise)).toBeLessThan(1e-5);
    const inputs = differences(problem.x.data.slice(0, few * d), (head) => {
      const data = Float64Array.from(problem.x.data, (v, i) => head[i] ?? v);
      // A categorical column has no derivative: it stays what it was.
      for (let i = 0; i < n && d > 1; i++) data[i * d + 1] = problem.x.data[i * d + 1]!;
      return plainEvidence(kernel, { ...problem, x: matrix(n, d, data) });
    });
    expect(gap(got.dInputs!.data.subarray(0, few * d), inputs)).toBeLessThan(tolerance);
  });

  it('agrees with the sum over all pairs at 331 inputs, several blocks wide', async () => {
    const { kernel, problem } = example(331, 6, family);
    const got = await stationary.evidence(kernel, problem, { inputs: true });
    // Smooth in the logarithm of everything: one direction that moves all hyperparameters and inputs at once.
    const moved = (h: number) =>
      plainEvidence(
        {
          ...kernel,
          outputScale: kernel.outputScale * Math.exp(h),
          lengthscales: kernel.lengthscales.map((v, c) => v * Math.exp(h * (c + 1))),
        },
        {
          ...problem,
          noise: problem.noise.map((v, i) => v * Math.exp(h * Math.sin(i))),
          x: matrix(
            331,
            6,
            problem.x.data.map((v, i) => (i % 6 === 1 ? v : v + h * Math.cos(i))),
          ),
        },
      );
    const want = (moved(1e-5) - moved(-1e-5)) / 2e-5;
    let sum = got.dOutputScale * kernel.outputScale;
    kernel.lengthscales.forEach((v, c) => {
      sum += got.dLengthscales[c]! * v * (c + 1);
    });
    problem.noise.forEach((v, i) => {
      sum += got.dNoise[i]! * v * Math.sin(i);
    });
    got.dInputs!.data.forEach((v, i) => {
      sum += v * Math.cos(i);
    });
    expect(Math.abs(sum - want)).toBeLessThan(1e-6 * Math.max(1, Math.abs(want)));
  });

  it.each(sizes)('predicts and pulls back, n = %i, d = %i', async (n, d) => {
    const { kernel, problem, points } = example(n, d, family);
    const fit = { x: problem.x, ...(await stationary.factor(kernel, problem)) };
    const plain = plainFactor(kernel, problem);
    const cross = plainCovariance(kernel, problem.x, points);
    const { mean, variance, whitened } = await stationary.predict(kernel, fit, points);
    const whole = cpu.solveTriangular(plain.factor, cross);
    const m = points.rows;
    expect(gap(mean, cpu.multiply(cross, matrix(n, 1, plain.alpha), { transposeA: true }).data)).toBeLessThan(
      1e-9,
    );
    expect(
      gap(
        whitened.data,
        whitened.data.map((_, at) => whole.data[(at % n) * m + Math.floor(at / n)]!),
      ),
    ).toBeLessThan(1e-11);
    expect(
      gap(
        variance,
        variance.map((_, i) => kernel.outputScale - row(whitened, i).reduce((sum, v) => sum + v * v, 0)),
      ),
    ).toBeLessThan(1e-13);
    const dMean = mean.map((_, i) => Math.cos(i));
    const dVariance = mean.map((_, i) => Math.sin(2 * i + 1));
    const got = await stationary.pullback(kernel, fit, { points, whitened, dMean, dVariance });
    const few = n > 80 ? new Float64Array(0) : points.data;
    const want = differences(few, (data) => {
      const moved = matrix(m, d, Float64Array.from(data));
      for (let i = 0; i < m && d > 1; i++) moved.data[i * d + 1] = points.data[i * d + 1]!;
      const c = plainCovariance(kernel, problem.x, moved);
      const w = cpu.solveTriangular(plain.factor, c);
      let sum = 0;
      for (let i = 0; i < m; i++) {
        let explained = kernel.outputScale;
        let mu = 0;
        for (let j = 0; j < n; j++) {
          explained -= w.data[j * m + i]! ** 2;
          mu += c.data[j * m + i]! * plain.alpha[j]!;
        }
        sum += dMean[i]! * mu + dVariance[i]! * explained;
      }
      return sum;
    });
    if (n <= 80) expect(gap(got.data, want)).toBeLessThan(1e-6);
    else {
      // Row by row the same as in one batch, also across several batches.
      const one = await stationary.pullback(kernel, fit, {
        points: matrix(1, d, row(points, 9)),
        whitened: matrix(1, n, row(whitened, 9)),
        dMean: dMean.slice(9, 10),
        dVariance: dVariance.slice(9, 10),
      });
      expect(gap(row(got, 9), one.data)).toBeLessThan(1e-12);
    }
  });

  it('names the pivot where two equal inputs have no noise', async () => {
    const { kernel } = example(1, 1, family);
    const problem = {
      x: matrix(3, 1, Float64Array.of(0.1, 0.9, 0.1)),
      y: new Float64Array(3),
      noise: new Float64Array(3),
    };
    for (const run of [() => stationary.factor(kernel, problem), () => stationary.evidence(kernel, problem)])
      expect(run).toThrowError(
        expect.toSatisfy((e) => e instanceof NotPositiveDefiniteError && e.pivot === 2 && e.value <= 1e-15),
      );
  });

  it('gives zero, and no NaN, at distances beyond the range of exp', async () => {
    const { kernel } = example(1, 1, family);
    const far = matrix(5, 1, Float64Array.of(0, 1e3, 1e10, 1e200, Infinity));
    const got = await stationary.covariance(kernel, matrix(1, 1), far);
    expect([...got.data]).toEqual([kernel.outputScale, 0, 0, 0, 0]);
    expect(
      (await stationary.covariance(kernel, matrix(1, 1), matrix(1, 1, Float64Array.of(NaN)))).data[0],
    ).toBeNaN();
  });

  it('refuses what does not fit', () => {
    const { kernel, problem } = example(4, 2, family);
    expect(() => stationary.covariance(kernel, problem.x, matrix(1, 3))).toThrow(ShapeError);
    expect(() => stationary.factor(kernel, { ...problem, y: new Float64Array(3) })).toThrow(ShapeError);
    expect(() => stationary.evidence({ ...kernel, outputScale: 0 }, problem)).toThrow(InvalidArgumentError);
  });
});
