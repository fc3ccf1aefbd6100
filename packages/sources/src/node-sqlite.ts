import { UnsupportedError } from '@foothold/core';

/** The module of Node for SQLite. Throws UnsupportedError on Node before 22.13, which has none. */
export function nodeSqlite(ability: string): Promise<typeof import('node:sqlite')> {
  return import('node:sqlite').catch(() => {
    throw new UnsupportedError(ability, `Node ${process.version}`, 'use Node 22.13 or newer');
  });
}
