import {
  type Column,
  type Dataset,
  matrixOf,
  type Posterior,
  seeded,
  selectMatrixRows,
  selectRows,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { expect, it } from 'vitest';
import { gaussianProcess } from '../models/gaussian-process.ts';
import { inverseFactorOf } from '../models/inverse-factor.ts';
import { type EndedCurve, firstValueGain } from './first-value-gain.ts';
import { learningCurveKernel } from './learning-curve-kernel.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'ordinal', name: 'epochs', levels: 8 },
];
const gp = gaussianProcess({ kernel: learningCurveKernel(columns, { fidelityColumn: 1 }), linalg: cpu });
const steps = [1, 2, 4, 8];
const gainIn = async (posterior: Posterior, rows: Dataset, curves: readonly EndedCurve[]) =>
  firstValueGain(posterior, { rows, curves, inverseFactor: await inverseFactorOf(posterior) });

/** Twelve curves in a random order, every third one to its end; `early` is what is seen before it. */
function curves(early: (end: number, epoch: number) => number) {
  const rng = seeded('first values');
  const rows: Float64Array[] = [];
  const y: number[] = [];
  const ended: number[][] = [];
  for (let k = 0; k < 12; k++) {
    const end = rng.next();
    const a = rng.next();
    const own = k % 3 === 0 ? steps : steps.slice(0, 1 + (k % 3));
    if (k % 3 === 0) ended.push(own.map((_, i) => rows.length + i));
    for (const epoch of own) {
      rows.push(Float64Array.of(a, (epoch - 0.5) / 8));
      y.push(epoch === 8 ? end : early(end, epoch));
    }
  }
  return { data: { x: matrixOf(rows), y: Float64Array.from(y) } as Dataset, ended };
}

it('is the difference of the log densities that the models of the other rows have of each end', async () => {
  const { data, ended } = curves((end, epoch) => end - 0.5 / epoch + 0.1 * Math.sin(9 * end));
  const whole = await gp.fit(data, { rng: seeded(0) });
  const stateOf = (fitted: number) => ({
    gaussianProcess: { ...(whole.state!['gaussianProcess'] as object), fitted },
  });
  const logDensity = async (rows: readonly number[], end: number) => {
    const model = await gp.fit(selectRows(data, rows), {
      rng: seeded(0),
      previousState: stateOf(rows.length),
    });
    const latent = model.latent!.posterior;
    const { mean, variance } = await latent.marginals(selectMatrixRows(data.x, [end]));
    const v = variance[0]! + latent.noise!;
    return -0.5 * ((whole.latent!.data.y[end]! - mean[0]!) ** 2 / v + Math.log(v));
  };
  for (const rows of ended) {
    const others = Array.from(data.y.keys()).filter((i) => !rows.includes(i));
    const [first, end] = [rows[0]!, rows.at(-1)!];
    const expected =
      (await logDensity(
        [...others, first].sort((i, j) => i - j),
        end,
      )) - (await logDensity(others, end));
    expect(await gainIn(whole, data, [rows])).toBeCloseTo(expected, 6);
  }
  const each = await Promise.all(ended.map(async (rows) => (await gainIn(whole, data, [rows]))!));
  expect(await gainIn(whole, data, ended)).toBeCloseTo(
    each.reduce((a, b) => a + b),
    10,
  );
});

it('is positive where curves keep their order, and negative where they turn it round', async () => {
  const gainOf = async (early: (end: number, epoch: number) => number) => {
    const { data, ended } = curves(early);
    return (await gainIn(await gp.fit(data, { rng: seeded(0) }), data, ended))!;
  };
  expect(await gainOf((end, epoch) => end - 0.5 / epoch)).toBeGreaterThan(1);
  expect(await gainOf((end) => 1 - end)).toBeLessThan(0);
  // True at its end, mirrored at its beginning.
  expect(await gainOf((end, epoch) => (end * epoch + (1 - end) * (8 - epoch)) / 8)).toBeLessThan(0);
});

it('is undefined for a posterior of another kind, and for a model of a subset of the rows', async () => {
  const { data, ended } = curves((end, epoch) => end - 0.5 / epoch);
  const kernel = learningCurveKernel(columns, { fidelityColumn: 1 });
  const part = await gaussianProcess({ kernel, linalg: cpu, rows: 20 }).fit(data, { rng: seeded(0) });
  expect(data.y.length).toBeGreaterThan(20);
  expect(await gainIn(part, data, ended)).toBeUndefined();
  const none = { marginals: () => ({ mean: new Float64Array(0), variance: new Float64Array(0) }) };
  expect(await gainIn(none, data, ended)).toBeUndefined();
});
