import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudyEvent } from '@foothold/core';
import { afterAll, expect, it } from 'vitest';
import { fileStorage } from '../index.ts';
import { nodeFiles } from './node-files.ts';
import { openLog, refreshed } from './open-log.ts';
import { readPart } from './read-part.ts';

const directory = mkdtempSync(join(tmpdir(), 'foothold-parts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('reads a record once, however many parts of it are asked for in turn', async () => {
  const storage = fileStorage(directory);
  const all: StudyEvent[] = [];
  const append = async (count: number) => {
    const events = Array.from({ length: count }, (_, k) => ({
      type: 'enqueued' as const,
      params: { x: all.length + k },
    }));
    await storage.append('s', all.length, events);
    all.push(...events);
  };
  for (const count of [2, 3000, 5]) await append(count);
  const { fs, ...others } = await nodeFiles();
  let reads = 0;
  const counted = {
    ...fs,
    readSync: ((...args: Parameters<typeof fs.readSync>) => {
      reads++;
      return fs.readSync(...args);
    }) as typeof fs.readSync,
  };
  const open = openLog({ ...others, fs: counted, directory, onTorn: undefined }, 's');
  refreshed(open, true);
  open.unread = [];
  reads = 0;
  for (let from = 2; from < 3000; from += 100)
    expect(readPart(open, from, 100)).toEqual(all.slice(from, from + 100));
  expect(reads).toBeLessThan(4);
  // Across the end of the record, and what came since.
  await append(4);
  refreshed(open, false);
  for (const [from, limit] of [
    [2950, 40],
    [2990, 40],
    [0, 2000],
    [2000, 1002],
    [3002, 20],
  ] as const)
    expect(readPart(open, from, limit)).toEqual(all.slice(from, from + limit));
});
