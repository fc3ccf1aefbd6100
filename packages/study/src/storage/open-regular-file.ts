import { StorageError } from '@foothold/core';

type File = Awaited<ReturnType<typeof import('node:fs/promises')['open']>>;

/**
 * The opened file, to be read or to be appended to; undefined where there is none to read. Throws StorageError, at once,
 * for what is there and is not a file: a folder, a FIFO, a device, a link to nothing.
 */
export async function openRegularFile(path: string, how: 'read'): Promise<File | undefined>;
export async function openRegularFile(path: string, how: 'append'): Promise<File>;
export async function openRegularFile(path: string, how: 'read' | 'append'): Promise<File | undefined>;
export async function openRegularFile(path: string, how: 'read' | 'append'): Promise<File | undefined> {
  const { open, lstat, constants } = await import('node:fs/promises');
  const { O_RDONLY, O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK = 0 } = constants;
  // Without O_NONBLOCK, opening a FIFO waits for its other end.
  const flags = O_NONBLOCK | (how === 'read' ? O_RDONLY : O_WRONLY | O_APPEND | O_CREAT);
  let file: File;
  try {
    file = await open(path, flags, 0o666);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const there = await lstat(path).catch(() => undefined);
    if (code === 'ENOENT' && there === undefined && how === 'read') return undefined;
    if (there !== undefined && !there.isFile() && code !== 'EACCES') throw notFile(path, there);
    if (code === 'ENOENT' && there !== undefined) return openRegularFile(path, how); // made just now
    throw error;
  }
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  throw notFile(path, stats);
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
