import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { fileStorage } from './file-storage.ts';
import { readLogFile } from './read-log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-read-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readLogFile', () => {
  it('gives the events of a study and the bytes of a record that is not finished', async () => {
    const created = { type: 'created', goal: { direction: 'minimize' }, seed: 3 } as const;
    await fileStorage(folder).append('s', 0, [created]);
    const path = join(folder, 's.jsonl');
    expect(await readLogFile(path)).toEqual({ events: [created], unfinished: 0 });
    writeFileSync(path, readFileSync(path).subarray(0, 20), { flag: 'a' });
    expect(await readLogFile(path)).toEqual({ events: [created], unfinished: 20 });
  });

  it.each([
    ['that is not there', 'none.jsonl', /there is no such file/],
    ['that is a folder', '.', /a folder/],
    ['below a file', 's.jsonl/s.jsonl', /a part of this path is a file, and the studies lie in a folder/],
    ['whose name the system refuses', `${'x'.repeat(5000)}.jsonl`, /ENAMETOOLONG/],
  ])('throws StorageError for a file %s', async (_, name, message) => {
    const reading = readLogFile(join(folder, name));
    await expect(reading).rejects.toBeInstanceOf(StorageError);
    await expect(reading).rejects.toThrow(message);
  });
});
