import { InvalidArgumentError, OptimizationError, StorageError } from '@foothold/core';
import { type PostgresQueries, postgresQueries } from '@foothold/storage-sql';
import type { PgBoss } from 'pg-boss';
import { loadPgBoss, type PgBossModule } from './load-pg-boss.ts';
import { QueueSchemaError } from './queue-schema-error.ts';
import type { TrialCall, TrialQueue } from './trial-job.ts';

export interface TrialQueueOptions {
  /** `postgres://…`, the storage of the study. */
  readonly address: string;
  /** The study and the program that sends jobs, with its version. */
  readonly call: TrialCall;
  /** Seconds of silence after which a job goes to another worker, a whole number from 10. Default: 30. */
  readonly heartbeat?: number | undefined;
  /** How often a job is given back, because its worker was silent or its program failed. */
  readonly retries: number;
  /**
   * Seconds until a job that was given back is due again: at random once to twice as long, and each further time of the job, for whatever
   * reason, twice that, up to `maxBackOff`. Default: 5.
   */
  readonly backOff?: number | undefined;
  /** Seconds, at least `backOff`. Default: 300. */
  readonly maxBackOff?: number | undefined;
  /** Milliseconds in which a server that was there may come back, before a call fails with `retry`. Default: 60 000. */
  readonly reconnectTimeout?: number | undefined;
  /** Brings the tables of an older pg-boss up to date. Default: refuses them. */
  readonly migrate?: boolean | undefined;
}

/** Jobs that are made at once: more are made when these are taken. */
const longestFill = 200;
/** A trial may run for as long; pg-boss allows less than a day. */
const longestRun = 24 * 60 * 60 - 1;
/** Most that an integer of PostgreSQL holds. */
const maxInteger = 2 ** 31 - 1;

/**
 * The queue of a study: jobs of pg-boss, in a schema of its own (that of the address with `_jobs` behind it). It is made where there
 * is none.
 *
 * Throws InvalidArgumentError for an address that is none of PostgreSQL and options outside their range, UnsupportedError where
 * pg-boss is not there, QueueSchemaError for tables of another version, StorageError for a server that refuses.
 */
export async function trialQueue(options: TrialQueueOptions): Promise<TrialQueue> {
  refuseOptions(options);
  const pgBoss = await loadPgBoss();
  const sql = postgresQueries(options.address, { reconnectTimeout: options.reconnectTimeout });
  let boss: PgBoss | undefined;
  try {
    boss = await madeBoss(pgBoss, sql, options);
    await boss.start();
    return queueOf(boss, sql, { name: await madeQueue(boss, options), options });
  } catch (error) {
    await boss?.stop({ graceful: false }).catch(() => undefined);
    await sql.close();
    throw queueError(error, sql.place);
  }
}

function refuseOptions({ heartbeat = 30, retries, backOff = 5, maxBackOff = 300 }: TrialQueueOptions): void {
  for (const [name, value, from] of [
    ['heartbeat', heartbeat, 10],
    ['retries', retries, 0],
    ['backOff', backOff, 1],
    ['maxBackOff', maxBackOff, 1],
  ] as const)
    if (!Number.isSafeInteger(value) || value < from || value > maxInteger)
      throw new InvalidArgumentError(name, value, `a whole number from ${from} to ${maxInteger}`);
  if (backOff > maxBackOff)
    throw new InvalidArgumentError('backOff', backOff, `at most maxBackOff, ${maxBackOff} seconds`);
}

/** The schema of the queue beside that of the studies. */
function schemaOf({ schema, place }: PostgresQueries): string {
  const own = `${schema}_jobs`;
  if (own.length > 50)
    throw new InvalidArgumentError(
      'storage',
      place,
      'a schema of at most 45 characters, for the job queue beside it',
    );
  return own;
}

/** What may be started. Throws QueueSchemaError for tables of another version. */
async function madeBoss(
  { PgBoss: Boss, schemaVersion }: PgBossModule,
  sql: PostgresQueries,
  { migrate = false, heartbeat = 30 }: TrialQueueOptions,
): Promise<PgBoss> {
  const schema = schemaOf(sql);
  const db = {
    executeSql: async (text: string, values?: readonly unknown[]) => {
      const found = await sql.query(text, values);
      return found as { rows: unknown[] };
    },
  };
  const every = Math.max(1, Math.floor(heartbeat / 3));
  const settings = {
    db,
    schema,
    schedule: false,
    superviseIntervalSeconds: every,
    monitorIntervalSeconds: every,
  };
  const found = new Boss({ ...settings, supervise: false });
  const version = (await found.isInstalled()) ? await found.schemaVersion() : null;
  if (version !== null && version !== schemaVersion && !(migrate && version < schemaVersion))
    throw new QueueSchemaError(schema, version, schemaVersion);
  const boss = new Boss({ ...settings, migrate: version !== schemaVersion });
  // Maintenance in the background: what is wrong with the server is for the next call to report.
  boss.on('error', () => undefined);
  return boss;
}

/** What becomes of a job, as this worker wants it. Jobs carry it themselves: other workers of the study may want something else. */
function jobSettings({ heartbeat = 30, retries, backOff = 5, maxBackOff = 300 }: TrialQueueOptions) {
  return {
    ...{ heartbeatSeconds: heartbeat, expireInSeconds: longestRun, deleteAfterSeconds: 24 * 60 * 60 },
    ...{ retryLimit: retries, retryDelay: backOff, retryBackoff: true, retryDelayMax: maxBackOff },
  };
}

/** Makes the queue of the study where there is none; its name. Names of studies are names of queues too. */
async function madeQueue(boss: PgBoss, options: TrialQueueOptions): Promise<string> {
  const name = `trials.${options.call.study}`;
  // At most one job of a key waits: what is sent twice is one job.
  await boss.createQueue(name, { ...jobSettings(options), policy: 'short' });
  return name;
}

function queueOf(
  boss: PgBoss,
  sql: PostgresQueries,
  { name, options }: { readonly name: string; readonly options: TrialQueueOptions },
): TrialQueue {
  const settings = jobSettings(options);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw queueError(error, sql.place);
    }
  };
  return {
    fill: (count) =>
      guarded(async () => {
        const jobs = Array.from({ length: Math.min(count, longestFill) }, (_, k) => ({
          data: { ...options.call },
          singletonKey: String(k),
          ...settings,
        }));
        if (jobs.length > 0) await boss.insert(name, jobs);
      }),
    take: () =>
      guarded(async () => {
        const [job] = await boss.fetch(name, { includeMetadata: true });
        if (!job) return undefined;
        const { trial } = (job.output ?? {}) as { readonly trial?: unknown };
        return { id: job.id, again: typeof trial === 'number' ? trial : undefined };
      }),
    beat: (jobs) =>
      guarded(async () => {
        if (jobs.length > 0) await boss.touch(name, [...jobs]);
      }),
    complete: (job) => guarded(async () => void (await boss.complete(name, job))),
    retry: (job, trial) =>
      guarded(async () => {
        await boss.fail(name, job, { trial });
        const [now] = await boss.findJobs(name, { id: job });
        return now?.state === 'retry' ? now.startAfter.getTime() : undefined;
      }),
    close: async () => {
      await boss.stop({ graceful: false }).catch(() => undefined);
      await sql.close();
    },
  };
}

/** What pg-boss threw, as an error of ours. */
function queueError(error: unknown, place: string): OptimizationError {
  if (error instanceof OptimizationError) return error;
  const { message } = error as Error;
  return new StorageError(`the job queue of ${place} refuses (${message})`, { cause: error });
}
