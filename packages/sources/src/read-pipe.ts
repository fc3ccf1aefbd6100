import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Milliseconds after which a pipe without a program that writes to it is given up. */
const maxWait = 2000;
const step = 10;

/**
 * Everything that a program writes to a named pipe, or undefined where no program has it open for writing within two
 * seconds: a plain read would wait for one without end.
 */
export async function readPipe(path: string): Promise<Buffer | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const pieces: Buffer[] = [];
    let isWritten = false;
    let waited = 0;
    while (true) {
      const piece = Buffer.alloc(1 << 16);
      const count = await readNow(file, piece);
      if (count !== undefined && count > 0) pieces.push(piece.subarray(0, count));
      else if (count === 0 && (isWritten || pieces.length > 0)) return Buffer.concat(pieces);
      else if (count === 0 && waited >= maxWait) return undefined;
      else {
        isWritten ||= count === undefined;
        waited += step;
        await new Promise((done) => setTimeout(done, step));
      }
    }
  } finally {
    await file.close();
  }
}

/** Bytes read, 0 at the end or without a writer, undefined where a program has the pipe open and wrote nothing yet. */
async function readNow(file: FileHandle, into: Buffer): Promise<number | undefined> {
  try {
    return (await file.read(into)).bytesRead;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
