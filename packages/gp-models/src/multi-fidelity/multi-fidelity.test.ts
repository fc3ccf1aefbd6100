import {
  type Column,
  type Dataset,
  matrix,
  type Posterior,
  positionOf,
  type Rng,
  seeded,
} from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { jointGradientGap } from '@foothold/testing';
import { describe, expect, it } from 'vitest';
import { autoregressive } from './autoregressive.ts';
import { multiFidelity } from './multi-fidelity.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
  { kind: 'ordinal', name: 'scale', levels: 3 },
];
const coordinateOf = (level: number) => positionOf(columns[2]!, level);
type Row = readonly [a: number, b: number, level: number];

function points(rows: readonly Row[]) {
  return matrix(
    rows.length,
    3,
    Float64Array.from(rows.flatMap(([a, b, level]) => [a, b, coordinateOf(level)])),
  );
}
function dataOf(rows: readonly Row[], f: (row: Row) => number): Dataset {
  return { x: points(rows), y: Float64Array.from(rows, f) };
}
function anywhere(rng: Rng, count: number, level: number): Row[] {
  return Array.from({ length: count }, () => [rng.next(), rng.next(), level] as const);
}
const smooth = ([a, b]: Row) => Math.sin(5 * a) + (b - 0.4) ** 2;
const fit = (data: Dataset, previous?: Posterior) =>
  multiFidelity({ columns, fidelityColumn: 2 }).fit(data, { rng: seeded(1), previous });
const correlationsOf = (posterior: Posterior) =>
  (posterior.why!['fidelities'] as { correlations: number[] }).correlations;
/** Root mean square error of the last scale's mean on a grid. */
async function errorAt(posterior: Posterior, f: (row: Row) => number): Promise<number> {
  const rows = Array.from({ length: 100 }, (_, i): Row => [(i % 10) / 9, Math.floor(i / 10) / 9, 2]);
  const { mean } = await posterior.marginals(points(rows));
  return Math.sqrt(rows.reduce((sum, row, i) => sum + (mean[i]! - f(row)) ** 2, 0) / 100);
}

