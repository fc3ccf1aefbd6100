import type { Sampler } from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { createStudy, type LocalStudy, type StudyOptions } from './index.ts';

export const space = searchSpace({ x: uniform(-1, 1), n: integer(0, 9), c: categorical('a', 'b') });
export type P = { readonly x: number; readonly n: number; readonly c: 'a' | 'b' };

/** Uniform points that also depend on how the history looks, so that a wrong prefix shows. */
export const sampler: Sampler = {
  name: 'fixture',
  supports: ['fixed', 'conditional', 'outcome-constraints', 'several-objectives', 'cost', 'continuous'],
  sample: ({ space: of, trials, count, rng, fixed }) => {
    const shift = trials.reduce((sum, t) => sum + (t.state === 'complete' ? Math.abs(t.value) : 0.1), 0);
    return Array.from({ length: count }, () => {
      const point = Float64Array.from(of.columns, () => (rng.next() + shift) % 1);
      return { params: { ...of.decode(point), ...fixed }, why: { shift } };
    });
  },
};

export const objective = ({ x, n, c }: P) => x * x + n / 10 + (c === 'a' ? 1 : 0);

/** A study of the fixture with seed 7. */
export const open = (more: Partial<StudyOptions<P>> = {}): LocalStudy<P> =>
  createStudy<P>({ space, sampler, direction: 'minimize', seed: 7, ...more });
