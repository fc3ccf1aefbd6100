import type { Checksum } from './record-line.ts';

/** What a file storage needs of Node: its files, and CRC-32. */
export interface NodeFiles {
  readonly fs: typeof import('node:fs');
  readonly crc32: Checksum;
}

/** Node's files, loaded when they are needed: browsers load this package too. */
export async function nodeFiles(): Promise<NodeFiles> {
  const [fs, { crc32 }] = await Promise.all([import('node:fs'), import('node:zlib')]);
  return { fs, crc32 };
}
