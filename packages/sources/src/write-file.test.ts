import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { isReplaceable, writeTextFile } from './write-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-write-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe('a file that is written whole', () => {
  it('takes the place of nothing, of a file, and of a link to either, which is not followed', async () => {
    writeFileSync(at('target'), 'target');
    symlinkSync(at('target'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    for (const name of ['new', 'new', 'link', 'dangling']) {
      await writeTextFile(at(name), name);
      expect(readFileSync(at(name), 'utf8')).toBe(name);
    }
    expect(readFileSync(at('target'), 'utf8')).toBe('target');
    expect(readdirSync(folder).sort()).toEqual(['dangling', 'link', 'new', 'target']);
  });
  it.skipIf(process.platform === 'win32')(
    'takes no place of a device, a pipe or a folder, nor of a link to one',
    async () => {
      mkdirSync(at('folder'));
      symlinkSync(at('folder'), at('to-folder'));
      symlinkSync('/dev/null', at('to-null'));
      symlinkSync('/proc/self/fd/1', at('to-output'));
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
      for (const name of ['folder', 'to-folder', 'to-null', 'to-output', 'socket']) {
        await expect(writeTextFile(at(name), 'text')).rejects.toThrow(StorageError);
        await expect(writeTextFile(at(name), 'text')).rejects.toThrow('it is there and is no file');
      }
      server.close();
      // Not written to: whoever runs this may be root.
      expect(['/dev/null', '/dev/stdout'].map(isReplaceable)).toEqual([false, false]);
    },
  );
  it.skipIf(!existsSync('/proc/self/fd') || !existsSync('/dev/shm'))(
    'takes the place of a link to a file in /dev, and not of a link to an open one',
    () => {
      const shared = mkdtempSync('/dev/shm/foothold-write-');
      const file = openSync(at('redirected'), 'w');
      try {
        writeFileSync(join(shared, 'file'), 'text');
        mkdirSync(join(shared, 'folder'));
        symlinkSync(join(shared, 'file'), at('to-shared'));
        symlinkSync(join(shared, 'none'), at('to-none-shared'));
        symlinkSync(join(shared, 'folder'), at('to-shared-folder'));
        symlinkSync(`/proc/self/fd/${file}`, at('to-open'));
        symlinkSync(`/dev/fd/${file}`, at('to-open-by-dev'));
        symlinkSync('to-open', at('to-link-to-open'));
        const replaceable = [
          'to-shared',
          'to-none-shared',
          'to-shared-folder',
          'to-open',
          'to-open-by-dev',
          'to-link-to-open',
        ];
        expect(replaceable.filter((name) => isReplaceable(at(name)))).toEqual([
          'to-shared',
          'to-none-shared',
        ]);
        expect(isReplaceable(`/proc/self/fd/${file}`)).toBe(false);
      } finally {
        closeSync(file);
        rmSync(shared, { recursive: true });
      }
    },
  );
});
