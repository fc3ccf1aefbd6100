import { type Column, type Dataset, matrix, type PriorTask, seeded } from '@foothold/core';
import { expect, it } from 'vitest';
import { gaussianProcess } from '../../models/gaussian-process.ts';
import { autoTransfer } from '../methods/auto-transfer.ts';

const columns: Column[] = ['a', 'b', 'c'].map((name) => ({ kind: 'continuous', name }));
const plain = gaussianProcess({ columns });

/** A wave along each column, with a shift of the task's own. */
function task(name: string, rows: number, sign: number): Dataset {
  const rng = seeded(name);
  const shift = columns.map(() => 0.1 * rng.next());
  const x = matrix(rows, columns.length);
  for (let i = 0; i < x.data.length; i++) x.data[i] = rng.next();
  const y = Float64Array.from({ length: rows }, (_, i) =>
    shift.reduce((sum, s, j) => sum + sign * Math.sin((3 + j) * (x.data[columns.length * i + j]! + s)), 0),
  );
  return { x, y };
}

/** Posterior weight of the hypotheses whose names begin so, after `rows` values of a task. */
async function weightOf(begins: string, { rows, sign }: { rows: number; sign: number }) {
  const sources = Array.from(
    { length: 8 },
    (_, k): PriorTask => ({ name: `s${k}`, data: task(`source ${k}`, 60, sign) }),
  );
  const { why } = await autoTransfer(sources, { plain, columns }).fit(task('new', rows, 1), {
    rng: seeded(0),
  });
  const { hypotheses } = (why as unknown as { transfer: { hypotheses: Record<string, number> } }).transfer;
  return Object.entries(hypotheses).reduce((sum, [name, w]) => (name.startsWith(begins) ? sum + w : sum), 0);
}

it('gives the negative of the sources a prior weight by how many there are, out of that of tasks that are unlike them', async () => {
  // Eight that agree: 2·(0 + 1)/(8 + 2) of the tasks are unlike them, and 1/(8 + 2) their negative.
  expect(await weightOf('negated', { rows: 0, sign: 1 })).toBeCloseTo(0.1, 10);
  expect(await weightOf('no sources', { rows: 0, sign: 1 })).toBeCloseTo(0.1, 10);
});

it('finds by few values that the sources are the negative of the task', async () => {
  expect(await weightOf('negated', { rows: 6, sign: -1 })).toBeGreaterThan(0.5);
  expect(await weightOf('negated', { rows: 6, sign: 1 })).toBeLessThan(0.01);
});
