import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { postgresQueries } from '@foothold/storage-sql';
import { PgBoss } from 'pg-boss';
import { PgBoss as OlderBoss } from 'pg-boss-older';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { QueueSchemaError } from './queue-schema-error.ts';
import { type TrialQueueOptions, trialQueue } from './trial-queue.ts';

const postgres = postgresForTests();
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
const call = { study: 'train', program: 'foothold 0.1.0' };
const open = async (address: string, more: Partial<TrialQueueOptions> = {}) => {
  const queue = await trialQueue({ address, call, retries: 1, backOff: 1, ...more });
  opened.push(queue);
  return queue;
};
const sqlOf = (address: string) => {
  const sql = postgresQueries(address);
  opened.push(sql);
  return sql;
};

describe('the queue of a study', () => {
  it('makes no job twice that waits, whoever fills it', async () => {
    const address = postgres.newAddress();
    const [a, b] = await Promise.all([open(address), open(address)]);
    await Promise.all([a.fill(3), b.fill(3), b.fill(2)]);
    const taken = [await a.take(), await b.take(), await a.take(), await b.take()];
    expect(taken.map((job) => job?.again)).toEqual([undefined, undefined, undefined, undefined]);
    expect(taken.filter((job) => job).length).toBe(3);
    expect(new Set(taken.slice(0, 3).map((job) => job!.id)).size).toBe(3);
  });

  it('gives a job back with the trial that failed under it, after its back-off, and at most so often', async () => {
    const address = postgres.newAddress();
    const queue = await open(address);
    await queue.fill(1);
    const job = (await queue.take())!;
    const due = await queue.retry(job.id, 7);
    expect(due).toBeGreaterThan(0);
    expect(await queue.take()).toBeUndefined();
    let again: Awaited<ReturnType<typeof queue.take>>;
    for (let i = 0; i < 200 && !again; i++) {
      await new Promise((done) => setTimeout(done, 50));
      again = await queue.take();
    }
    expect(again).toEqual({ id: job.id, again: 7 });
    expect(await queue.retry(job.id, 7)).toBeUndefined();
  });

  it('leaves the jobs of others as they were sent, and sends its own with its own settings', async () => {
    const address = postgres.newAddress();
    const [first, later] = [
      await open(address),
      await open(address, { retries: 7, backOff: 9, heartbeat: 60 }),
    ];
    await first.fill(1);
    await first.take();
    await later.fill(1);
    const { rows } = await sqlOf(address).query(
      `SELECT retry_limit, retry_delay, heartbeat_seconds FROM ${sqlOf(address).schema}_jobs.job ORDER BY retry_limit`,
    );
    expect(rows).toEqual([
      { retry_limit: 1, retry_delay: 1, heartbeat_seconds: 30 },
      { retry_limit: 7, retry_delay: 9, heartbeat_seconds: 60 },
    ]);
  });

  it('refuses the tables of another version, brings older ones up to date when it is told so, and keeps their jobs', async () => {
    const address = postgres.newAddress();
    const sql = sqlOf(address);
    const schema = `${sql.schema}_jobs`;
    const db = { executeSql: async (text: string, values?: unknown[]) => sql.query(text, values) };
    const older = new OlderBoss({ db: db as never, schema, schedule: false, supervise: false });
    await older.start();
    const version = await older.schemaVersion();
    await older.createQueue('of-others');
    await older.send('of-others', { a: 1 });
    await older.stop({ graceful: false });
    const refused = await open(address).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(QueueSchemaError);
    expect(refused).toMatchObject({ schema, version, message: expect.stringContaining('--migrate-queue') });
    const queue = await open(address, { migrate: true });
    await queue.fill(1);
    expect(await queue.take()).toBeDefined();
    const { rows } = await sql.query(`SELECT data FROM ${schema}.job WHERE name = 'of-others'`);
    expect(rows).toEqual([{ data: { a: 1 } }]);
    await sql.query(`UPDATE ${schema}.version SET version = 1000`);
    const newer = await open(address, { migrate: true }).catch((error: unknown) => error);
    expect(newer).toMatchObject({ version: 1000, message: expect.stringContaining('it is newer') });
  });

  it('ends its maintenance where the queue cannot be made', async () => {
    const stop = vi.spyOn(PgBoss.prototype, 'stop');
    const name = { ...call, study: 'a space is refused' };
    await expect(open(postgres.newAddress(), { call: name })).rejects.toThrow('refuses');
    expect(stop).toHaveBeenCalledOnce();
    stop.mockRestore();
  });

  it('says what is wrong with an address, an option and a server', async () => {
    await expect(open('sqlite:x.db')).rejects.toThrow('storage is "sqlite:x.db"');
    await expect(open(postgres.newAddress(), { heartbeat: 3 })).rejects.toThrow('a whole number from 10');
    await expect(open(postgres.newAddress(), { retries: 2 ** 31 })).rejects.toThrow(
      'retries is 2147483648, allowed is a whole number from 0 to 2147483647',
    );
    await expect(open(postgres.newAddress(), { backOff: 301 })).rejects.toThrow(
      'at most maxBackOff, 300 seconds',
    );
    await expect(open('postgres://me@127.0.0.1:1/db')).rejects.toThrow('no server answers there');
    await expect(open(`${postgres.server.address}?schema=${'s'.repeat(48)}`)).rejects.toThrow(
      'at most 45 characters',
    );
  });
});
