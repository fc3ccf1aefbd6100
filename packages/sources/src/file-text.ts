import { readFileSync, statSync } from 'node:fs';
import { InvalidArgumentError } from '@foothold/core';
import { readPipe } from './read-pipe.ts';
import { SourceError } from './source-error.ts';

/** True for the bytes of an SQLite file. */
export function isSqlite(bytes: Buffer): boolean {
  return bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3';
}

/** UTF-8, or UTF-16 where its mark says so, without the mark. A last character may be unfinished. */
export function textOf(bytes: Buffer, place: string): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    throw new InvalidArgumentError(
      place,
      bytes.toString('latin1', 0, 40),
      'text in UTF-8, or in UTF-16 with its mark',
    );
  }
}

/** What the file, or the program behind a pipe, says. Throws SourceError. */
export async function fileBytes(place: string): Promise<Buffer> {
  try {
    if (!statSync(place).isFIFO()) return readFileSync(place);
    const bytes = await readPipe(place);
    if (!bytes)
      throw new SourceError(`source ${place} could not be read: it is a pipe that no program writes to`);
    return bytes;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new SourceError(`source ${place} could not be read (${code})`);
  }
}
