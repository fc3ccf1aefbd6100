import { InvalidArgumentError, type Matrix, matrix, seeded } from '@foothold/core';
import { standardNormal } from '@foothold/numerics';

export interface SyntheticScores {
  /** Steps of the checkpoints, rows. */
  readonly positions: readonly number[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Scores in [0, 1], rows × columns, complete. */
  readonly scores: Matrix;
}

export interface SyntheticOptions {
  readonly rows: number;
  readonly columns: number;
  readonly seed: number | string;
  /** Standard deviation of a score around its curve, as a share of the column's rise; 0.15. */
  readonly noise?: number | undefined;
  /** Standard deviation, likewise, that all scores of a row share; 0.05. */
  readonly rowEffect?: number | undefined;
  /** Share of a column's curve that is its own, 0 to 1; 0.4. */
  readonly own?: number | undefined;
}

/**
 * Learning curves of a model over many benchmarks, for examples and tests: each rises like 1 − exp(−step/time), then loses some
 * of it to overfitting after a point of its own, around one that all share; benchmarks differ in level, rise and noise. Throws
 * InvalidArgumentError.
 */
export function syntheticScores(options: SyntheticOptions): SyntheticScores {
  const { rows: R, columns: m, seed, noise = 0.15, rowEffect = 0.05, own = 0.4 } = options;
  for (const [name, value, least] of [
    ['rows', R, 2],
    ['columns', m, 1],
  ] as const)
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(name, value, `a whole number from ${least}`);
  const rng = seeded(seed).fork('synthetic-scores');
  const normal = (): number => standardNormal(rng);
  const curve = (): ((x: number) => number) => {
    const time = 0.08 * Math.exp(0.4 * normal());
    const peak = 0.25 + 0.35 * rng.next();
    const loss = 0.6 * rng.next() + 0.2;
    return (x) => 1 - Math.exp(-x / time) - loss * Math.max(0, x - peak) ** 1.5;
  };
  const shared = curve();
  const effect = Float64Array.from({ length: R }, () => rowEffect * normal());
  const scores = matrix(R, m);
  for (let j = 0; j < m; j++) {
    const level = 0.5 + 0.45 * rng.next();
    const rise = 0.06 * (1 - level + 0.1) * Math.exp(0.5 * normal()) * 3;
    const scatter = noise * Math.exp(0.4 * normal());
    const mine = curve();
    for (let i = 0; i < R; i++) {
      const x = i / (R - 1);
      const value = (1 - own) * shared(x) + own * mine(x) + effect[i]! + scatter * normal();
      scores.data[i * m + j] = Math.min(1, Math.max(0, level + rise * (value - 1)));
    }
  }
  const positions = Array.from({ length: R }, (_, i) => 100 * (i + 1));
  return {
    positions,
    rows: positions.map((p) => `checkpoint-${p}`),
    columns: Array.from({ length: m }, (_, j) => `task-${j + 1}`),
    scores,
  };
}
