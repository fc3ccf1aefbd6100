import { readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from '@foothold/core';
import { readPipe } from './read-pipe.ts';
import { SourceError } from './source-error.ts';

/**
 * The text of a file, or what a program writes to a named pipe, as UTF-8, or as UTF-16 where its byte order mark says so,
 * without the mark. `name` stands for the file in messages; default: its path.
 *
 * Throws SourceError when it cannot be read, also for a pipe that no program has open for writing within two seconds;
 * InvalidArgumentError for bytes that are not text.
 */
export async function readTextFile(path: string, { name = path } = {}): Promise<string> {
  return decodedText(await readBytes(path, name), name);
}

/** The bytes of a file, or what a program writes to a named pipe. Throws SourceError when they cannot be read. */
export async function readBytes(path: string, name: string): Promise<Buffer> {
  try {
    if (!statSync(path).isFIFO()) return readFileSync(path);
    const bytes = await readPipe(path);
    if (!bytes) throw new SourceError(`${name} could not be read: it is a pipe that no program writes to`);
    return bytes;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new SourceError(
      `${name} could not be read (${code === 'ENOENT' ? 'there is no such file' : code})`,
    );
  }
}

/** True for the bytes of an SQLite file. */
export function isSqlite(bytes: Buffer): boolean {
  return bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3';
}

/** UTF-8, or UTF-16 where its mark says so, without the mark. A last character may be unfinished. Throws InvalidArgumentError. */
export function decodedText(bytes: Buffer, name: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    throw new InvalidArgumentError(
      name,
      bytes.toString('latin1', 0, 40),
      'text in UTF-8, or in UTF-16 with its mark',
    );
  }
}
