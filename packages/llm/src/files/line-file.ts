/**
 * Files of JSON objects, one a line, that only grow. A process that was killed leaves at most a last line that is not whole. One process at a
 * time writes a file: another one would take the line that the first is writing for one that is not whole.
 */
import { appendFile, open, readFile, truncate } from 'node:fs/promises';
import { StorageError } from '@foothold/core';

export interface LineFile {
  /** Resolves when the line is in the file: one line at a time, in their order. Throws StorageError, for this line alone. */
  append(line: string): Promise<void>;
  /** Throws StorageError where a line could not be added, before there is one. */
  check(): Promise<void>;
}

/**
 * Nothing is read or written before the first line, which cuts off what is left of an object that is not whole. A file that ends with
 * anything else is none of these: StorageError, and it stays as it is.
 */
export function lineFile(path: string): LineFile {
  let last: Promise<void> = Promise.resolve();
  let isWhole = false;
  const write = async (line: string | undefined) => {
    try {
      if (!isWhole) await mendEnd(path);
      isWhole = false;
      await appendFile(path, line === undefined ? '' : `${line}\n`);
      isWhole = true;
    } catch (cause) {
      if (cause instanceof StorageError) throw cause;
      throw new StorageError(`${path} cannot be written: ${(cause as Error).message}`, { cause });
    }
  };
  const inTurn = (line?: string) => {
    const next = () => write(line);
    last = last.then(next, next);
    return last;
  };
  return { append: inTurn, check: () => inTurn() };
}

/** The lines of a text, without a last one that a killed process did not finish. */
export function wholeLines(text: string): readonly string[] {
  const lines = text.split('\n');
  const rest = lines.at(-1)!;
  return isTorn(rest) ? lines.slice(0, -1) : lines;
}

/** Whether a last line without an end is the beginning of an object alone. */
const isTorn = (rest: string) => rest.startsWith('{') && !isJson(rest);

/** The last whole line of a file, which is shorter than `longest` bytes; undefined where there is none. Throws what reading throws. */
export async function lastLine(path: string, longest: number): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const start = Math.max(size - 2 * longest, 0);
    const end = Buffer.alloc(size - start);
    await file.read(end, 0, end.length, start);
    return wholeLines(end.toString('utf8'))
      .filter((line) => line.trim() !== '')
      .at(-1);
  } finally {
    await file.close();
  }
}

/** Ends a last line that is whole, and cuts off one that is not. */
async function mendEnd(path: string): Promise<void> {
  if (await isEnded(path)) return;
  const bytes = await readFile(path);
  const start = bytes.lastIndexOf(newline) + 1;
  const rest = bytes.subarray(start).toString('utf8');
  if (isTorn(rest)) await truncate(path, start);
  else if (rest.trim() === '' || isJson(rest)) await appendFile(path, '\n');
  else
    throw new StorageError(
      `${path} ends with ${JSON.stringify(rest.slice(0, 60))}, which is no line of such a file: nothing is added to it`,
    );
}

const newline = 10;

/** True for a file that ends with a line's end, is empty, or is not there. */
async function isEnded(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(size - 1, 0));
      return size === 0 || buffer[0] === newline;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
