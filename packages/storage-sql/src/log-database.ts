/** A study's row: its number of events and the checksum of the last, 0 where there is none. */
export interface Head {
  readonly length: number;
  readonly sum: number;
}

export interface EventRow {
  readonly position: number;
  readonly event: string;
  readonly sum: number;
}

/** Some events of a study and its row, of one moment. */
export interface Page {
  readonly head: Head;
  /** In order. */
  readonly rows: readonly EventRow[];
}

/** One append. */
export interface NewEvents {
  readonly study: string;
  /** What the study's row must be. */
  readonly before: Head;
  readonly rows: readonly EventRow[];
  /** `WRITER:COUNT`, of no other append. */
  readonly by: string;
}

/** Where an append that waits for its turn begins to read, and what it makes of what it finds. */
export interface NextEvents {
  readonly study: string;
  /** The first position of the page; asked for again by each try. */
  position(): number;
  /** Rows of the page, at most. */
  readonly count: number;
  /** What to insert behind the page, which no other writer can do meanwhile; undefined for nothing. It must not throw or wait. */
  choose(page: Page): NewEvents | undefined;
}

export interface SnapshotRow {
  readonly length: number;
  /** Of the last event that it was made of. */
  readonly sum: number;
  readonly state: string;
  /** Of the state. */
  readonly checksum: number;
}

/**
 * What a database does for the storage. Each call is one transaction; where the connection is lost or the database busy,
 * it is tried again for a while. A database without our tables has no studies; `insert` makes them. All throw StorageError.
 */
export interface LogDatabase {
  /** For messages: the address without a password. */
  readonly place: string;
  /** The rows from this position on, at most `count`; undefined where there is no such study. */
  page(study: string, position: number, count: number): Promise<Page | undefined>;
  /** The study's row, and the checksum of the last event as its own row has it. */
  head(study: string): Promise<(Head & { readonly lastSum: number | undefined }) | undefined>;
  /** False, and nothing is written, where the study's row is another. */
  insert(events: NewEvents): Promise<boolean>;
  /**
   * Waits until no other writer can insert, reads a page, and inserts what `choose` makes of it: the last call of `choose` says
   * what was inserted. False, and nothing is written, where there is no such study.
   */
  insertNext(next: NextEvents): Promise<boolean>;
  names(): Promise<readonly string[]>;
  remove(study: string): Promise<boolean>;
  rename(study: string, to: string): Promise<'renamed' | 'absent' | 'taken'>;
  /** The snapshot, and the checksum of the event that it ends with as the log has it. */
  snapshot(study: string): Promise<(SnapshotRow & { readonly eventSum: number | undefined }) | undefined>;
  /** Does nothing where there is no such study, or its log is shorter. */
  keepSnapshot(study: string, snapshot: Omit<SnapshotRow, 'sum'>): Promise<void>;
  /** Yields at once, and then each time that something may have been appended, until the signal aborts. */
  changes(signal: AbortSignal): AsyncIterable<void>;
  close(): Promise<void>;
}
