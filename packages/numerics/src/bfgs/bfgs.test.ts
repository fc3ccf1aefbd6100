import { ShapeError, seeded } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { quadratic, rosenbrock } from '../climbed-functions.fixture.ts';
import type { ValueAndGradient } from '../lbfgsb/minimize.ts';
import { bfgs } from './bfgs.ts';

const filled = (n: number, value: number) => new Float64Array(n).fill(value);
const minimum = (
  f: ValueAndGradient,
  problem: Parameters<typeof bfgs>[0],
  options?: Parameters<typeof bfgs>[1],
) => {
  const run = bfgs(problem, options);
  while (run.point) {
    const { value, gradient } = f(run.point);
    run.tell(value, gradient);
  }
  return { ...run.minimum!, inverseHessian: run.inverseHessian };
};

describe('BFGS inside bounds', () => {
  // Minima in the boxes as SciPy's L-BFGS-B gives them (scripts/lbfgsb_reference.py).
  it.each([
    ['rosenbrock 2', rosenbrock, { start: Float64Array.of(-1.2, 1) }, 50, 0],
    ['rosenbrock 10', rosenbrock, { start: filled(10, -1.2) }, 110, 0],
    [
      'rosenbrock 10 in [-2, 0.8]',
      rosenbrock,
      { start: filled(10, -1.2), lower: filled(10, -2), upper: filled(10, 0.8) },
      80,
      6.001016394,
    ],
    [
      'rosenbrock 25 in [1.5, 100]',
      rosenbrock,
      { start: filled(25, 3), lower: filled(25, 1.5), upper: filled(25, 100) },
      60,
      1199.228937212,
    ],
    ['quadratic 20', quadratic, { start: filled(20, 2) }, 150, 0],
    [
      'quadratic 20 in [0.25, 0.75]',
      quadratic,
      { start: filled(20, 0.75), lower: filled(20, 0.25), upper: filled(20, 0.75) },
      60,
      291.289510984,
    ],
  ])('reaches the minimum of %s', (_, f, problem, most, value) => {
    const found = minimum(f, problem);
    expect(found.evaluations).toBeLessThanOrEqual(most);
    expect(Math.abs(found.value - value)).toBeLessThan(2e-6 * Math.max(1, value));
  });

  it('needs one step where it is told the inverse Hessian', () => {
    const n = 6;
    const known = new Float64Array(n * n);
    for (let i = 0; i < n; i++) known[i * n + i] = 10 ** ((-4 * i) / (n - 1));
    const found = minimum(quadratic, { start: filled(n, 3) }, { inverseHessian: known });
    expect(found.evaluations).toBe(2);
    expect(found.value).toBeLessThan(1e-20);
    expect(() => bfgs({ start: filled(2, 0) }, { inverseHessian: known })).toThrow(ShapeError);
  });

  it('ends with about the inverse Hessian of a quadratic', () => {
    const n = 4;
    const options = { gradientTolerance: 1e-10, valueTolerance: 0 };
    const { inverseHessian } = minimum(quadratic, { start: filled(n, 2) }, options);
    for (let i = 0; i < n; i++)
      expect(Math.abs(inverseHessian![i * n + i]! * 10 ** ((4 * i) / (n - 1)) - 1)).toBeLessThan(0.1);
    const fresh = bfgs({ start: filled(n, 2) });
    expect(fresh.inverseHessian).toBeUndefined();
  });

  it('satisfies the optimality conditions of random bounded quadratics, and stays inside', () => {
    const rng = seeded(4);
    for (let round = 0; round < 40; round++) {
      const n = 1 + Math.floor(rng.next() * 10);
      const a = Float64Array.from({ length: n * n }, () => rng.next() - 0.5);
      const c = Float64Array.from({ length: n }, () => 4 * rng.next() - 2);
      // ½|A(x − c)|² + 0.05|x − c|²
      const f: ValueAndGradient = (x) => {
        const d = x.map((u, i) => u - c[i]!);
        const ad = d.map((_, i) => d.reduce((sum, u, j) => sum + a[i * n + j]! * u, 0));
        const gradient = d.map((u, j) => 0.1 * u + ad.reduce((sum, w, i) => sum + w * a[i * n + j]!, 0));
        const square = (v: Float64Array) => v.reduce((sum, u) => sum + u * u, 0);
        expect(x.every((u) => u >= -1 && u <= 1)).toBe(true);
        return { value: 0.5 * square(ad) + 0.05 * square(d), gradient };
      };
      const box = { lower: filled(n, -1), upper: filled(n, 1) };
      const found = minimum(
        f,
        { start: filled(n, 0), ...box },
        { valueTolerance: 0, gradientTolerance: 1e-7 },
      );
      found.gradient.forEach((g, i) => {
        if (found.point[i]! >= 1) expect(g).toBeLessThan(1e-6);
        else if (found.point[i]! <= -1) expect(g).toBeGreaterThan(-1e-6);
        else expect(Math.abs(g)).toBeLessThan(1e-6);
      });
    }
  });

  it('backs off from values that are not finite, and says why it ended', () => {
    // x − 30·log x, NaN for x ≤ 0: the first step overshoots.
    const barrier: ValueAndGradient = ([x = 0]) => ({
      value: x - 30 * Math.log(x),
      gradient: Float64Array.of(1 - 30 / x),
    });
    expect(minimum(barrier, { start: Float64Array.of(700) }, { firstStep: 1e4 }).point[0]).toBeCloseTo(30, 2);
    const nan: ValueAndGradient = () => ({ value: Number.NaN, gradient: Float64Array.of(0) });
    expect(minimum(nan, { start: Float64Array.of(1) })).toMatchObject({
      reason: 'start-not-finite',
      evaluations: 1,
    });
    const wrong: ValueAndGradient = ([x = 0]) => ({ value: x * x, gradient: Float64Array.of(-2 * x) });
    expect(minimum(wrong, { start: Float64Array.of(3) })).toMatchObject({ reason: 'line-search', value: 9 });
    const cut = minimum(rosenbrock, { start: filled(10, -1.2) }, { maxEvaluations: 20 });
    expect(cut).toMatchObject({ reason: 'max-evaluations', evaluations: 20 });
    expect(rosenbrock(cut.point).value).toBe(cut.value);
  });

  it('keeps coordinates whose bounds meet', () => {
    const problem = {
      start: Float64Array.of(7, -7),
      lower: Float64Array.of(-0.5, 0.2),
      upper: Float64Array.of(0.5, 0.2),
    };
    const [a, b] = minimum(rosenbrock, problem).point;
    expect(b).toBe(0.2);
    // On the line b = 0.2 the slope is 400a³ − 78a − 2.
    expect(Math.abs(400 * a! ** 3 - 78 * a! - 2)).toBeLessThan(1e-3);
  });
});
