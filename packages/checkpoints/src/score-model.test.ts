import { seeded } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';
import { describe, expect, it } from 'vitest';
import { beliefOf, copyOf, observe, pulledFactors } from './belief.ts';
import { columnMarginals, columnSlopes } from './column-belief.ts';
import { inverseOf, lowerFactor } from './dense.ts';
import { gaussianFilter } from './gaussian-filter.ts';
import { type ModelForm, startTheta, thetaLength, thetaPrior } from './hyperparameters.ts';
import { logLkj, taskCovariance } from './lkj.ts';
import { logPosterior, offsetVariance, solve } from './score-model.ts';
import type { ModelProblem, Solved } from './solved-model.ts';

const additive: ModelForm = { rank: 1, separable: false, smoothness: 2.5, eta: 1 };
const coregionalized: ModelForm = { rank: 2, separable: true, smoothness: 1.5, eta: 0.5 };
const forms: readonly (readonly [string, ModelForm, boolean])[] = [
  ['additive', additive, true],
  ['additive, rough', { ...additive, smoothness: 0.5 }, true],
  ['coregionalized', coregionalized, true],
  ['unordered, rank 2', { ...coregionalized, eta: 1 }, false],
];

function problemOf(form: ModelForm, ordered: boolean, noise = 0): ModelProblem {
  const rng = seeded(`${form.rank}${form.smoothness}${ordered}`);
  const R = 9;
  const distance = new Float64Array(R * R);
  for (let i = 0; i < R; i++) for (let k = 0; k < R; k++) distance[i * R + k] = Math.abs(i - k) / (R - 1);
  const columns = [4, 3, 0, 5, 1].map((n, j) => {
    const rows = [0, 1, 2, 3, 4, 5, 6, 7, 8].filter((i) => (i * 5 + j * 2) % 9 < n);
    return { rows, z: rows.map(() => standardNormal(rng)), noise: j === 1 ? noise : 0 };
  });
  return { rows: R, columns, form, ...(ordered ? { distance } : {}) };
}

function thetaOf(form: ModelForm): Float64Array {
  return startTheta(5, form).map((v, k) => v + 0.2 * Math.sin(3 * k + 1));
}

/** Prior covariance of two cells, written out from the model's equation. */
function priorCovariance(
  s: Solved,
  [i, j]: readonly [number, number],
  [k, l]: readonly [number, number],
): number {
  const R = s.problem.rows;
  const q = s.problem.form.rank;
  let c = 0;
  for (let r = 0; r < q; r++) {
    const factor = s.common[i * R + k]! + (i === k ? (r === 0 ? s.white : 0) + 1e-6 : 0);
    c += s.loadings[j * q + r]! * s.loadings[l * q + r]! * factor;
  }
  if (j === l) c += offsetVariance + s.ownVariance[j]! * s.own[i * R + k]! + (i === k ? s.nugget[j]! : 0);
  return c;
}

/** Everything by one dense covariance of all cells: evidence, posterior mean and covariance. */
function dense(s: Solved) {
  const R = s.problem.rows;
  const seen = s.problem.columns.flatMap((c, j) =>
    c.rows.map((i, a) => ({ cell: [i, j] as const, z: c.z[a]!, noise: c.noise })),
  );
  const all = Array.from({ length: R * 5 }, (_, at) => [Math.floor(at / 5), at % 5] as const);
  const n = seen.length;
  const k = new Float64Array(n * n);
  seen.forEach((a, x) => {
    seen.forEach((b, y) => {
      k[x * n + y] = priorCovariance(s, a.cell, b.cell) + (x === y ? a.noise : 0);
    });
  });
  const { inverse, logDeterminant } = inverseOf(k, n)!;
  const alpha = Float64Array.from(seen, (_, x) =>
    seen.reduce((sum, b, y) => sum + inverse[x * n + y]! * b.z, 0),
  );
  const cross = all.map((c) => seen.map((a) => priorCovariance(s, c, a.cell)));
  const mean = cross.map((c) => c.reduce((sum, v, x) => sum + v * alpha[x]!, 0));
  const covariance = all.map((c, p) =>
    all.map((d, r) => {
      let v = priorCovariance(s, c, d);
      for (let x = 0; x < n; x++)
        for (let y = 0; y < n; y++) v -= cross[p]![x]! * inverse[x * n + y]! * cross[r]![y]!;
      return v;
    }),
  );
  const quadratic = seen.reduce((sum, a, x) => sum + a.z * alpha[x]!, 0);
  return { logEvidence: -0.5 * (quadratic + logDeterminant + n * Math.log(2 * Math.PI)), mean, covariance };
}

