import type { Attributes, Direction, Params, StudyEvent } from '@foothold/core';

/** Where a page has its studies from: a server, a log inside of the page, a database of the browser. */
export interface StudySource {
  /** Whether more can come: the page then asks for the list of studies again from time to time. */
  readonly isLive: boolean;
  /** Every study, by name. */
  studies(signal: AbortSignal): Promise<readonly ListedStudy[]>;
  /** Gives the log of a study from event `from` on, and what is appended until the signal aborts. */
  follow(study: string, from: number, follower: LogFollower): void;
  /** The last lines that the program of this trial printed; none where it printed nothing. */
  output(study: string, number: number): Promise<readonly string[]>;
  /** What a person without studies reads. Default: how a command makes one. */
  readonly emptyText?: string | undefined;
  /** What may be changed; absent where nothing may. */
  readonly actions?: StudyActions | undefined;
  /** What a report says of itself; absent where studies are shown as they are now. */
  readonly report?: ReportFacts | undefined;
}

/** A report: studies as they were when it was written. */
export interface ReportFacts {
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
  /** The program that wrote it, with its version. */
  readonly program: string;
  /** Names of its studies, in the order in which they were given. */
  readonly names: readonly string[];
  /** Trials whose programs printed more than it has. */
  readonly shortened?: number | undefined;
}

export interface LogFollower {
  readonly signal: AbortSignal;
  /** The next events of the log. */
  events(events: readonly StudyEvent[]): void;
  connection(state: Connection): void;
}

/** How the page and the log stand to each other. */
export type Connection =
  /** The log is read; `end` is its length where that is known. */
  | { readonly state: 'reading'; readonly read: number; readonly end?: number | undefined }
  /** All is read; what is appended comes by itself. */
  | { readonly state: 'live' }
  /** All is read, and nothing will come. */
  | { readonly state: 'ended' }
  /** The server does not answer; it is asked again. */
  | { readonly state: 'offline'; readonly message: string }
  /** It cannot be read. `code` is the kind of error where the source gives one. */
  | { readonly state: 'failed'; readonly message: string; readonly code?: string | undefined };

/** A line of the list of studies: `StudySummary` as JSON. */
export interface ListedStudy {
  readonly name: string;
  /** Why its log cannot be read; then nothing else is known. */
  readonly unreadable?: string;
  readonly activity?: 'running' | 'interrupted' | 'failed' | 'new' | 'idle';
  readonly directions?: readonly Direction[];
  readonly counts?: Readonly<Record<'complete' | 'pruned' | 'failed' | 'running', number>>;
  readonly best?: { readonly number: number; readonly value: number };
  readonly bestValues?: readonly number[];
  readonly front?: number;
  readonly createdAt?: number;
  readonly changedAt?: number;
  readonly length?: number;
}

/** What a person may do. Each rejects with an Error whose message can be shown. */
export interface StudyActions {
  enqueue(study: string, params: Params): Promise<void>;
  note(
    study: string,
    notes: { readonly number?: number; readonly note?: string; readonly attributes?: Attributes },
  ): Promise<void>;
  fail(study: string, number: number, reason: string): Promise<void>;
  /** The trial counts nowhere until it is restored. */
  deleteTrial(study: string, number: number): Promise<void>;
  restoreTrial(study: string, number: number): Promise<void>;
  /** Gives a running trial back, whoever has it: the next ask gives it out again. */
  release(study: string, number: number): Promise<void>;
  /** No trial is given out until `resume`; those that run may end. */
  stop(study: string): Promise<void>;
  resume(study: string): Promise<void>;
  rename(study: string, to: string): Promise<void>;
  remove(study: string): Promise<void>;
  /** The study as a file. */
  exported(study: string, format: 'csv' | 'json'): Promise<Blob>;
  /** Its whole log as JSON lines; absent where the log is a file already. */
  exportedLog?(study: string): Promise<Blob>;
  /** Absent where there is no server that could answer others. */
  readonly shares?: ShareActions | undefined;
}

/** A link with which others read one study. The link itself is known only when it is made. */
export interface ShareLink {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface ShareActions {
  /** Those of the study that are valid now. */
  list(study: string): Promise<readonly ShareLink[]>;
  /** A new one for so many seconds, with its address. */
  make(study: string, seconds: number): Promise<ShareLink & { readonly address: string }>;
  /** Ends it at once. */
  revoke(id: string): Promise<void>;
}
