import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { sqliteStorage } from './sqlite-storage.ts';

it('goes on where what it needs of Node could not be loaded at first', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-sqlite-load-'));
  try {
    vi.doMock('node:zlib', () => {
      throw new TypeError('not there');
    });
    const storage = sqliteStorage(join(folder, 'studies.db'));
    await expect(storage.studies!()).rejects.toThrow();
    vi.doUnmock('node:zlib');
    expect(await storage.studies!()).toEqual([]);
  } finally {
    vi.doUnmock('node:zlib');
    rmSync(folder, { recursive: true, force: true });
  }
});
