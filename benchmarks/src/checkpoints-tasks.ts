/** The matrices of `pnpm bench checkpoints`. */
import fs from 'node:fs';
import path from 'node:path';
import { readScoreTable, syntheticScores } from '@foothold/checkpoints';
import { type Matrix, matrix } from '@foothold/core';

export interface Task {
  readonly name: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly scores: Matrix;
}

/** The real matrix, or undefined where the shared data are absent. */
export function realMatrix(): Task | undefined {
  const file = path.resolve(import.meta.dirname, '../../../shared/data/checkpoints/checkpoints-121x71.tsv');
  return fs.existsSync(file)
    ? { name: '121x71', ...readScoreTable(fs.readFileSync(file, 'utf8')) }
    : undefined;
}

/** Other shapes: parts of the real matrix, and learning curves that another process made. */
export function shapes(real: Task | undefined, quick: boolean): readonly Task[] {
  const made = (
    [
      [84, 23, 1],
      [60, 40, 2],
      [200, 12, 3],
    ] as const
  ).map(([rows, columns, seed]) => ({
    name: `synthetic-${rows}x${columns}`,
    ...syntheticScores({ rows, columns, seed }),
  }));
  if (!real) return made;
  const part = (name: string, rows: readonly number[], columns: readonly number[]): Task => ({
    name,
    rows: rows.map((i) => real.rows[i]!),
    columns: columns.map((j) => real.columns[j]!),
    scores: matrix(
      rows.length,
      columns.length,
      Float64Array.from(
        rows.flatMap((i) => columns.map((j) => real.scores.data[i * real.columns.length + j]!)),
      ),
    ),
  });
  const range = (n: number, f: (k: number) => number): number[] => Array.from({ length: n }, (_, k) => f(k));
  const parts = [
    part(
      'real-84x23',
      range(84, (k) => Math.floor((k * 121) / 84)),
      range(23, (k) => (k * 3) % 71),
    ),
    part(
      'real-60x36',
      range(60, (k) => 15 + k),
      range(36, (k) => (k * 2) % 71),
    ),
  ];
  return quick ? [parts[0]!, made[0]!] : [...parts, ...made];
}