const gap = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
};
// The offset's variance of 100 costs two digits of the sixteen, its cancellation some more.
const tight = 1e-8;

describe.each(forms)('score model, %s', (_, form, ordered) => {
  const solved = (noise = 0) => solve(problemOf(form, ordered, noise), thetaOf(form))!;

  it('has the evidence of one dense normal distribution over the observed cells', () => {
    for (const noise of [0, 0.3]) {
      const s = solved(noise);
      expect(Math.abs(s.logEvidence - dense(s).logEvidence)).toBeLessThan(tight);
    }
  });

  it('has a gradient that central differences confirm for every hyperparameter', () => {
    const problem = problemOf(form, ordered);
    const theta = thetaOf(form);
    const { gradient } = logPosterior(problem, theta);
    expect(gradient).toHaveLength(thetaLength(5, form));
    const h = 1e-5;
    gradient.forEach((g, k) => {
      const at = (d: number) =>
        logPosterior(
          problem,
          theta.map((v, i) => (i === k ? v + d : v)),
        ).value;
      expect(Math.abs(g - (at(h) - at(-h)) / (2 * h)), `entry ${k}`).toBeLessThan(
        2e-6 * Math.max(1, Math.abs(g)),
      );
    });
  });

  it.each([
    ['exact scores', 0, undefined],
    ['noise', 0.3, undefined],
    ['a filter', 0, gaussianFilter(9, 1.2)],
  ] as const)('has the cells and row means of dense conditioning, with %s', (_, noise, filter) => {
    const s = solved(noise);
    const weights = Float64Array.of(0.1, 0.3, 0.2, 0, 0.4);
    const belief = beliefOf(s, { weights, filter });
    const d = dense(s);
    for (let j = 0; j < 5; j++) {
      const { mean, variance } = columnMarginals(belief, j);
      expect(
        gap(
          mean,
          mean.map((_, i) => d.mean[i * 5 + j]!),
        ),
      ).toBeLessThan(tight);
      expect(
        gap(
          variance,
          variance.map((_, i) => d.covariance[i * 5 + j]![i * 5 + j]!),
        ),
      ).toBeLessThan(tight);
    }
    const h = filter ?? Float64Array.from({ length: 81 }, (_, at) => (at % 10 === 0 ? 1 : 0));
    // τ_i = Σ H_ix λ_j y_xj
    const combine = (i: number) =>
      Float64Array.from({ length: 45 }, (_, at) => h[i * 9 + Math.floor(at / 5)]! * weights[at % 5]!);
    for (let i = 0; i < 9; i++) {
      const a = combine(i);
      expect(Math.abs(belief.mean[i]! - a.reduce((sum, v, at) => sum + v * d.mean[at]!, 0))).toBeLessThan(
        tight,
      );
      for (let k = 0; k < 9; k++) {
        const b = combine(k);
        let c = 0;
        a.forEach((v, at) => {
          if (v !== 0)
            b.forEach((w, bt) => {
              c += v * w * d.covariance[at]![bt]!;
            });
        });
        expect(Math.abs(belief.covariance[i * 9 + k]! - c)).toBeLessThan(tight);
      }
    }
    // Slopes of all targets for every unobserved cell.
    const chosen = Int32Array.from({ length: 9 }, (_, i) => i);
    const pulled = pulledFactors(belief, chosen);
    for (let j = 0; j < 5; j++) {
      const { kappa } = columnMarginals(belief, j);
      const slopes = columnSlopes(belief, j, { chosen, pulled, kappa });
      for (let x = 0; x < 9; x++) {
        if (s.problem.columns[j]!.rows.includes(x)) continue;
        for (let i = 0; i < 9; i++) {
          const c = combine(i).reduce((sum, v, at) => sum + v * d.covariance[at]![x * 5 + j]!, 0);
          expect(Math.abs(slopes[x * 9 + i]! - c)).toBeLessThan(tight);
        }
      }
    }
  });

  it('grows cell by cell to what a rebuilt belief is', () => {
    for (const filter of [undefined, gaussianFilter(9, 1.2)]) {
      const problem = problemOf(form, ordered, 0.2);
      const target = { weights: Float64Array.of(0.1, 0.3, 0.2, 0, 0.4), filter };
      const belief = beliefOf(solve(problem, thetaOf(form))!, target);
      const untouched = copyOf(belief);
      const columns = problem.columns.map((c) => ({ ...c, rows: [...c.rows], z: [...c.z] }));
      for (const [row, column, z] of [
        [8, 2, 0.5],
        [3, 2, -1],
        [7, 4, 0.2],
        [6, 1, 1.1],
        [8, 0, 0.3],
      ] as const) {
        expect(columns[column]!.rows).not.toContain(row);
        observe(belief, { row, column }, z);
        columns[column]!.rows.push(row);
        columns[column]!.z.push(z);
      }
      const rebuilt = beliefOf(solve({ ...problem, columns }, thetaOf(form))!, target);
      expect(gap(belief.mean, rebuilt.mean)).toBeLessThan(tight);
      expect(gap(belief.covariance, rebuilt.covariance)).toBeLessThan(tight);
      expect(gap(belief.loadings, rebuilt.loadings)).toBeLessThan(tight);
      expect(gap(belief.factorMean, rebuilt.factorMean)).toBeLessThan(tight);
      for (let j = 0; j < 5; j++)
        expect(gap(columnMarginals(belief, j).variance, columnMarginals(rebuilt, j).variance)).toBeLessThan(
          tight,
        );
      // The copy shares nothing with what was changed.
      expect(gap(untouched.mean, beliefOf(solve(problem, thetaOf(form))!, target).mean)).toBe(0);
    }
  });

  it('moves no mean by a pending cell, and shrinks variances as a told one does', () => {
    const belief = beliefOf(solved(), { weights: new Float64Array(5).fill(0.2) });
    const told = copyOf(belief);
    const before = belief.mean.slice();
    observe(belief, { row: 8, column: 2 });
    observe(told, { row: 8, column: 2 }, 3);
    expect(gap(belief.mean, before)).toBe(0);
    expect(gap(belief.covariance, told.covariance)).toBe(0);
    expect(gap(told.mean, before)).toBeGreaterThan(0);
  });
});

