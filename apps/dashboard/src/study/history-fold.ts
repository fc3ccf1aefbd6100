import type { StudyEvent } from '@foothold/core';

/** A time in which a worker had a trial. */
export interface WorkSpan {
  readonly worker: string;
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Absent while it goes on. */
  readonly to?: number;
  /** How it ended; `lost`: the worker gave the trial back, or was silent. */
  readonly ending?: 'complete' | 'pruned' | 'failed' | 'lost';
}

/** An event that concerns the study as a whole or was written by a person. */
export interface HistoryEntry {
  /** Position in the log. */
  readonly position: number;
  readonly event: StudyEvent;
}

/** What the state of a study leaves out: who worked when, and what was written when. */
export interface StudyHistory {
  readonly spans: readonly WorkSpan[];
  readonly entries: readonly HistoryEntry[];
  /** Numbers of the trials whose parameters were enqueued. */
  readonly queued: ReadonlySet<number>;
}

/** Kinds of events that a person or a program wrote about the study. */
const kept = new Set<StudyEvent['type']>([
  'created',
  'edited',
  'noted',
  'described',
  'configured',
  'enqueued',
  'dequeued',
  'reopened',
  'deleted',
  'restored',
]);

/** A history that goes on with each event. */
export function historyFold() {
  const spans: WorkSpan[] = [];
  const entries: HistoryEntry[] = [];
  /** Positions in `spans` of the trials that run. */
  const open = new Map<number, number>();
  const queued = new Set<number>();
  let position = 0;
  const end = (number: number, at: number | undefined, ending: NonNullable<WorkSpan['ending']>) => {
    const index = open.get(number);
    open.delete(number);
    if (index === undefined) return;
    const span = spans[index]!;
    spans[index] = { ...span, to: Math.max(at ?? span.from, span.from), ending };
  };
  const apply = (event: StudyEvent): void => {
    const at = event.at;
    if (
      event.type === 'asked' &&
      at !== undefined &&
      !isRenewal(spans[open.get(event.number) ?? -1], event.lease.owner)
    ) {
      end(event.number, at, 'lost');
      open.set(event.number, spans.length);
      spans.push({ worker: event.lease.owner, number: event.number, from: at });
    }
    if (event.type === 'asked' && event.queued) queued.add(event.number);
    if (event.type === 'told') end(event.number, at, event.outcome.state);
    if (event.type === 'expired' || event.type === 'deleted') end(event.number, at, 'lost');
    if (kept.has(event.type)) entries.push({ position, event });
    position++;
  };
  return { history: { spans, entries, queued } as StudyHistory, apply };
}

function isRenewal(span: WorkSpan | undefined, owner: string): boolean {
  return span?.worker === owner;
}
