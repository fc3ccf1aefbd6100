import type { Checksum } from './record-line.ts';

/** What a file storage needs of Node: its files, and CRC-32. */
export interface NodeFiles {
  readonly fs: typeof import('node:fs');
  readonly crc32: Checksum;
}

let loaded: Promise<NodeFiles> | undefined;

/** Node's files, loaded when they are first needed: browsers load this package too. */
export function nodeFiles(): Promise<NodeFiles> {
  loaded ??= Promise.all([import('node:fs'), import('node:zlib')]).then(([fs, { crc32 }]) => ({ fs, crc32 }));
  return loaded;
}
