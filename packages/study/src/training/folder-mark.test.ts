import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointFolders } from './checkpoint-folders.ts';
import { folderMark } from './folder-mark.ts';

const directory = mkdtempSync(join(tmpdir(), 'foothold-folder-mark-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the mark of a folder of checkpoints', () => {
  it('is the first one, for all who share the folder', async () => {
    mkdirSync(join(directory, 'shared'));
    const marks = await Promise.all([0, 1, 2].map(() => folderMark(directory, 'shared')));
    expect(await marks[0]!.read()).toBeUndefined();
    const made = await Promise.all(marks.map(({ made: make }, k) => make(`mark-${k}`)));
    expect(new Set(made).size).toBe(1);
    expect(await marks[2]!.read()).toBe(made[0]);
    expect(marks[0]!.folder).toBe(join(directory, 'shared'));
  });
  it('is made again where its writer was killed before it wrote', async () => {
    mkdirSync(join(directory, 'killed'));
    writeFileSync(join(directory, 'killed', 'folder-id'), '');
    const mark = await folderMark(directory, 'killed');
    expect([await mark.read(), await mark.made('second'), await mark.read()]).toEqual([
      undefined,
      'second',
      'second',
    ]);
  });
  it('is no checkpoint: a new study may begin beside it', async () => {
    mkdirSync(join(directory, 'new'));
    await (await folderMark(directory, 'new')).made('id');
    const of = { study: 'new', fidelity: { name: 'epochs' }, isBegun: () => false };
    await checkpointFolders(directory, of);
    mkdirSync(join(directory, 'new', '0'));
    await expect(checkpointFolders(directory, of)).rejects.toThrow('an empty one for a new study');
  });
  it('cannot be where there is no folder', async () => {
    const mark = await folderMark(directory, 'none');
    expect(await mark.read()).toBeUndefined();
    await expect(mark.made('id')).rejects.toThrow(InvalidArgumentError);
  });
});
