/** Sources that are unrelated to the target, or negatively correlated with it. */
import { type Matrix, type PriorTask, rowOf, seeded } from '@foothold/core';

export type Spoiler = (sources: readonly PriorTask[]) => PriorTask[];

export const spoilers: Readonly<Record<string, Spoiler>> = {
  random: (sources) => {
    const rng = seeded('random sources');
    return sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map(() => rng.next()) } }));
  },
  constant: (sources) => sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map(() => 0.7) } })),
  negated: (sources) => sources.map((s) => ({ ...s, data: { ...s.data, y: s.data.y.map((v) => 1 - v) } })),
  /** Smooth functions that have nothing to do with the table: sums of waves, of one family. */
  unrelated: (sources) => {
    const rng = seeded('unrelated sources');
    const base = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 4 * rng.next() - 2));
    return sources.map((s) => ({ ...s, data: { ...s.data, y: waves(s.data.x, base, rng.fork(s.name)) } }));
  },
  /** The same with a family of its own a source. */
  'unrelated each': (sources) => {
    const rng = seeded('unrelated sources, each');
    return sources.map((s) => {
      const own = rng.fork(s.name);
      const base = Array.from({ length: 3 }, () => Array.from({ length: 8 }, () => 4 * own.next() - 2));
      return { ...s, data: { ...s.data, y: waves(s.data.x, base, own) } };
    });
  },
};

function waves(
  x: Matrix,
  base: readonly (readonly number[])[],
  rng: ReturnType<typeof seeded>,
): Float64Array {
  const shifts = base.map(() => rng.next());
  return Float64Array.from({ length: x.rows }, (_, i) => {
    const row = rowOf(x, i);
    const sum = base.reduce(
      (total, w, k) => total + Math.sin(row.reduce((a, v, j) => a + 2 * w[j]! * v, shifts[k]!)),
      0,
    );
    return 0.5 + sum / (2 * base.length);
  });
}
