import type { Storage } from '@foothold/core';

/** Databases that this process has opened, by address: one connection each. */
export const openDatabases = new Map<string, Storage>();

/** Closes every one. */
export async function closeDatabases(): Promise<void> {
  const all = [...openDatabases.values()];
  openDatabases.clear();
  await Promise.all(all.map((storage) => storage.close?.()));
}
