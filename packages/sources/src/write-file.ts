import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StorageError } from '@foothold/core';

/**
 * Writes a text file whole or not at all; a link of that name is replaced and not followed. Throws StorageError where it cannot be
 * written, or is there and `replaces` is false, or is there and no file (`isReplaceable`).
 */
export function writeTextFile(
  file: string,
  text: string,
  { replaces = true }: { readonly replaces?: boolean } = {},
): Promise<void> {
  return writtenWhole(file, replaces, (path) => writeFileSync(path, text, { flag: 'wx' }));
}

/**
 * Writes a file by way of a new neighbour, whose path `write` gets, so that no half of it is ever there. Throws
 * StorageError where it is there and not to be replaced, is there and no file (`isReplaceable`), or cannot be written.
 */
export async function writtenWhole(
  file: string,
  replaces: boolean,
  write: (path: string) => void | Promise<void>,
): Promise<void> {
  const path = resolve(file);
  if (!isReplaceable(path))
    throw new StorageError(`${file} could not be written: it is there and is no file; choose another one`);
  const partial = join(dirname(path), `.${randomUUID()}.partial`);
  try {
    await write(partial);
    if (replaces) renameSync(partial, path);
    else linkSync(partial, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new StorageError(
      code === 'EEXIST'
        ? `${file} is there already: choose another file`
        : `${file} could not be written (${message})`,
      { cause: error },
    );
  } finally {
    rmSync(partial, { force: true });
    rmSync(`${partial}-journal`, { force: true });
  }
}

/**
 * Whether a file may take the place of what has this name: of nothing, a file, or a link to either. Not of a folder, a pipe or a device, and
 * not of a link to one: a process that may write in `/dev` would put a file where `/dev/null` or `/dev/stdout` is, also where standard output is
 * a file.
 */
export function isReplaceable(file: string): boolean {
  const path = resolve(file);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there?.isSymbolicLink()) return there === undefined || there.isFile();
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return false;
  for (let at = path; lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink(); ) {
    if (isOpenFile(at)) return false;
    at = resolve(dirname(at), readlinkSync(at));
  }
  return true;
}

/** Whether this is the system's name of what a process has open, or a link to such a name. */
function isOpenFile(path: string): boolean {
  return /^\/proc\/.*\/fd\/[^/]+$|^\/dev\/(fd\/[^/]+|std(in|out|err))$/.test(path);
}
