import { matrix, NotPositiveDefiniteError, ShapeError } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { safeCholesky } from './safe-cholesky.ts';
import { withJitter } from './with-jitter.ts';

/** [1 1; 1 1 − gap]: indefinite by about gap/2. */
const indefinite = (gap: number) => matrix(2, 2, Float64Array.of(1, 1, 1, 1 - gap));

describe('safeCholesky', () => {
  it('takes no jitter where the matrix is positive definite', async () => {
    const a = matrix(2, 2, Float64Array.of(4, 2, 2, 3));
    expect((await safeCholesky(cpu, a, [0, 1])).data).toEqual(cpu.cholesky(a).data);
  });

  it('takes the smallest jitter that suffices, and leaves the matrix as it is', async () => {
    const a = indefinite(1e-3);
    const factor = await safeCholesky(cpu, a, [0, 1e-4, 1e-2, 1]);
    expect(factor.data[0]).toBe(Math.sqrt(1 + 1e-2));
    expect(a).toEqual(indefinite(1e-3));
  });

  it('throws where no jitter suffices', async () => {
    await expect(safeCholesky(cpu, indefinite(10), [0, 1e-3])).rejects.toThrow(NotPositiveDefiniteError);
  });
});

describe('withJitter', () => {
  it('tells the jitter, and throws errors of another kind at once', async () => {
    const from = (limit: number) => async (jitter: number) => {
      if (jitter < limit) throw new NotPositiveDefiniteError(0, jitter - limit);
      return jitter * 2;
    };
    expect(await withJitter([0, 1, 2, 3], from(2))).toEqual({ result: 4, jitter: 2 });
    await expect(withJitter([0, 1], from(2))).rejects.toThrow('pivot 0 is -1');
    const broken = () => Promise.reject(new ShapeError('not a matrix'));
    await expect(withJitter([0, 1], broken)).rejects.toThrow(ShapeError);
  });
});
