/**
 * The snapshot of a study beside its log, `LOG.snapshot`: a line with the version of the format, the length and the CRC-32 of
 * what follows; a line with what reading the log had come to; then the state, written by the study.
 *
 * It counts only where the log's file begins with the very bytes that it was made of, which their number and their CRC-32
 * show: after any change of these bytes the log is read from its beginning, and refused if it is damaged.
 */
import type { StudySnapshot } from '@foothold/core';
import { emptyLogFile, type LogFile } from './log-file.ts';
import { type Source, sumOfBytes } from './read-log.ts';
import { boundaries } from './record-index.ts';

const format = 1;
const lineBreak = 0x0a;

/**
 * Boundaries of records that a snapshot keeps: those that a writer which lost a race may still name. A line that names
 * an earlier one has the log read from its beginning.
 */
const keptBoundaries = 256;

/** What stands in the first line. */
interface Envelope {
  readonly snapshot: number;
  readonly bytes: number;
  readonly sum: string;
}

type Reading = Pick<LogFile, 'length' | 'offset' | 'bytesSum' | 'lines' | 'tail' | 'torn' | 'index'> & {
  readonly counts: readonly (readonly [string, number])[];
};

export function snapshotPath(logPath: string): string {
  return `${logPath}.snapshot`;
}

/** Puts a snapshot of the log in place of the one before, in one step. */
export function writeSnapshotFile({ fs, crc32, path }: Source, log: LogFile, state: string): void {
  const { length, offset, bytesSum, lines, tail, torn, index, counts, last } = log;
  const end = index.positions.length - 1;
  const reading: Reading = {
    ...{ length, offset, bytesSum, lines, tail, torn },
    index: boundaries(index, end - keptBoundaries, end),
    counts: [...new Map(counts).set(last.writer, last.count)],
  };
  const content = Buffer.from(`${JSON.stringify(reading)}\n${state}`, 'utf8');
  const envelope: Envelope = {
    snapshot: format,
    bytes: content.length,
    sum: crc32(content, 0).toString(16),
  };
  const unfinished = `${snapshotPath(path)}-${globalThis.crypto.randomUUID()}`;
  try {
    fs.writeFileSync(unfinished, `${JSON.stringify(envelope)}\n`, { flag: 'wx' });
    fs.appendFileSync(unfinished, content);
    fs.renameSync(unfinished, snapshotPath(path));
  } catch (error) {
    fs.rmSync(unfinished, { force: true });
    throw error;
  }
}

/** The snapshot and the log as far as it goes; undefined where there is none that is whole and belongs to this log. */
export function readSnapshotFile(
  source: Source,
): { readonly snapshot: StudySnapshot; readonly log: LogFile } | undefined {
  const { fs, crc32, path } = source;
  try {
    const bytes = fs.readFileSync(snapshotPath(path));
    const first = bytes.indexOf(lineBreak);
    const envelope = JSON.parse(bytes.toString('utf8', 0, first)) as Envelope;
    const content = bytes.subarray(first + 1);
    if (envelope.snapshot !== format || envelope.bytes !== content.length) return undefined;
    if (envelope.sum !== crc32(content, 0).toString(16)) return undefined;
    const second = content.indexOf(lineBreak);
    const { counts, ...reading } = JSON.parse(content.toString('utf8', 0, second)) as Reading;
    if (sumOfBytes(source, reading.offset) !== reading.bytesSum) return undefined;
    return {
      snapshot: { length: reading.length, state: content.toString('utf8', second + 1) },
      log: { ...emptyLogFile(crc32), ...reading, counts: new Map(counts) },
    };
  } catch {
    return undefined; // no file, none that can be read, or none of ours
  }
}
