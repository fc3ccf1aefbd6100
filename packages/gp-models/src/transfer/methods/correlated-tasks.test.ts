import { type Column, type Dataset, matrix, matrixOf, rowOf, seeded } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { matern52 } from '../../kernels/matern52.ts';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { logOdds } from '../../warps/value-transforms.ts';
import { selectOutcomeTransform } from '../sources/select-outcome-transform.ts';
import { autoTransfer } from './auto-transfer.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'continuous', name: 'b' },
];
const plain = gaussianProcess({ columns });
const context = () => ({ rng: seeded(1) });

/** A wavy surface over random points, about N(0, 1). */
function surface(seed: string, n: number): Dataset {
  const rng = seeded(seed);
  const x = matrix(n, 2);
  for (let i = 0; i < 2 * n; i++) x.data[i] = rng.next();
  return {
    x,
    y: Float64Array.from({ length: n }, (_, i) => {
      const [a, b] = rowOf(x, i) as unknown as [number, number];
      return Math.sin(4 * a) + Math.cos(3 * b) - 0.5;
    }),
  };
}
const mapped = ({ x, y }: Dataset, f: (v: number) => number): Dataset => ({ x, y: y.map(f) });
const source = (data: Dataset) => [{ name: 'earlier', data }];
const gateOf = (why: unknown) => (why as { transfer: { gate: number } }).transfer.gate;
const at = surface('elsewhere', 12).x;

/** Largest difference of `a` and `b` for two beliefs over the same points. */
function gap(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]!)), 0);
}

describe('autoTransfer from one source', () => {
  it.each([
    [0.3, -1],
    [0.05, 2],
    [3, 0.5],
  ])('means the same where all log-odds are %f times as large and moved by %f', async (factor, shift) => {
    const share = logOdds(0);
    const belief = async (f: (v: number) => number) => {
      const shares = (data: Dataset) => mapped(data, (v) => share.inverse(f(v)).y);
      const posterior = await autoTransfer(source(shares(surface('source', 20))), { plain, columns }).fit(
        shares(surface('target', 4)),
        context(),
      );
      return posterior.latent!.posterior.marginals(at);
    };
    const base = await belief((v) => 0.5 * v);
    const moved = await belief((v) => factor * 0.5 * v + shift);
    expect(
      gap(
        moved.mean,
        base.mean.map((m) => factor * m + shift),
      ),
    ).toBeLessThan(1e-6 * factor);
    expect(
      gap(
        moved.variance,
        base.variance.map((v) => factor ** 2 * v),
      ),
    ).toBeLessThan(1e-6 * factor ** 2);
  });

  it('means the same in other units of both studies', async () => {
    const belief = async (f: (v: number) => number) =>
      (
        await autoTransfer(source(mapped(surface('source', 20), f)), { plain, columns }).fit(
          mapped(surface('target', 4), f),
          context(),
        )
      ).marginals(at);
    const base = await belief((v) => v);
    const { mean } = await belief((v) => 1e4 * v - 70);
    expect(
      gap(
        mean,
        base.mean.map((m) => 1e4 * m - 70),
      ),
    ).toBeLessThan(1e-2);
  });

  it("finds the best of many points after one trial, at the source's best, where the source is the same task", async () => {
    const top = (v: Float64Array) => v.indexOf(v.reduce((a, b) => Math.max(a, b)));
    const earlier = surface('source', 40);
    const best = top(earlier.y);
    const data = { x: matrixOf([rowOf(earlier.x, best)], 2), y: earlier.y.slice(best, best + 1) };
    const many = surface('many', 200);
    const posterior = await autoTransfer(source(earlier), { plain, columns }).fit(data, context());
    const { mean } = await posterior.marginals(many.x);
    // The surface spans about 3.
    expect(many.y[top(mean)]).toBeGreaterThan(many.y[top(many.y)]! - 0.05);
  });

  it('gives a negated source no weight after four trials, and learns from its negative', async () => {
    const turned = source(mapped(surface('source', 30), (v) => -v));
    const all = surface('target', 4);
    const many = surface('many', 200);
    const gates: number[] = [];
    for (const n of [1, 2, 4]) {
      const rows = Array.from({ length: n }, (_, i) => rowOf(all.x, i));
      const data = { x: matrixOf(rows, 2), y: all.y.slice(0, n) };
      const posterior = await autoTransfer(turned, { plain, columns }).fit(data, context());
      gates.push(gateOf(posterior.why));
      if (n < 4) continue;
      const { mean } = await posterior.marginals(many.x);
      const alone = await (await plain.fit(data, context())).marginals(many.x);
      expect(spread(mean, many.y)).toBeLessThan(0.7 * spread(alone.mean, many.y));
    }
    expect(gates[2]).toBeLessThan(0.2);
    expect(gates[2]).toBeLessThan(gates[0]!);
  });
});

describe('the scale of one source', () => {
  it.each([
    ['linear', 'as they are', (v: number) => 40 * v - 3],
    ['compressed', 'exponentials', (v: number) => -Math.exp(-4 * v)],
    ['compressed', 'with settings that diverge', (v: number) => (v < -0.8 ? -1e6 : v)],
  ])('is %s for values %s, and the new study has it too', async (form, _, f) => {
    const posterior = await autoTransfer(source(mapped(surface('source', 25), f)), { plain, columns }).fit(
      mapped(surface('target', 3), (v) => 7 * f(v) + 5),
      context(),
    );
    expect((posterior.why as { transfer: { scale: string } }).transfer.scale).toBe(form);
  });

  it('is found the same in other units', async () => {
    const kernel = matern52(columns);
    for (const f of [(v: number) => v, (v: number) => -Math.exp(-4 * v)]) {
      const data = mapped(surface('source', 25), f);
      const [a, b] = [
        await selectOutcomeTransform([data], kernel, cpu),
        await selectOutcomeTransform([mapped(data, (v) => 1e-5 * v + 9)], kernel, cpu),
      ];
      expect(b.kind).toBe(a.kind);
      expect(gap(a.datasets[0]!.y, b.datasets[0]!.y)).toBeLessThan(1e-6);
      expect(gap(a.shared.kernel.theta, b.shared.kernel.theta)).toBeLessThan(1e-6);
    }
  });
});

/** Root mean square of the differences. */
function spread(a: Float64Array, b: Float64Array): number {
  return Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0) / a.length);
}
