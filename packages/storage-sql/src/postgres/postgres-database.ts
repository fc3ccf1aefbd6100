import type { EventRow, LogDatabase, NewEvents, NextEvents, SnapshotRow } from '../log-database.ts';
import { pause } from '../waits.ts';
import { type Batch, type SessionOptions, type Sessions, sessions } from './sessions.ts';
import type { Query, Row } from './tables.ts';

export interface PostgresDatabaseOptions extends SessionOptions {
  readonly pollInterval: number;
}

/** Our tables in a PostgreSQL server, reached by the first call that needs it. Each call is one statement. */
export function postgresDatabase(options: PostgresDatabaseOptions): LogDatabase {
  const { place, schema } = options;
  const server = sessions(options);
  const { run, transaction } = server;
  const sql = statementsOf(schema);
  const look = <T>(work: (query: Query, isAgain: boolean) => Promise<T>, absent: T) =>
    run({ make: false, absent, work });
  return {
    place,
    page: (study, position, count) =>
      look(async (query) => pageOf(await query(sql.page, [study, position, count])), undefined),
    head: (study) =>
      look(async (query) => {
        const [row] = await query(sql.head, [study]);
        return (
          row && { length: Number(row['length']), sum: Number(row['sum']), lastSum: optional(row['lastSum']) }
        );
      }, undefined),
    insert: (events) =>
      run({
        make: true,
        absent: false,
        work: (query, isAgain) => insert(query, events, { sql, schema, isAgain }),
      }),
    insertNext: (next) => {
      let sent: NewEvents | undefined;
      const work = (batch: Batch) =>
        insertNext(batch, next, {
          ...{ sql, schema, sent },
          send: (events) => {
            sent = events;
          },
        });
      return transaction({ make: false, absent: false, work });
    },
    names: () => look(async (query) => (await query(sql.names)).map(({ name }) => String(name)), []),
    remove: (study) =>
      look(
        async (query, isAgain) => (await query(sql.remove, [study, channelOf(schema)])).length > 0 || isAgain,
        false,
      ),
    rename: (study, to) =>
      look((query, isAgain) => rename(query, { sql, schema, study, to, isAgain }), 'absent'),
    snapshot: (study) => look(async (query) => snapshotOf(await query(sql.snapshot, [study])), undefined),
    keepSnapshot: (study, { length, state, checksum }) =>
      look(async (query) => {
        await query(sql.keepSnapshot, [state, checksum, length - 1, study]);
      }, undefined),
    changes: (signal) => changes(options, server, signal),
    close: server.close,
  };
}

type Statements = ReturnType<typeof statementsOf>;

/** Milliseconds that a plan may take between what it reads and what it writes: many times what it takes on a busy machine. */
const longestTurn = 10_000;

function statementsOf(schema: string) {
  const events = (study: string) => `WITH s AS (${study} RETURNING id), e AS (
    INSERT INTO ${schema}.events (study, position, event, sum, writer)
    SELECT s.id, v.position, v.event, v.sum, CASE v.position WHEN $4::bigint THEN $9::text END
    FROM s CROSS JOIN unnest($6::bigint[], $7::text[], $8::bigint[]) AS v (position, event, sum))
    SELECT pg_notify($10, $1::text) FROM s`;
  return {
    page: `SELECT s.length::float8, s.sum::float8, e.position::float8, e.event, e.sum::float8 AS "eventSum"
      FROM ${schema}.studies s LEFT JOIN LATERAL (SELECT position, event, sum FROM ${schema}.events
      WHERE study = s.id AND position >= $2 ORDER BY position LIMIT $3) e ON true WHERE s.name = $1 ORDER BY e.position`,
    head: `SELECT s.length::float8, s.sum::float8, e.sum::float8 AS "lastSum" FROM ${schema}.studies s
      LEFT JOIN ${schema}.events e ON e.study = s.id AND e.position = s.length - 1 WHERE s.name = $1`,
    // $1 name, $2 and $3 the new end, $4 and $5 the end before, $6 to $8 the events, $9 the write, $10 the channel
    first: events(
      `INSERT INTO ${schema}.studies (name, length, sum) SELECT $1::text, $2::bigint, $3::bigint WHERE $4::bigint = 0 AND $5::bigint = 0
      ON CONFLICT (name) DO NOTHING`,
    ),
    next: events(
      `UPDATE ${schema}.studies SET length = $2::bigint, sum = $3::bigint WHERE name = $1::text AND length = $4::bigint AND sum = $5::bigint`,
    ),
    // A process that stops in its turn, and a machine that goes away, hold the others up for so long.
    begin: `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${longestTurn}`,
    turn: `SELECT 1 FROM ${schema}.studies WHERE name = $1 FOR NO KEY UPDATE`,
    isStored: `SELECT 1 FROM ${schema}.studies s JOIN ${schema}.events e ON e.study = s.id AND e.position = $2
      WHERE s.name = $1 AND e.writer = $3`,
    names: `SELECT name FROM ${schema}.studies`,
    remove: `WITH s AS (DELETE FROM ${schema}.studies WHERE name = $1::text RETURNING id) SELECT pg_notify($2, $1::text) FROM s`,
    rename: `WITH s AS (UPDATE ${schema}.studies SET name = $2::text WHERE name = $1::text RETURNING id) SELECT pg_notify($3, $1::text) FROM s`,
    snapshot: `SELECT n.length::float8, n.sum::float8, n.state, n.checksum::float8, e.sum::float8 AS "eventSum"
      FROM ${schema}.studies s JOIN ${schema}.snapshots n ON n.study = s.id
      LEFT JOIN ${schema}.events e ON e.study = s.id AND e.position = n.length - 1 WHERE s.name = $1`,
    keepSnapshot: `INSERT INTO ${schema}.snapshots (study, length, sum, state, checksum)
      SELECT s.id, e.position + 1, e.sum, $1::text, $2::bigint FROM ${schema}.studies s
      JOIN ${schema}.events e ON e.study = s.id AND e.position = $3 WHERE s.name = $4
      ON CONFLICT (study) DO UPDATE SET length = excluded.length, sum = excluded.sum, state = excluded.state, checksum = excluded.checksum`,
  } as const;
}