describe('multiFidelity', () => {
  const rng = seeded('rows');
  const low = anywhere(rng, 20, 0);
  const middle = anywhere(rng, 6, 1);
  const top = anywhere(rng, 2, 2);

  it('is the dense joint Gaussian process of its kernel over all rows', async () => {
    const data = dataOf([...low, ...middle, ...top], (row) => smooth(row) + 0.1 * row[2] * row[0]);
    const posterior = await fit(data);
    const { posterior: latent, data: inner } = posterior.latent!;
    const { theta, logNoise, mean } = posterior.state!['gaussianProcess'] as unknown as {
      theta: number[];
      logNoise: number;
      mean: number;
    };
    const kernel = autoregressive(columns, 2).withTheta(Float64Array.from(theta));
    const at = points([...anywhere(rng, 3, 2), ...anywhere(rng, 3, 0)]);
    const k = kernel.covariance(data.x, data.x);
    for (let i = 0; i < k.rows; i++) k.data[i * k.rows + i]! += Math.exp(logNoise);
    const l = cpu.cholesky(k);
    const half = cpu.solveTriangular(l, kernel.covariance(data.x, at));
    const white = cpu.solveTriangular(
      l,
      matrix(
        k.rows,
        1,
        inner.y.map((v) => v - mean),
      ),
    );
    const means = cpu.multiply(half, white, { transposeA: true });
    const explained = cpu.multiply(half, half, { transposeA: true });
    const prior = kernel.covariance(at, at);
    const joint = await latent.joint!(at);
    for (let i = 0; i < 6; i++) {
      expect(joint.mean[i]).toBeCloseTo(means.data[i]! + mean, 7);
      for (let j = 0; j < 6; j++)
        expect(joint.covariance.data[i * 6 + j]).toBeCloseTo(
          prior.data[i * 6 + j]! - explained.data[i * 6 + j]!,
          7,
        );
    }
  });
  it('carries what a cheap scale shows to the last one, and says that they go together', async () => {
    const f = (row: Row) => 0.8 * smooth(row) - 0.2 * row[2];
    const both = await fit(dataOf([...low, ...middle, ...top], f));
    const alone = await fit(dataOf(top, f));
    expect(await errorAt(both, f)).toBeLessThan(0.25 * (await errorAt(alone, f)));
    const [first, second, third] = correlationsOf(both);
    expect(first).toBeGreaterThan(0.6);
    expect(second).toBeGreaterThan(0.6);
    expect(third).toBe(1);
  });
  it('ignores a cheap fidelity that misleads', async () => {
    const more = [...top, ...anywhere(rng, 8, 2)];
    const f = (row: Row) => (row[2] === 2 ? smooth(row) : Math.cos(9 * row[1] - 6 * row[0]));
    const both = await fit(dataOf([...low, ...middle, ...more], f));
    expect(both.why!['fidelities']).toEqual({ correlations: [0, 0, 1], usesCheaper: false });
    // The standard deviation of the function itself is about 0.7.
    expect(await errorAt(both, f)).toBeLessThan(0.2);
    const [near, far] = [
      points([
        [0.2, 0.3, 2],
        [0.8, 0.3, 2],
      ]),
      points([[0.2, 0.3, 0]]),
    ];
    const joint = await both.latent!.posterior.joint!(
      matrix(3, 3, Float64Array.of(...near.data, ...far.data)),
    );
    expect(joint.covariance.data[1]).not.toBe(0);
    expect(joint.covariance.data[2]).toBe(0);
  });
  it('takes penalties at the last scale for no evidence against cheap ones, and predicts with them', async () => {
    const more = [...top, ...anywhere(seeded('more'), 6, 2)];
    const data = dataOf([...low, ...middle, ...more], (row) => smooth(row) - 0.05 * row[2]);
    const failed = [data.y.length - 1, data.y.length - 2];
    const worst = Math.min(...data.y);
    const y = data.y.map((v, i) => (failed.includes(i) ? worst : v));
    const isPenalty = Array.from(y, (_, i) => failed.includes(i));
    const usesCheaper = (posterior: Posterior) =>
      (posterior.why!['fidelities'] as { readonly usesCheaper?: boolean }).usesCheaper ?? true;
    expect(usesCheaper(await fit({ ...data, y }))).toBe(false);
    const posterior = await fit({ ...data, y, isPenalty });
    expect(usesCheaper(posterior)).toBe(true);
    expect(posterior.latent!.data.y).toHaveLength(y.length);
  });
  it.each([
    ['a thousand times larger', 1000, 0],
    ['a thousandth', 1e-3, 0],
    ['far away', 1, 1e5],
    ['far away and larger', 300, -1e6],
  ])(
    'brings a last scale whose values are %s to the others, and answers in its units',
    async (_, unit, level) => {
      const more = [...top, ...anywhere(seeded('more'), 2, 2)];
      const f = (row: Row) => (row[2] === 2 ? level + unit * smooth(row) : smooth(row));
      const posterior = await fit(dataOf([...low, ...middle, ...more], f));
      expect(await errorAt(posterior, f)).toBeLessThan(0.35 * unit);
      expect(
        await jointGradientGap(posterior, points([...low.slice(0, 2), ...anywhere(seeded('at'), 2, 2)])),
      ).toBeLessThan(1e-5);
      const { mean } = await posterior.marginals(points(low));
      for (const [i, row] of low.entries()) expect(Math.abs(mean[i]! - smooth(row))).toBeLessThan(0.3);
    },
  );
  it('conditions, and continues from its record, as a whole fit would', async () => {
    const f = (row: Row) => 100 * row[2] + smooth(row);
    const data = dataOf([...low, ...middle, ...top], f);
    const posterior = await fit(data);
    const extra = dataOf([[0.3, 0.7, 2]], f);
    const next = await posterior.condition!(extra);
    const { mean, variance } = await next.marginals(extra.x);
    expect(Math.abs(mean[0]! - extra.y[0]!)).toBeLessThan(0.05);
    expect(variance[0]).toBeLessThan((await posterior.marginals(extra.x)).variance[0]!);
    const again = await fit(data, { why: posterior.why!, marginals: posterior.marginals });
    expect((await again.marginals(extra.x)).mean[0]).toBeCloseTo(
      (await posterior.marginals(extra.x)).mean[0]!,
      1,
    );
  });
});
