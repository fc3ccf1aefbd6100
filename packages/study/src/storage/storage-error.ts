import { StorageError } from '@foothold/core';

/** Codes of the operating system for what passes: the same call may succeed later. */
const busy = new Set(['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ENOSPC', 'EDQUOT', 'EINTR', 'EIO']);

/** What the operating system refused at this path, as a StorageError; any other error as it is. */
export function storageError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (error instanceof StorageError || code === undefined) return error;
  return new StorageError(`${path}: ${(error as Error).message}`, { cause: error, retry: busy.has(code) });
}