function optional(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}

function pageOf(rows: readonly Row[]) {
  const [first] = rows;
  return (
    first && {
      head: { length: Number(first['length']), sum: Number(first['sum']) },
      rows: rows.flatMap(({ position, event, eventSum }): EventRow[] =>
        position === null
          ? []
          : [{ position: Number(position), event: String(event), sum: Number(eventSum) }],
      ),
    }
  );
}

/**
 * One statement that compares and sets. Where an earlier try may have been done, the log is asked for this very write: the
 * server may have stored it and lost the connection before it said so.
 */
async function insert(
  query: Query,
  { study, before, rows, by }: NewEvents,
  { sql, schema, isAgain }: { readonly sql: Statements; readonly schema: string; readonly isAgain: boolean },
): Promise<boolean> {
  const written = await query(
    before.length === 0 ? sql.first : sql.next,
    valuesOf({ study, before, rows, by }, schema),
  );
  if (written.length > 0 || !isAgain) return written.length > 0;
  return (await query(sql.isStored, [study, before.length, by])).length > 0;
}

/** The values of an insert's statement. */
function valuesOf({ study, before, rows, by }: NewEvents, schema: string): readonly unknown[] {
  const { position, sum } = rows.at(-1)!;
  return [
    ...[study, position + 1, sum, before.length, before.sum],
    ...[rows.map((row) => row.position), rows.map(({ event }) => event), rows.map((row) => row.sum)],
    ...[by, channelOf(schema)],
  ];
}

/**
 * A transaction in two round trips: it waits for the study's row, which keeps every other writer waiting, and reads; then it writes
 * and commits. The events are read by a statement of their own: one that waits for a row sees the other tables as they were before.
 * Where an earlier try may have been done, the log is asked for its write first.
 */
async function insertNext(
  batch: Batch,
  { study, position, count, choose }: NextEvents,
  {
    sql,
    schema,
    sent,
    send,
  }: {
    readonly sql: Statements;
    readonly schema: string;
    readonly sent: NewEvents | undefined;
    readonly send: (events: NewEvents) => void;
  },
): Promise<boolean> {
  const [, , found = [], stored = []] = await batch([
    [sql.begin],
    [sql.turn, [study]],
    [sql.page, [study, position(), count]],
    ...(sent ? [[sql.isStored, [study, sent.before.length, sent.by]] as const] : []),
  ]);
  const page = stored.length > 0 ? undefined : pageOf(found);
  const events = page && choose(page);
  if (!events) {
    await batch([['ROLLBACK']]);
    return page !== undefined || stored.length > 0;
  }
  send(events);
  const [written] = await batch([[sql.next, valuesOf(events, schema)], ['COMMIT']]);
  if (written!.length === 0) throw new Error(`the study's row was changed in the turn of ${events.by}`);
  return true;
}

async function rename(
  query: Query,
  {
    sql,
    schema,
    study,
    to,
    isAgain,
  }: {
    readonly sql: Statements;
    readonly schema: string;
    readonly study: string;
    readonly to: string;
    readonly isAgain: boolean;
  },
): Promise<'renamed' | 'absent' | 'taken'> {
  try {
    if ((await query(sql.rename, [study, to, channelOf(schema)])).length > 0) return 'renamed';
    return isAgain && (await query(sql.head, [to])).length > 0 ? 'renamed' : 'absent';
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === '23505') return 'taken';
    throw error;
  }
}

function snapshotOf([row]: readonly Row[]):
  | (SnapshotRow & { readonly eventSum: number | undefined })
  | undefined {
  return (
    row && {
      length: Number(row['length']),
      sum: Number(row['sum']),
      state: String(row['state']),
      checksum: Number(row['checksum']),
      eventSum: optional(row['eventSum']),
    }
  );
}

function channelOf(schema: string): string {
  return `${schema}_events`;
}

/**
 * Wakes by NOTIFY, and after each `pollInterval` all the same: a pool between us and the server may pass no notifications on.
 * What is wrong with the connection is for the reads in between to report.
 */
async function* changes(
  { schema, pollInterval }: PostgresDatabaseOptions,
  { connect }: Sessions,
  signal: AbortSignal,
): AsyncGenerator<void> {
  let client: Awaited<ReturnType<Sessions['connect']>> | undefined;
  let wake = new AbortController();
  try {
    while (!signal.aborted) {
      if (!client) {
        const next = await connect().catch(() => undefined);
        next?.on('notification', () => wake.abort());
        next?.on('end', () => {
          client = undefined;
          wake.abort();
        });
        client = next;
        await next?.query(`LISTEN ${channelOf(schema)}`).catch(() => undefined);
      }
      wake = new AbortController();
      yield;
      await pause(
        client ? pollInterval : Math.min(pollInterval, 1000),
        AbortSignal.any([signal, wake.signal]),
      );
    }
  } finally {
    await client?.end().catch(() => undefined);
  }
}
