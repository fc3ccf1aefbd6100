import { StorageError } from '@foothold/core';
import type { NodeFiles } from './node-files.ts';

type Fs = NodeFiles['fs'];
export type FileFacts = import('node:fs').Stats;

/**
 * What is known of the file at this path; undefined where there is none. Throws StorageError for what is there and is
 * not a file: a folder, a FIFO, a device, a link to nothing.
 */
export function regularFile(fs: Fs, path: string): FileFacts | undefined {
  let facts: FileFacts | undefined;
  try {
    facts = fs.statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
  }
  if (facts?.isFile()) return facts;
  const there = facts ?? fs.lstatSync(path, { throwIfNoEntry: false });
  // One that was not there at the first look was made just now.
  if (there !== undefined && !there.isFile()) throw notFile(path, there);
  return there;
}

/**
 * The descriptor of the opened file: to be read, or to be appended to and read, and made for that where `make` says so. Undefined
 * where there is none. Throws StorageError, at once, for what is there and is not a file.
 */
export function openRegularFile(
  fs: Fs,
  path: string,
  { append = false, make = false }: { readonly append?: boolean; readonly make?: boolean } = {},
): number | undefined {
  const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = fs.constants;
  // Without O_NONBLOCK, opening a FIFO waits for its other end.
  const flags = O_NONBLOCK | (append ? O_RDWR | O_APPEND : O_RDONLY) | (make ? O_CREAT : 0);
  let file: number;
  try {
    file = fs.openSync(path, flags, 0o666);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const there = code === 'EACCES' ? undefined : fs.lstatSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) throw notFile(path, there);
    if (code !== 'ENOENT') throw error;
    if (there !== undefined) return openRegularFile(fs, path, { append, make }); // made just now
    if (make) throw error;
    return undefined;
  }
  const facts = fs.fstatSync(file);
  if (facts.isFile()) return file;
  fs.closeSync(file);
  throw notFile(path, facts);
}

interface Kinds {
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isSymbolicLink(): boolean;
}

function notFile(path: string, stats: Kinds): StorageError {
  const kind = stats.isDirectory()
    ? 'a folder'
    : stats.isFIFO()
      ? 'a FIFO'
      : stats.isSocket()
        ? 'a socket'
        : stats.isSymbolicLink()
          ? 'a link to something that cannot be opened'
          : 'a device';
  return new StorageError(`${path} is ${kind}, allowed is a regular file; use another name or folder`);
}
