import { expect, it } from 'vitest';
import { nasty } from './nasty.ts';

it('160 nasty histories: no exception, nothing invalid, no duplicate, in any sampler', async () => {
  const rows: Readonly<Record<string, unknown>>[] = [];
  await nasty({ quick: true, seeds: 160, words: [], emit: (row) => rows.push(row) });
  expect(rows.filter((row) => 'fault' in row)).toEqual([]);
  const { summary } = rows.at(-1) as { summary: Record<string, number> };
  expect(summary).toMatchObject({ generated: 160, exceptions: 0, invalid: 0, duplicates: 0 });
  expect(summary.suggestions).toBeGreaterThan(1000);
  for (const row of rows) if ('histories' in row) expect(row.histories).toBeGreaterThan(8);
}, 60_000);
