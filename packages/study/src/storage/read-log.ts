/** Reads a study's file piece by piece, so that no more of it is in memory than what is looked at. */
import { StorageError, type StudyEvent } from '@foothold/core';
import { emptyLogFile, type LogFile, takeIn } from './log-file.ts';
import type { NodeFiles } from './node-files.ts';
import { openRegularFile } from './open-regular-file.ts';
import { boundaries, boundaryOf } from './record-index.ts';

/** Bytes that are read at once; more where a record is longer. */
const pieceSize = 1 << 20;

/** A file that is open, or to be opened, and what reads it. */
export interface Source extends NodeFiles {
  readonly path: string;
}

/** Takes in what the open file has from `log.offset` on, up to `end`. Throws StorageError for a damaged one. */
export function readOn(
  { fs, path }: Source,
  { log, file, end }: { readonly log: LogFile; readonly file: number; readonly end: number },
  take: (events: readonly StudyEvent[]) => void,
): void {
  for (let size = pieceSize; ; ) {
    const { offset } = log;
    const piece = readPiece(fs, file, { start: offset, end: Math.min(offset + size, end) });
    const isEnd = offset + piece.length >= end || piece.length < size;
    takeIn(log, piece, { path, isEnd, take });
    if (isEnd) return;
    if (log.offset === offset) size *= 2; // a longer record
  }
}

/** The whole log at this path, its events handed to `take`; an empty one where there is no file. */
export function readWhole(
  source: Source,
  take: (events: readonly StudyEvent[]) => void,
  claim?: LogFile['claim'],
): { readonly log: LogFile; readonly facts: import('node:fs').Stats | undefined } {
  const log = { ...emptyLogFile(source.crc32), claim };
  const facts = withFile(source, (file) => {
    const found = source.fs.fstatSync(file);
    readOn(source, { log, file, end: found.size }, take);
    return found;
  });
  return { log, facts };
}

/** A part of a log read again, and the other events of its last record. */
interface PartAgain {
  readonly events: readonly StudyEvent[];
  readonly rest: readonly StudyEvent[];
}

/** At most `limit` events from position `from` on, read again from the file. Records are read whole: a checksum is of all of one. */
export function readAgain(
  source: Source,
  log: LogFile,
  { from, limit }: { readonly from: number; readonly limit: number },
): PartAgain {
  const at = boundaryOf(log.index, from);
  const index = boundaries(log.index, 0, at);
  const known = at < 0 ? {} : { index, length: index.positions.at(-1)!, offset: index.ends.at(-1)! };
  const part: LogFile = { ...emptyLogFile(log.crc32), ...known };
  const start = part.length;
  const end = endOf(log, from + limit);
  const events: StudyEvent[] = [];
  withFile(source, (file) =>
    readOn(source, { log: part, file, end: end.offset }, (more) => {
      for (const event of more) events.push(event);
    }),
  );
  if (start + events.length !== end.length)
    throw new StorageError(`${source.path}: the file was changed while it was read`, { retry: true });
  const stop = from - start + limit;
  return { events: events.slice(from - start, stop), rest: events.slice(stop) };
}

/** Where the first record ends that is known to have all events before this position, and how many there are up to there. */
function endOf({ index, length, offset }: LogFile, position: number): Pick<LogFile, 'length' | 'offset'> {
  if (position >= length) return { length, offset };
  const at = boundaryOf(index, position - 1) + 1;
  const known = at < index.positions.length;
  return known ? { length: index.positions[at]!, offset: index.ends[at]! } : { length, offset };
}

/** The bytes of the file at this path between two offsets, or to where it ends. */
export function bytesOf(
  { fs, path }: Pick<Source, 'fs' | 'path'>,
  range: { readonly start: number; readonly end: number },
): Buffer {
  const bytes = withFile({ fs, path }, (file) => readPiece(fs, file, range));
  return bytes ?? Buffer.alloc(0);
}

/** CRC-32 of the first `end` bytes of the file at this path; undefined where it has fewer. */
export function sumOfBytes(source: Source, end: number): number | undefined {
  return withFile(source, (file) => {
    let sum = 0;
    for (let start = 0; start < end; start += pieceSize) {
      const piece = readPiece(source.fs, file, { start, end: Math.min(start + pieceSize, end) });
      if (piece.length < Math.min(pieceSize, end - start)) return undefined;
      sum = source.crc32(piece, sum);
    }
    return sum;
  });
}

function withFile<T>({ fs, path }: Pick<Source, 'fs' | 'path'>, use: (file: number) => T): T | undefined {
  const file = openRegularFile(fs, path);
  if (file === undefined) return undefined;
  try {
    return use(file);
  } finally {
    fs.closeSync(file);
  }
}

function readPiece(
  fs: NodeFiles['fs'],
  file: number,
  { start, end }: { readonly start: number; readonly end: number },
): Buffer {
  const bytes = Buffer.allocUnsafe(Math.max(end - start, 0));
  let filled = 0;
  while (filled < bytes.length) {
    const count = fs.readSync(file, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
