import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { InvalidArgumentError } from '@foothold/core';
import { readPipe } from './read-pipe.ts';
import { SourceError } from './source-error.ts';

/** A file, or all that a program wrote to a named pipe. Each call reads a file from its beginning. */
export interface OpenText {
  /** True where it is no text but an SQLite database. */
  readonly isSqlite: boolean;
  /** The first line. Throws InvalidArgumentError for bytes that are not text. */
  firstLine(): string;
  /**
   * Its lines, some at once, as they are read; `onPiece` hears which part of it was read so far, from 0 to 1. Other work of the process
   * goes on in between. Throws as `firstLine`.
   */
  lines(onPiece?: (part: number) => void): AsyncIterable<readonly string[]>;
  /** All of it, without a byte order mark. Throws as `firstLine`. */
  text(): string;
}

/** Bytes that are read at once. V8 keeps texts of more than a megabyte outside of its heap, where they stay longer. */
const pieceSize = 1 << 18;

/**
 * Text in UTF-8, or in UTF-16 where its byte order mark says so. `name` stands for the file in messages. Throws SourceError when it
 * cannot be read, also for a pipe that no program has open for writing within two seconds.
 */
export async function openText(path: string, name: string): Promise<OpenText> {
  const { size, all } = await piecesOf(path, name);
  const read = () => linesOf(decoded(all(), name));
  return {
    isSqlite: firstOf(all())?.toString('latin1', 0, 15) === 'SQLite format 3',
    firstLine: () => {
      for (const [first] of read()) if (first !== undefined) return first;
      return '';
    },
    async *lines(onPiece) {
      let bytes = 0;
      for (const lines of read()) {
        yield lines;
        bytes += pieceSize;
        onPiece?.(Math.min(bytes / size, 1));
        await setImmediate();
      }
    },
    text: () => [...decoded(all(), name)].join(''),
  };
}

interface Pieces {
  readonly size: number;
  all(): Iterable<Buffer>;
}

async function piecesOf(path: string, name: string): Promise<Pieces> {
  const refused = (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return new SourceError(
      `${name} could not be read (${code === 'ENOENT' ? 'there is no such file' : code})`,
    );
  };
  try {
    const facts = statSync(path);
    if (facts.isFIFO()) {
      const bytes = await readPipe(path);
      if (!bytes) throw new SourceError(`${name} could not be read: it is a pipe that no program writes to`);
      return {
        size: bytes.length,
        *all() {
          yield bytes;
        },
      };
    }
    return {
      size: facts.size,
      *all() {
        try {
          yield* readPieces(path);
        } catch (error) {
          throw refused(error);
        }
      },
    };
  } catch (error) {
    throw error instanceof SourceError ? error : refused(error);
  }
}

/** Each piece is valid until the next one. */
function* readPieces(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  const piece = Buffer.allocUnsafe(pieceSize);
  try {
    for (;;) {
      const count = readSync(file, piece);
      if (count === 0) return;
      yield piece.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

/** Texts of the pieces; characters at their borders are whole in the later one. A last character may be unfinished. */
function* decoded(pieces: Iterable<Buffer>, name: string): Generator<string> {
  let decoder: TextDecoder | undefined;
  for (const piece of pieces) {
    decoder ??= new TextDecoder(encodingOf(piece), { fatal: true });
    try {
      yield decoder.decode(piece, { stream: true });
    } catch {
      throw new InvalidArgumentError(
        name,
        piece.toString('latin1', 0, 40),
        'text in UTF-8, or in UTF-16 with its mark',
      );
    }
  }
}

/** The lines that end in each text, and last what is behind the last line break. */
function* linesOf(texts: Iterable<string>): Generator<readonly string[]> {
  let rest = '';
  for (const text of texts) {
    const lines = text.split('\n');
    lines[0] = rest + lines[0];
    rest = lines.pop()!;
    yield lines;
  }
  yield [rest];
}

/** The first of a sequence, which is then closed. */
function firstOf<T>(sequence: Iterable<T>): T | undefined {
  for (const first of sequence) return first;
  return undefined;
}

function encodingOf([first, second]: Buffer): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
