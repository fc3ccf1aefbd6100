import { InvalidArgumentError, matrix, matrixOf, rowOf, ShapeError, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { quadratic, rosenbrock } from '../climbed-functions.fixture.ts';
import { lbfgsb } from './lbfgsb.ts';
import { minimize, minimizeMany, type ValueAndGradient } from './minimize.ts';

const beale: ValueAndGradient = ([a = 0, b = 0]) => {
  const t = [1.5 - a + a * b, 2.25 - a + a * b * b, 2.625 - a + a * b ** 3];
  const da = [b - 1, b * b - 1, b ** 3 - 1];
  const db = [a, 2 * a * b, 3 * a * b * b];
  const pulled = (j: readonly number[]) => t.reduce((s, v, i) => s + 2 * v * j[i]!, 0);
  return { value: t.reduce((s, v) => s + v * v, 0), gradient: Float64Array.of(pulled(da), pulled(db)) };
};
const powell: ValueAndGradient = ([a = 0, b = 0, c = 0, d = 0]) => ({
  value: (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4,
  gradient: Float64Array.of(
    2 * (a + 10 * b) + 40 * (a - d) ** 3,
    20 * (a + 10 * b) + 4 * (b - 2 * c) ** 3,
    10 * (c - d) - 8 * (b - 2 * c) ** 3,
    -10 * (c - d) - 40 * (a - d) ** 3,
  ),
});
const repeated = (values: readonly number[], times: number) =>
  Float64Array.from(Array.from({ length: times }, () => values).flat());
const box = (n: number, low: number, high: number) => ({
  lower: new Float64Array(n).fill(low),
  upper: new Float64Array(n).fill(high),
});

describe('L-BFGS-B', () => {
  // Counts and values of SciPy 1.17.1, scripts/lbfgsb_reference.py.
  it.each([
    ['rosenbrock 2', rosenbrock, Float64Array.of(-1.2, 1), {}, 44, 0],
    ['rosenbrock 10', rosenbrock, repeated([-1.2, 1], 5), {}, 88, 0],
    ['rosenbrock 10 in [-2, 0.8]', rosenbrock, repeated([-1.2, 0.5], 5), box(10, -2, 0.8), 37, 6.001016394],
    ['rosenbrock 25 in [1.5, 100]', rosenbrock, repeated([3], 25), box(25, 1.5, 100), 33, 1199.228937212],
    ['quadratic 20', quadratic, repeated([2], 20), {}, 380, 0],
    ['quadratic 20 in [0.25, 0.75]', quadratic, repeated([0.75], 20), box(20, 0.25, 0.75), 32, 291.289510984],
    ['beale', beale, Float64Array.of(1, 1), box(2, -4.5, 4.5), 16, 0],
    ['powell', powell, Float64Array.of(3, -1, 0, 1), {}, 30, 0],
  ])(
    'reaches the minimum of %s in about as many evaluations as SciPy',
    (_, f, start, bounds, count, minimum) => {
      const found = minimize(f, start, bounds);
      expect(found.evaluations).toBeLessThanOrEqual(Math.ceil(count * 1.1) + 2);
      expect(Math.abs(found.value - minimum)).toBeLessThan(2e-7 * Math.max(1, minimum));
    },
  );

  it('satisfies the optimality conditions of a random bounded quadratic', () => {
    const rng = seeded(11);
    for (let round = 0; round < 30; round++) {
      const n = 1 + Math.floor(rng.next() * 12);
      const a = matrix(
        n,
        n,
        Float64Array.from({ length: n * n }, () => rng.next() - 0.5),
      );
      const c = Float64Array.from({ length: n }, () => 4 * rng.next() - 2);
      const f: ValueAndGradient = (x) => {
        // ½|A(x − c)|² + 0.05|x − c|²
        const d = x.map((v, i) => v - c[i]!);
        const ad = Float64Array.from({ length: n }, (_, i) =>
          rowOf(a, i).reduce((s, v, j) => s + v * d[j]!, 0),
        );
        const gradient = d.map((v, j) => 0.1 * v + ad.reduce((s, w, i) => s + w * a.data[i * n + j]!, 0));
        const value = 0.5 * ad.reduce((s, v) => s + v * v, 0) + 0.05 * d.reduce((s, v) => s + v * v, 0);
        return { value, gradient };
      };
      const bounds = box(n, -1, 1);
      const found = minimize(f, new Float64Array(n), {
        ...bounds,
        valueTolerance: 0,
        gradientTolerance: 1e-7,
      });
      found.gradient.forEach((g, i) => {
        if (found.point[i]! >= 1) expect(g).toBeLessThan(1e-6);
        else if (found.point[i]! <= -1) expect(g).toBeGreaterThan(-1e-6);
        else expect(Math.abs(g)).toBeLessThan(1e-6);
      });
    }
  });

  it('never asks for a point outside the bounds, also from a start outside', () => {
    const bounds = { lower: Float64Array.of(-0.5, 0.2), upper: Float64Array.of(0.5, 0.2) };
    const run = lbfgsb({ start: Float64Array.of(7, -7), ...bounds });
    while (run.point) {
      const [a, b] = run.point;
      expect(a).toBeGreaterThanOrEqual(-0.5);
      expect(a).toBeLessThanOrEqual(0.5);
      expect(b).toBe(0.2);
      const { value, gradient } = rosenbrock(run.point);
      run.tell(value, gradient);
    }
    // On the line b = 0.2 the slope is 400a³ − 78a − 2.
    const a = run.minimum!.point[0]!;
    expect(Math.abs(400 * a ** 3 - 78 * a - 2)).toBeLessThan(1e-3);
  });

  it('backs off from values that are not finite', () => {
    // log barrier: minimum of x − log x at 1, NaN for x ≤ 0; the first steps overshoot.
    const f: ValueAndGradient = ([x = 0]) => ({
      value: x - 30 * Math.log(x),
      gradient: Float64Array.of(1 - 30 / x),
    });
    const found = minimize(f, Float64Array.of(700), { firstStep: 1e4 });
    expect(found.point[0]).toBeCloseTo(30, 3);
    const infinite = minimize(
      (x) => (x[0]! > 2 ? { value: Infinity, gradient: Float64Array.of(Number.NaN) } : quadratic1(x)),
      Float64Array.of(-50),
      { firstStep: 1e3 },
    );
    expect(infinite.point[0]).toBeCloseTo(1, 4);
    const nan = minimize(() => ({ value: Number.NaN, gradient: Float64Array.of(0) }), Float64Array.of(1));
    expect(nan.reason).toBe('start-not-finite');
    expect(nan.evaluations).toBe(1);
  });

  it('ends with a reason when the gradient is wrong, and returns the best point it saw', () => {
    const wrong = minimize(
      (x) => ({ value: x[0]! ** 2, gradient: Float64Array.of(-2 * x[0]!) }),
      Float64Array.of(3),
    );
    expect(wrong.reason).toBe('line-search');
    expect(wrong.value).toBe(9);
    const cut = minimize(rosenbrock, repeated([-1.2, 1], 5), { maxEvaluations: 20 });
    expect(cut.reason).toBe('max-evaluations');
    expect(cut.evaluations).toBe(20);
    expect(rosenbrock(cut.point).value).toBe(cut.value);
    expect(minimize(rosenbrock, repeated([-1.2, 1], 5), { maxIterations: 3 }).iterations).toBe(3);
    expect(minimize(quadratic1, Float64Array.of(1)).reason).toBe('gradient');
  });

  it('finds the same point when function and coordinates are scaled by 2^±20', () => {
    for (const scale of [2 ** -20, 2 ** 20]) {
      const f: ValueAndGradient = (x) => {
        const { value, gradient } = rosenbrock(x.map((v) => v / scale));
        return { value, gradient: gradient.map((g) => g / scale) };
      };
      const found = minimize(f, Float64Array.of(-1.2 * scale, scale), {
        gradientTolerance: 0,
        firstStep: scale,
      });
      expect(found.value).toBeLessThan(1e-7);
    }
  });

  it('refuses bounds that cross or do not fit', () => {
    expect(() =>
      lbfgsb({ start: Float64Array.of(0), lower: Float64Array.of(1), upper: Float64Array.of(0) }),
    ).toThrow(InvalidArgumentError);
    expect(() => lbfgsb({ start: Float64Array.of(0), lower: new Float64Array(2) })).toThrow(ShapeError);
  });

  it('has nothing to do without coordinates', () => {
    const none = minimize(() => ({ value: 4, gradient: new Float64Array(0) }), new Float64Array(0));
    expect(none).toMatchObject({ value: 4, reason: 'gradient', evaluations: 1 });
  });

  it('advances many starts together to what each finds alone', async () => {
    const starts = matrixOf([
      [-1.2, 1],
      [2, 2],
      [0, -1],
    ]);
    const alone = [0, 1, 2].map((i) => minimize(rosenbrock, rowOf(starts, i)));
    let calls = 0;
    const together = await minimizeMany(async (points, runs) => {
      calls++;
      expect(runs.length).toBe(points.rows);
      const told = runs.map((_, k) => rosenbrock(rowOf(points, k)));
      return {
        values: Float64Array.from(told, (t) => t.value),
        gradients: matrixOf(told.map((t) => t.gradient)),
      };
    }, starts);
    expect(together).toEqual(alone);
    expect(calls).toBe(Math.max(...alone.map((m) => m.evaluations)));
  });
});

const quadratic1: ValueAndGradient = ([x = 0]) => ({
  value: (x - 1) ** 2,
  gradient: Float64Array.of(2 * (x - 1)),
});
