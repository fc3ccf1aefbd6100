import { expect, it } from 'vitest';
import { calibration } from './calibration.ts';

it('90 % intervals hold 85 to 95 % of held-out values after 40 points, in the mean over twenty tasks', async () => {
  const rows: Readonly<Record<string, unknown>>[] = [];
  await calibration({ quick: true, seeds: 2, words: [], emit: (row) => rows.push(row) });
  expect(rows).toHaveLength(21);
  const { summary } = rows.at(-1) as { summary: Record<string, number> };
  expect(summary.inside90).toBeGreaterThan(0.85);
  expect(summary.inside90).toBeLessThan(0.95);
  expect(summary.inside50).toBeLessThan(0.65);
  expect(summary.inside99).toBeGreaterThan(0.93);
}, 60_000);
