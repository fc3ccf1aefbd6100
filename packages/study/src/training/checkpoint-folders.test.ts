import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidArgumentError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { checkpointFolders } from './checkpoint-folders.ts';

const directory = mkdtempSync(join(tmpdir(), 'foothold-checkpoints-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fidelity = { name: 'epochs' };
const params = { lr: 0.1 };
const first = { configuration: 0, from: 0, to: 8 };
const opened = (study: string) => checkpointFolders(directory, { study, fidelity });
const written = (folder: { readonly path: string }, text: string) =>
  writeFileSync(join(folder.path, 'model'), text);
const model = (...path: string[]) => readFileSync(join(directory, ...path, 'model'), 'utf8');

describe('folders of checkpoints', () => {
  it('keep what another worker completed where a worker that has lost the piece comes late', async () => {
    const folders = await opened('late');
    const lost = await folders.prepared(first, params);
    written(lost, 'lost');
    const other = await folders.prepared(first, params);
    written(other, 'other');
    await other.keep();
    await expect(lost.keep()).rejects.toThrow(InvalidArgumentError);
    await expect(lost.keep()).rejects.toThrow('another attempt at this piece was kept first');
    expect(model('late', '0', 'epochs-8')).toBe('other');
    expect((await folders.prepared({ ...first, from: 8, to: 16 }, params)).path).toContain('epochs-16.1');
  });
  it('leave the attempt of the worker that has taken a piece over, and replace what was kept before', async () => {
    const folders = await opened('taken-over');
    const lost = await folders.prepared(first, params);
    written(lost, 'lost');
    const other = await folders.prepared(first, params);
    await lost.keep();
    written(other, 'other');
    await other.keep();
    expect(readdirSync(join(directory, 'taken-over', '0')).sort()).toEqual([
      'configuration.json',
      'epochs-8',
    ]);
    expect(model('taken-over', '0', 'epochs-8')).toBe('other');
  });
  it('are no folders of another study of that name', async () => {
    const [one, two] = [await opened('shared'), await opened('shared')];
    await one.prepared(first, params);
    await expect(two.prepared(first, { lr: 0.2 })).rejects.toThrow(
      /shared.0.*allowed is that of \{"lr":0.2\}/,
    );
    await one.prepared(first, params);
    await expect(
      checkpointFolders(directory, { study: 'shared', fidelity, isBegun: () => false }),
    ).rejects.toThrow('an empty one for a new study');
  });
  it.skipIf(process.platform === 'win32')('go on without the sockets that a program has left', async () => {
    const folders = await opened('socket');
    const before = await folders.prepared(first, params);
    written(before, 'trained');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(before.path, 's'), resolve));
    await before.keep();
    const next = await folders.prepared({ ...first, from: 8, to: 16 }, params);
    expect(readdirSync(next.path)).toEqual(['model']);
    server.close();
  });
});
