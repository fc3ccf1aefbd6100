import { StorageError } from '@foothold/core';

/**
 * Makes the folder and those above it where they are missing. One level after the other, because `mkdir` with
 * `recursive` never returns inside a file system that refuses new folders as "no such file" (Linux: `/proc`).
 *
 * Throws StorageError that names the folder and the reason; with `retry` where the device is full for now.
 */
export async function makeFolder(directory: string): Promise<void> {
  try {
    await makeLevel(directory);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StorageError(`the folder ${directory} cannot be made: ${message}`, {
      cause: error,
      retry: code === 'ENOSPC' || code === 'EDQUOT',
    });
  }
}

async function makeLevel(directory: string): Promise<void> {
  const { mkdir } = await import('node:fs/promises');
  const { dirname } = await import('node:path');
  const make = () =>
    mkdir(directory).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? undefined : error),
    );
  const refused = await make();
  if (!refused) return;
  const above = dirname(directory);
  if (refused.code !== 'ENOENT' || above === directory) throw refused;
  await makeLevel(above);
  const again = await make();
  if (again) throw again;
}
