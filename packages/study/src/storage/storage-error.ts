import { StorageError } from '@foothold/core';

/** Codes of the operating system for what passes: the same call may succeed later. */
const busy = new Set(['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EINTR', 'EIO']);

/** What the operating system refused at this path, as a StorageError; any other error as it is. */
export function storageError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof StorageError || code === undefined) return error;
  const reason =
    code === 'ENOTDIR'
      ? 'a part of this path is a file, and the studies lie in a folder (ENOTDIR)'
      : (error as Error).message;
  return new StorageError(`${path}: ${reason}`, { cause: error, retry: busy.has(code) });
}
