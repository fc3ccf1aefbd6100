import type { Storage, StudyEvent } from '@foothold/core';

/** A storage of one study in memory as JSON lines, about half as large as its objects: for logs of millions of events. */
export interface FleetLog extends Storage {
  /** The lines, in order. */
  lines(): Iterable<string>;
  readonly events: () => number;
  /** How many of them end a trial. */
  readonly ends: () => number;
  readonly bytes: () => number;
}

/** Lines in one piece. */
const pieceLines = 1000;

export interface FleetProgress {
  readonly every: number;
  readonly call: (ended: number) => void;
}

/** Empty. `progress` hears of each so many ends of trials. */
export function fleetLog(progress?: FleetProgress): FleetLog {
  const pieces: Buffer[] = [];
  let last: string[] = [];
  let bytes = 0;
  let ends = 0;
  const length = () => pieces.length * pieceLines + last.length;
  const piece = (i: number): readonly string[] =>
    i < pieces.length ? pieces[i]!.toString('utf8').split('\n') : last;
  const linesFrom = function* (from: number) {
    for (let i = Math.floor(from / pieceLines); i <= pieces.length; i++) {
      const of = piece(i);
      for (let at = Math.max(from - i * pieceLines, 0); at < of.length; at++) yield of[at]!;
    }
  };
  const write = (events: readonly StudyEvent[]) => {
    for (const event of events) {
      last.push(JSON.stringify(event));
      if (event.type === 'told' && ++ends % (progress?.every ?? Infinity) === 0) progress?.call(ends);
      if (last.length < pieceLines) continue;
      const whole = Buffer.from(last.join('\n'), 'utf8');
      bytes += whole.length;
      pieces.push(whole);
      last = [];
    }
  };
  const read = (from: number) =>
    from >= length() ? [] : Array.from(linesFrom(from), (line) => JSON.parse(line) as StudyEvent);
  return {
    read: (_, from) => read(from),
    append(_, at, events) {
      if (at !== length()) return false;
      write(events);
      return true;
    },
    transact(_, from, plan) {
      write(plan(read(from)));
    },
    lines: () => linesFrom(0),
    events: length,
    ends: () => ends,
    bytes: () => bytes,
  };
}