describe('LKJ prior', () => {
  it('is flat at η = 1 and has the gradient that central differences confirm otherwise', () => {
    const rng = seeded('lkj');
    const given = {
      loadings: Float64Array.from({ length: 10 }, () => standardNormal(rng)),
      ownVariance: Float64Array.of(0.5, 1, 0.2, 2, 0.7),
      rank: 2,
    };
    expect(logLkj({ ...given, eta: 1 }).value).toBeCloseTo(0, 15);
    const { dLoadings, dOwnVariance } = logLkj({ ...given, eta: 0.25 });
    const h = 1e-6;
    dLoadings.forEach((g, k) => {
      const at = (d: number) =>
        logLkj({ ...given, loadings: given.loadings.map((v, i) => (i === k ? v + d : v)), eta: 0.25 }).value;
      expect(g).toBeCloseTo((at(h) - at(-h)) / (2 * h), 7);
    });
    dOwnVariance.forEach((g, k) => {
      const at = (d: number) =>
        logLkj({ ...given, ownVariance: given.ownVariance.map((v, i) => (i === k ? v + d : v)), eta: 0.25 })
          .value;
      expect(g).toBeCloseTo((at(h) - at(-h)) / (2 * h), 7);
    });
  });

  it('equals (η − 1)·log(1 − ρ²) for two tasks', () => {
    const given = { loadings: Float64Array.of(1, 2), ownVariance: Float64Array.of(1, 0.5), rank: 1 };
    const b = taskCovariance(given);
    const rho = b[1]! / Math.sqrt(b[0]! * b[3]!);
    expect(logLkj({ ...given, eta: 3 }).value).toBeCloseTo(2 * Math.log(1 - rho * rho), 12);
  });
});

describe('dense arithmetic', () => {
  it('rejects a matrix that is not positive definite instead of returning numbers', () => {
    expect(lowerFactor(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(inverseOf(Float64Array.of(0, 0, 0, 1), 2)).toBeUndefined();
  });

  it('has priors of one length with their hyperparameters', () => {
    for (const [, form] of forms) {
      const { mean, standardDeviation } = thetaPrior(7, form);
      expect(mean).toHaveLength(thetaLength(7, form));
      expect(standardDeviation.every((d) => d > 0)).toBe(true);
    }
  });
});
