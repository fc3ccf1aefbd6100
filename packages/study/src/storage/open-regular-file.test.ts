import * as realFs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@foothold/core';
import { afterAll, describe, expect, it } from 'vitest';
import { openRegularFile, regularFile } from './open-regular-file.ts';

const folder = realFs.mkdtempSync(join(tmpdir(), 'foothold-regular-'));
afterAll(() => realFs.rmSync(folder, { recursive: true }));

/** The file system in which another process makes the file right after the first call of `name`, which did not find it. */
function madeAfter(name: 'statSync' | 'openSync', path: string): typeof realFs {
  let isMade = false;
  const { [name]: first } = { ...realFs };
  const call = (...of: readonly unknown[]) => {
    try {
      return (first as (...of: readonly unknown[]) => unknown)(...of);
    } finally {
      if (!isMade) realFs.writeFileSync(path, 'begun');
      isMade = true;
    }
  };
  return { ...realFs, [name]: call };
}

describe('a file that another process makes between two looks', () => {
  it('is found, and is not taken for something else', () => {
    const path = join(folder, 'found');
    expect(regularFile(madeAfter('statSync', path), path)).toMatchObject({ size: 5 });
  });

  it('is opened', () => {
    const path = join(folder, 'opened');
    const file = openRegularFile(madeAfter('openSync', path), path);
    expect(realFs.readFileSync(file!, 'utf8')).toBe('begun');
    realFs.closeSync(file!);
  });
});

it('nothing is there, or what is there is no file: a folder, a link to nothing, a link to itself', () => {
  const none = join(folder, 'none');
  expect([regularFile(realFs, none), openRegularFile(realFs, none)]).toEqual([undefined, undefined]);
  const toNothing = join(folder, 'to-nothing');
  realFs.symlinkSync(none, toNothing);
  const toItself = join(folder, 'to-itself');
  realFs.symlinkSync(toItself, toItself);
  for (const [path, what] of [
    [folder, 'a folder'],
    [toNothing, 'a link to something that cannot be opened'],
    [toItself, 'a link to something that cannot be opened'],
  ] as const)
    for (const look of [regularFile, openRegularFile]) {
      expect(() => look(realFs, path)).toThrow(StorageError);
      expect(() => look(realFs, path)).toThrow(`${path} is ${what}, allowed is a regular file`);
    }
});
