import {
  type AcquisitionOptimizer,
  type AcquisitionProblem,
  type Column,
  levelOf,
  matrix,
  matrixOf,
  OptimizationError,
  positionOf,
  rowOf,
  type Score,
  seeded,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';

const columns: readonly Column[] = [
  { kind: 'continuous', name: 'x' },
  { kind: 'continuous', name: 'y' },
  { kind: 'ordinal', name: 'k', levels: 7 },
  { kind: 'categorical', name: 'c', levels: 3 },
];
const top = [0.62, 0.21, positionOf(columns[2]!, 4), positionOf(columns[3]!, 1)];

/** 0 at the top, falling with the distance; its gradient in the continuous columns where that is wanted. */
const bowl =
  (hasGradient: boolean): Score =>
  async (x, { gradient: wanted = true } = {}) => {
    const value = new Float64Array(x.rows);
    const gradient = matrix(x.rows, 4);
    for (let i = 0; i < x.rows; i++)
      for (let j = 0; j < 4; j++) {
        const gap = rowOf(x, i)[j]! - top[j]!;
        value[i]! -= j === 3 ? Number(gap !== 0) : gap * gap;
        if (j < 2) gradient.data[i * 4 + j] = -2 * gap;
      }
    return hasGradient && wanted ? { value, gradient } : { value };
  };

const onGrid = (point: Float64Array) =>
  point.map((u, j) =>
    columns[j]!.kind === 'continuous'
      ? Math.min(Math.max(u, 0), 1)
      : positionOf(columns[j]!, levelOf(columns[j]!, u)),
  );
const problem = (more: Partial<AcquisitionProblem> = {}): AcquisitionProblem => ({
  columns,
  incumbents: matrixOf([onGrid(Float64Array.of(0.3, 0.5, 0.5, 0.5))]),
  rng: seeded(2),
  repair: onGrid,
  ...more,
});

/** What every AcquisitionOptimizer must do. One line in an optimizer's test file. */
export function describeAcquisitionOptimizer(name: string, open: () => AcquisitionOptimizer): void {
  const maximize = async (score: Score, more: Partial<AcquisitionProblem> = {}) =>
    open().maximize(score, problem(more));

  describe(`${name} is an AcquisitionOptimizer`, () => {
    it.each([
      ['with a gradient', true, 1e-3],
      ['without a gradient', false, 0.15],
    ])('comes near the largest score %s', async (_, hasGradient, distance) => {
      const point = await maximize(bowl(hasGradient));
      expect(Math.hypot(point[0]! - top[0]!, point[1]! - top[1]!)).toBeLessThan(distance);
      expect([point[2], point[3]]).toEqual([top[2], top[3]]);
    });

    it('gives a point of the cube, on the grid, and the same for the same stream', async () => {
      for (const incumbents of [problem().incumbents, matrix(0, 4)]) {
        const point = await maximize(bowl(true), { incumbents });
        expect(point).toEqual(onGrid(point));
        expect(await maximize(bowl(true), { incumbents })).toEqual(point);
      }
    });

    it('gives only what repair allows, and keeps fixed coordinates', async () => {
      const taken = (point: Float64Array) => point[0]! > 0.5;
      const repair = (point: Float64Array) => {
        const near = onGrid(point);
        near[1] = 0.75;
        return taken(near) ? undefined : near;
      };
      const point = await maximize(bowl(true), { repair, fixed: Uint8Array.of(0, 1, 0, 0) });
      expect(taken(point)).toBe(false);
      expect(point[1]).toBe(0.75);
    });

    it('stays in the region in the continuous columns', async () => {
      const region = { lower: Float64Array.of(0, 0.4, 0, 0), upper: Float64Array.of(0.3, 0.9, 1, 1) };
      const [x, y] = await maximize(bowl(true), { region, incumbents: matrix(0, 4) });
      expect(x).toBeLessThanOrEqual(0.3);
      expect(y).toBeGreaterThanOrEqual(0.4);
    });

    it('survives a score that is NaN for some points, or everywhere the same', async () => {
      const holes: Score = async (x) => {
        const { value } = await bowl(false)(x);
        return { value: value.map((v, i) => (rowOf(x, i)[0]! < 0.5 ? Number.NaN : v)) };
      };
      const flat: Score = async (x) => ({ value: new Float64Array(x.rows), gradient: matrix(x.rows, 4) });
      expect((await maximize(holes))[0]).toBeGreaterThanOrEqual(0.5);
      const point = await maximize(flat);
      expect(point).toEqual(onGrid(point));
    });

    it('refuses with a typed error where no point may be evaluated', async () => {
      await expect(maximize(bowl(true), { repair: () => undefined })).rejects.toThrow(OptimizationError);
    });
  });
}
