import { describe, expect, it } from 'vitest';
import { rosenbrock } from '../climbed-functions.fixture.ts';
import { lbfgsb } from '../lbfgsb/lbfgsb.ts';
import type { Lbfgsb } from '../lbfgsb/stepper.ts';
import { bfgs } from './bfgs.ts';
import { quasiNewton } from './quasi-newton.ts';

const problem = { start: new Float64Array(6).fill(-1.2), upper: new Float64Array(6).fill(2) };
const options = { maxEvaluations: 40, firstStep: 0.1 };

/** The points that a run asks for. */
function points(run: Lbfgsb): readonly Float64Array[] {
  const asked: Float64Array[] = [];
  while (run.point) {
    asked.push(run.point.slice());
    const { value, gradient } = rosenbrock(run.point);
    run.tell(value, gradient);
  }
  return asked;
}

describe('quasiNewton', () => {
  it('is BFGS up to the limit, to the bit, with its inverse Hessian', async () => {
    const run = await quasiNewton(problem, { ...options, maxDense: 6 });
    const same = bfgs(problem, options);
    expect(points(run)).toEqual(points(same));
    expect(run.inverseHessian).toEqual(same.inverseHessian);
    expect(run.inverseHessian).toHaveLength(36);
  });
  it('is L-BFGS-B beyond it, to the bit, without one', async () => {
    const run = await quasiNewton(problem, { ...options, maxDense: 5 });
    expect(points(run)).toEqual(points(lbfgsb(problem, options)));
    expect(run.inverseHessian).toBeUndefined();
  });
});
