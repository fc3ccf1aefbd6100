import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, Trial } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn } from './command.fixture.ts';
import { outlierNotes } from './outlier-notes.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-outliers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const foothold = commandIn(folder);

describe('outliers', () => {
  it('are said once a figure, whatever the log has', () => {
    const notes = outlierNotes();
    const at = (outliers?: Json) =>
      notes({ why: outliers === undefined ? {} : { outliers } } as unknown as Trial);
    expect(at()).toEqual([]);
    expect(at(['value: 1 trial far above 3 counts as failed'])).toHaveLength(1);
    expect(at(['value: 2 trials far above 3 count as failed', 'size: 1 trial …'])).toEqual([
      'size: 1 trial …',
    ]);
    expect(at('no list')).toEqual([]);
    expect(at([null, 3])).toEqual([]);
  });

  it('are named by tune while it runs, and by its report', { timeout: 60_000 }, async () => {
    writeFileSync(
      join(folder, 'train.cjs'),
      `const x = Number(process.argv[2]); console.log(x > 0.6 ? 1e6 : (x - 0.3) ** 2);`,
    );
    const { code, err } = await foothold([
      ...['tune', '--space', '{"x":{"type":"real","low":0,"high":1}}', '--trials', '14', '--seed', '1'],
      ...['--run', `${process.execPath} train.cjs {x}`, '--report', 'r.html'],
    ]);
    expect(code, err).toBe(0);
    expect(err.match(/outliers: value: \d+ trials? far above [\d.]+ counts? as failed/g)).toHaveLength(1);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toMatch(
      /<p>Outliers as the model treats them: value: \d+ trials? far above [\d.]+ counts? as failed\.<\/p>/,
    );
  });
});
