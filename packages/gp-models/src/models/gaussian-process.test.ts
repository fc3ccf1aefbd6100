import {
  type Column,
  type Dataset,
  type LinearAlgebra,
  type Matrix,
  matrix,
  type Posterior,
  rowOf,
  seeded,
} from '@foothold/core';
import { cpu, wasm } from '@foothold/linalg';
import { describeSurrogate, jointGradientGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { gaussianProcess } from './gaussian-process.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
describeSurrogate('gaussianProcess', () => gaussianProcess({ columns }));
describeSurrogate('gaussianProcess on wasm', async () => gaussianProcess({ columns, linalg: await wasm() }));
describeSurrogate('gaussianProcess with warped inputs', () =>
  gaussianProcess({ columns, inputWarping: true }),
);

const rng = () => seeded('fit');

function dataset(
  n: number,
  seed = 'data',
  f = (x: Float64Array) => Math.sin(5 * x[0]!) + x[1]! ** 2,
): Dataset {
  const stream = seeded(seed);
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = stream.next();
  return { x, y: Float64Array.from({ length: n }, (_, i) => f(rowOf(x, i))) };
}

async function gap(a: Posterior, b: Posterior): Promise<number> {
  const { x } = dataset(20, 'held out');
  const p = await a.marginals(x);
  const q = await b.marginals(x);
  return Math.max(
    ...p.mean.map((u, i) => Math.abs(u - q.mean[i]!)),
    ...p.variance.map((u, i) => Math.abs(u - q.variance[i]!)),
  );
}

describe.each<readonly [string, () => LinearAlgebra | Promise<LinearAlgebra>]>([
  ['cpu', () => cpu],
  ['wasm', () => wasm()],
])('on %s', (_, open) => {
  it('learns a smooth function and says how sure it is', async () => {
    const posterior = await gaussianProcess({ columns, linalg: await open() }).fit(dataset(40), {
      rng: rng(),
    });
    const held = dataset(200, 'held out');
    const { mean, variance } = await posterior.marginals(held.x);
    const error = Math.sqrt(held.y.reduce((sum, v, i) => sum + (v - mean[i]!) ** 2, 0) / 200);
    expect(error).toBeLessThan(0.02);
    const covered = held.y.filter((v, i) => Math.abs(v - mean[i]!) <= 3 * Math.sqrt(variance[i]!)).length;
    expect(covered).toBeGreaterThan(190);
  });

  it('has the input gradient of central differences, through warped outputs and inputs', async () => {
    const skewed = dataset(30, 'data', (x) => -Math.exp(4 * x[0]! - 2 * x[1]!));
    const gp = gaussianProcess({ columns, linalg: await open(), inputWarping: true });
    const posterior = await gp.fit(skewed, { rng: rng() });
    const { x } = dataset(5, 'held out');
    const dMean = Float64Array.of(1, -0.5, 0.3, 0, 2);
    const dVariance = Float64Array.of(0.2, 0.4, -1, 1, 0);
    const { gradient } = await posterior.marginals(x);
    const exact = await gradient!(dMean, dVariance);
    for (let i = 0; i < x.data.length; i++) {
      const at = async (step: number) => {
        const m = await posterior.marginals(
          matrix(
            5,
            2,
            Float64Array.from(x.data, (u, k) => (k === i ? u + step : u)),
          ),
        );
        return m.mean.reduce((sum, u, k) => sum + u * dMean[k]! + m.variance[k]! * dVariance[k]!, 0);
      };
      const numeric = ((await at(1e-5)) - (await at(-1e-5))) / 2e-5;
      expect(Math.abs(exact.data[i]! - numeric)).toBeLessThan(1e-4 * (1 + Math.abs(numeric)));
    }
  });

  it('has the gradient of central differences of its joint belief, through warped outputs and inputs, from 0 rows on', async () => {
    const skewed = dataset(30, 'data', (x) => -Math.exp(4 * x[0]! - 2 * x[1]!));
    const gp = gaussianProcess({ columns, linalg: await open(), inputWarping: true });
    const { x } = dataset(5, 'held out');
    for (const rows of [skewed, dataset(0)]) {
      const posterior = await gp.fit(rows, { rng: rng() });
      for (const belief of [posterior, posterior.latent!.posterior])
        expect(await jointGradientGap(belief, x)).toBeLessThan(1e-6);
    }
  });

  it('conditioned on further rows believes what a fit of all rows with the same hyperparameters believes', async () => {
    const gp = gaussianProcess({ columns, linalg: await open() });
    const all = dataset(36);
    const head = (n: number): Dataset => ({
      x: matrix(n, 2, all.x.data.slice(0, 2 * n)),
      y: all.y.slice(0, n),
    });
    const first = await gp.fit(head(31), { rng: rng() });
    const kept = await gp.fit(all, { rng: rng(), previous: first });
    expect(kept.state).toEqual(first.state);
    const tail: Dataset = { x: matrix(5, 2, all.x.data.slice(62)), y: all.y.slice(31) };
    expect(await gap(await first.condition!(tail), kept)).toBeLessThan(1e-9);
  });

  it('goes on from the state alone as from the posterior itself, to the same bits', async () => {
    const all = dataset(36);
    const first = await gaussianProcess({ columns, linalg: await open() }).fit(
      { x: matrix(31, 2, all.x.data.slice(0, 62)), y: all.y.slice(0, 31) },
      { rng: rng() },
    );
    const gp = gaussianProcess({ columns, linalg: await open() });
    const previousState = JSON.parse(JSON.stringify(first.state));
    const fromRecord = await gp.fit(all, { rng: rng(), previousState });
    const fromPosterior = await gp.fit(all, { rng: rng(), previous: first });
    expect(await gap(fromRecord, fromPosterior)).toBe(0);
  });

  it('ends in the same bits by one row at a time, by some, and by all at once from the state', async () => {
    const all = dataset(73);
    const gp = gaussianProcess({ columns, linalg: await open() });
    const head = (n: number): Dataset => ({
      x: matrix(n, 2, all.x.data.slice(0, 2 * n)),
      y: all.y.slice(0, n),
    });
    const first = await gp.fit(head(65), { rng: rng() });
    const through = async (...sizes: readonly number[]) => {
      let posterior = first;
      for (const n of sizes) posterior = await gp.fit(head(n), { rng: rng(), previous: posterior });
      expect(posterior.state).toEqual(first.state);
      return posterior;
    };
    const singly = await through(66, 67, 68, 69, 70, 71, 72, 73);
    expect(await gap(singly, await through(69, 73))).toBe(0);
    const previousState = first.state;
    expect(await gap(singly, await gp.fit(all, { rng: rng(), previousState }))).toBe(0);
  });

  it('keeps its hyperparameters when a few rows have gone, and finds new ones when many have', async () => {
    const gp = gaussianProcess({ columns, linalg: await open() });
    const all = dataset(60);
    const part = (n: number) => ({ x: matrix(n, 2, all.x.data.slice(0, 2 * n)), y: all.y.slice(0, n) });
    const first = await gp.fit(all, { rng: rng() });
    const thetaOf = ({ state }: Posterior) =>
      (state as { gaussianProcess: { theta: number[] } }).gaussianProcess.theta;
    const few = await gp.fit(part(55), { rng: rng(), previous: first });
    expect(thetaOf(few)).toEqual(thetaOf(first));
    // The rows of the fit count, not those of the last part: shrinking little by little ends in new ones, too.
    expect(thetaOf(await gp.fit(part(48), { rng: rng(), previous: few }))).not.toEqual(thetaOf(first));
  });

  it('has a joint covariance whose diagonal is the marginal variance', async () => {
    const posterior = await gaussianProcess({ columns, linalg: await open(), outputWarping: 'none' }).fit(
      dataset(12),
      {
        rng: rng(),
      },
    );
    const { x } = dataset(6, 'held out');
    const { mean, variance } = await posterior.marginals(x);
    const joint = await posterior.joint!(x);
    for (let i = 0; i < 6; i++) {
      expect(joint.mean[i]).toBeCloseTo(mean[i]!, 10);
      expect(joint.covariance.data[7 * i]).toBeCloseTo(variance[i]!, 10);
    }
  });
});

it('follows the scale of its values: y and a·y + b give the same belief, scaled', async () => {
  const gp = gaussianProcess({ columns });
  const data = dataset(15);
  const a = await gp.fit(data, { rng: rng() });
  const b = await gp.fit({ x: data.x, y: data.y.map((v) => 1e6 * v - 3e5) }, { rng: rng() });
  const { x } = dataset(10, 'held out');
  const p = await a.marginals(x);
  const q = await b.marginals(x);
  p.mean.forEach((u, i) => {
    expect(q.mean[i]).toBeCloseTo(1e6 * u - 3e5, -2);
    expect(Math.sqrt(q.variance[i]!)).toBeCloseTo(1e6 * Math.sqrt(p.variance[i]!), -2);
  });
});

it('follows a value of small known noise more closely than one of large', async () => {
  const x = matrix(2, 2, Float64Array.of(0.3, 0.3, 0.7, 0.7));
  const data: Dataset = { x, y: Float64Array.of(1, -1), noise: Float64Array.of(1e-6, 4) };
  const posterior = await gaussianProcess({ columns, outputWarping: 'none' }).fit(data, { rng: rng() });
  const { variance } = await posterior.marginals(x);
  expect(variance[0]).toBeLessThan(0.2 * variance[1]!);
});

it('warps skewed outputs by evidence and leaves symmetric ones nearly linear', async () => {
  const warpParameter = async (f: (x: Float64Array) => number) => {
    const posterior = await gaussianProcess({ columns }).fit(dataset(40, 'data', f), { rng: rng() });
    return (posterior.state!['gaussianProcess'] as { bend: number }).bend;
  };
  expect(await warpParameter((x) => -Math.exp(7 * x[0]! + 3 * x[1]!))).toBeGreaterThan(1);
  expect(Math.abs(await warpParameter((x) => Math.sin(5 * x[0]!) + x[1]!))).toBeLessThan(1);
});

describe('a float32 backend', () => {
  const rounded = (a: Matrix) => matrix(a.rows, a.columns, a.data.map(Math.fround));
  const float32: LinearAlgebra = {
    name: 'rounded',
    epsilon: 2 ** -24,
    multiply: (a, b, options) => rounded(cpu.multiply(rounded(a), rounded(b), options)),
    cholesky: (a) => rounded(cpu.cholesky(rounded(a))),
    solveTriangular: (l, b, options) => rounded(cpu.solveTriangular(rounded(l), rounded(b), options)),
  };

  it('keeps the noise above its rounding, says so, and still learns', async () => {
    const posterior = await gaussianProcess({ columns, linalg: float32 }).fit(dataset(70), { rng: rng() });
    const state = posterior.state!['gaussianProcess'] as { logNoise: number };
    expect(Math.exp(state.logNoise)).toBeGreaterThanOrEqual(10 * 70 * 2 ** -24 * 0.999);
    expect(posterior.why!.gaussianProcess).toMatchObject({ noiseAtLowerBound: true });
    const held = dataset(100, 'held out');
    const { mean } = await posterior.marginals(held.x);
    held.y.forEach((v, i) => {
      expect(Math.abs(v - mean[i]!)).toBeLessThan(0.1);
    });
  });
});

it('fits a long history from a part of it, and a longer one than it keeps', async () => {
  const linalg = await wasm();
  const held = dataset(100, 'held out');
  const errorOf = async (rows: number, n: number) => {
    const posterior = await gaussianProcess({ columns, linalg, rows }).fit(dataset(n), { rng: rng() });
    const { mean } = await posterior.marginals(held.x);
    return Math.sqrt(held.y.reduce((sum, v, i) => sum + (v - mean[i]!) ** 2, 0) / 100);
  };
  expect(await errorOf(1200, 350)).toBeLessThan(0.01);
  expect(await errorOf(100, 350)).toBeLessThan(0.05);
});

describe('ugly data', () => {
  const cases: Record<string, Dataset> = {
    nothing: { x: matrix(0, 2), y: new Float64Array(0) },
    'one point': { x: matrix(1, 2), y: Float64Array.of(5) },
    'equal values': { ...dataset(8), y: new Float64Array(8).fill(1e30) },
    'one point 40 times': { x: matrix(40, 2), y: Float64Array.from({ length: 40 }, (_, i) => i % 3) },
    'huge values': { ...dataset(9), y: dataset(9).y.map((v) => v * 1e300) },
    'tiny values': { ...dataset(9), y: dataset(9).y.map((v) => v * 1e-300) },
    'not numbers': {
      ...dataset(9),
      y: dataset(9).y.map((v, i) => [Number.NaN, Infinity, -Infinity, v][i % 4]!),
    },
    'an outlier': { ...dataset(9), y: dataset(9).y.map((v, i) => (i === 4 ? -1e12 : v)) },
    'huge noise': { ...dataset(9), noise: new Float64Array(9).fill(1e200) },
  };
  it.each(Object.entries(cases))('%s gives a finite belief', async (_, data) => {
    const posterior = await gaussianProcess({ columns }).fit(data, { rng: rng() });
    const { x } = dataset(5, 'held out');
    const { mean, variance } = await posterior.marginals(x);
    expect([...mean].every(Number.isFinite)).toBe(true);
    expect([...variance].every((v) => v >= 0)).toBe(true);
    const latent = await posterior.latent!.posterior.marginals(x);
    expect([...latent.mean, ...latent.variance].every(Number.isFinite)).toBe(true);
  });
});

it('finds hyperparameters of a long history as good as an optimization on all rows does', async () => {
  const linalg = await wasm();
  const data = dataset(700, 'long', (x) => Math.sin(9 * x[0]! + 3 * x[1]!) + 0.3 * x[1]!);
  const evidenceOf = ({ state }: Posterior) =>
    (state as { gaussianProcess: { evidence: number } }).gaussianProcess.evidence;
  const first = await gaussianProcess({ columns, linalg }).fit(data, { rng: rng() });
  let best = first;
  // Each fit goes on from the state of the last one.
  for (let i = 0; i < 6; i++)
    best = await gaussianProcess({ columns, linalg }).fit(
      { x: matrix(700 - i, 2, data.x.data.slice(0, 2 * (700 - i))), y: data.y.slice(0, 700 - i) },
      {
        rng: rng(),
        previousState: {
          gaussianProcess: { ...(best.state!['gaussianProcess'] as object), rows: 100 },
        },
      },
    );
  // Nats a row; values of this noise-free function are known to about 5.
  expect(evidenceOf(first)).toBeGreaterThan(evidenceOf(best) - 0.5);
});

it('explains a fit in the units of the values and by parameter names', async () => {
  const noisy = seeded('noise of known size');
  const data = dataset(60, 'explained', (x) => 1000 * x[0]! + 30 * (noisy.next() - 0.5));
  const explanationOf = async (y: Float64Array) => {
    const { why } = await gaussianProcess({ columns }).fit({ x: data.x, y }, { rng: rng() });
    return why!.gaussianProcess as { noise: number; rows: number; lengthscales: Record<string, number> };
  };
  const { noise, rows, lengthscales } = await explanationOf(data.y);
  // Uniform noise of width 30 has the standard deviation 30/√12 = 8.66.
  expect(noise).toBeGreaterThan(6);
  expect(noise).toBeLessThan(12);
  expect(rows).toBe(60);
  expect(Object.keys(lengthscales)).toEqual(columns.map(({ name }) => name));
  // The second column has no influence.
  expect(lengthscales[columns[1]!.name]!).toBeGreaterThan(lengthscales[columns[0]!.name]!);
  const shifted = await explanationOf(data.y.map((v) => 1e-3 * v - 7));
  expect(shifted.noise / noise).toBeCloseTo(1e-3, 5);
});

it('resumes from its state alone: no explanation is read', async () => {
  const all = dataset(36);
  const head = { x: matrix(31, 2, all.x.data.slice(0, 62)), y: all.y.slice(0, 31) };
  const gp = gaussianProcess({ columns });
  const first = await gp.fit(head, { rng: rng() });
  const { why: _, ...silent } = first;
  const { state: __, ...stateless } = first;
  const withWhy = await gp.fit(all, { rng: rng(), previous: first });
  expect(await gap(await gp.fit(all, { rng: rng(), previous: silent }), withWhy)).toBe(0);
  const begun = await gaussianProcess({ columns }).fit(all, { rng: rng() });
  expect(await gap(await gp.fit(all, { rng: rng(), previous: stateless }), begun)).toBe(0);
});
