import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { random } from '@foothold/samplers';
import { integer, searchSpace, uniform } from '@foothold/space';
import { postgresQueries, postgresStorage } from '@foothold/storage-sql';
import { replay, type SharedStudy, sharedStudy } from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { failuresAttribute, failuresOf } from './failure-count.ts';
import { runWorker } from './run-worker.ts';
import { trialQueue } from './trial-queue.ts';
import type { WorkerOptions } from './worker-options.ts';

const postgres = postgresForTests();
const opened: { close?(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close?.();
});
const call = { study: 'train', program: 'foothold 0.1.0' };
const clock = () => Date.now();

/** A study of six trials, its queue, and one worker of it. */
async function workplace(space = searchSpace({ x: uniform(0, 1) })) {
  const address = postgres.newAddress();
  const storage = postgresStorage(address);
  const sql = postgresQueries(address);
  const queue = await trialQueue({ address, call, retries: 3, backOff: 1 });
  opened.push(storage, sql, queue);
  const study = () =>
    sharedStudy({
      ...{ space, sampler: random(), direction: 'minimize', trials: 6 },
      ...{ storage, name: 'train', clock },
    });
  const run = (objective: WorkerOptions['objective'], more: Partial<WorkerOptions> = {}) =>
    runWorker({
      study: study() as unknown as SharedStudy,
      ...{ queue, objective, clock, trials: 6, concurrency: 2, failures: 0, heartbeat: 30 },
      lease: { ms: 60_000 },
      isPaused: async () => false,
      drain: new AbortController().signal,
      stop: new AbortController().signal,
      onTrial: () => undefined,
      onNote: () => undefined,
      ...more,
    });
  const log = async () => storage.read('train', 0);
  const toldOnce = async () => {
    const numbers = (await log()).flatMap((event) => (event.type === 'told' ? [event.number] : []));
    return numbers.sort((a, b) => a - b);
  };
  return { queue, sql, run, log, toldOnce, schema: `${sql.schema}_jobs` };
}

describe('a worker', { timeout: 60_000 }, () => {
  it('ends every trial once although its jobs are deleted while it works', async () => {
    const { run, sql, schema, toldOnce } = await workplace();
    let calls = 0;
    const result = await run(async ({ x }) => {
      if (++calls === 2) await sql.query(`DELETE FROM ${schema}.job`);
      return Number(x);
    });
    expect(result).toEqual({ finished: 6, stopped: 'trials' });
    expect([calls, await toldOnce()]).toEqual([6, [0, 1, 2, 3, 4, 5]]);
  });

  it('ends every trial once although jobs are there twice', async () => {
    const { run, queue, toldOnce } = await workplace();
    await queue.fill(40);
    let calls = 0;
    const both = await Promise.all(
      [0, 1].map((k) => run(({ x }) => Number(x) + 0 * ++calls, { lease: { ms: 60_000, owner: `w${k}` } })),
    );
    expect(both[0]!.finished + both[1]!.finished).toBe(6);
    expect([calls, await toldOnce()]).toEqual([6, [0, 1, 2, 3, 4, 5]]);
    await queue.fill(5); // what is left in the queue means nothing
    expect(await run(() => Number.NaN)).toEqual({ finished: 0, stopped: 'trials' });
  });

  it('takes no outcome of a worker whose lease another one has', async () => {
    const { run, log } = await workplace();
    const drained = new AbortController();
    const release = () => drained.abort();
    const isHeld = new Promise<void>((done) => drained.signal.addEventListener('abort', () => done()));
    const drain = new AbortController();
    // Its lease is never renewed in time: 1 ms.
    const slow = run(
      async () => {
        drain.abort();
        await isHeld;
        return 100;
      },
      { concurrency: 1, lease: { ms: 1, owner: 'slow', alive: () => undefined }, drain: drain.signal },
    );
    await new Promise<void>((done) => drain.signal.addEventListener('abort', () => done()));
    const quick = await run(({ x }) => Number(x), {
      lease: { ms: 60_000, owner: 'quick', alive: () => undefined },
    });
    release();
    expect(await slow).toEqual({ finished: 0, stopped: 'drain' });
    expect(quick.finished).toBe(6);
    const { trials } = replay(await log());
    expect(trials.map((trial) => trial.state === 'complete' && trial.value < 1)).toEqual(
      new Array(6).fill(true),
    );
  });

  it('begins no trial once it drains, whatever it waits for then', async () => {
    const { run, log } = await workplace();
    const drain = new AbortController();
    const isPaused = async () => {
      drain.abort();
      return false;
    };
    const ended = await run(({ x }) => Number(x), { drain: drain.signal, isPaused });
    expect(ended).toEqual({ finished: 0, stopped: 'drain' });
    expect((await log()).map(({ type }) => type)).not.toContain('asked');
  });

  it('goes on while a trial waits for another try, although no point of the space is left', async () => {
    const { run, log } = await workplace(searchSpace({ x: integer(0, 3) }) as never);
    let calls = 0;
    const ended = await run(
      ({ x }) => {
        if (++calls === 4) throw new Error('disk away');
        return Number(x);
      },
      { trials: 10, failures: 1 },
    );
    expect(ended).toEqual({ finished: 4, stopped: 'exhausted' });
    expect(replay(await log()).trials.map(({ state }) => state)).toEqual(new Array(4).fill('complete'));
  });

  it('keeps what any failure says, as far as textOf does, and counts it where no program does', async () => {
    const { run, log } = await workplace();
    const notes: string[] = [];
    const reason = 'half of a pair \ud83d, a zero \0, a secret';
    const ended = await run(
      async (_, { number, note }) => {
        if (number === 0) await note({ attributes: { [failuresAttribute]: 'none' } });
        throw new Error(reason);
      },
      {
        ...{ trials: 2, failures: 1, onNote: (text) => notes.push(text) },
        textOf: (text) => text.replace('secret', '***'),
      },
    );
    expect(ended).toEqual({ finished: 2, stopped: 'trials' });
    const [first, second] = replay(await log()).trials;
    expect(first).toMatchObject({
      ...{ state: 'failed', reason: expect.stringContaining(`attributes.${failuresAttribute}`) },
      attributes: { [failuresAttribute]: 2 },
    });
    expect(second).toMatchObject({
      reason: 'Error: half of a pair \ud83d, a zero \0, a ***',
      attributes: { [failuresAttribute]: 2 },
    });
    expect(notes.filter((text) => text.includes('tried again'))).toHaveLength(2);
    expect(notes.join()).not.toContain('secret');
    for (const wrong of ['none', -1, 0.5, null, [2]])
      expect(failuresOf({ [failuresAttribute]: wrong })).toBe(0);
  });

  it('rejects with what the study throws once what runs has ended', async () => {
    const { run, toldOnce } = await workplace();
    let looks = 0;
    const refused = run(({ x }) => new Promise((done) => setTimeout(() => done(Number(x)), 200)), {
      isPaused: async () => {
        if (++looks > 1) throw new RangeError('refused on purpose');
        return false;
      },
    });
    await expect(refused).rejects.toThrow('refused on purpose');
    expect(await toldOnce()).toEqual([0]);
  });

  it('takes the job of the next trial while a trial runs', async () => {
    const { run, queue, toldOnce } = await workplace();
    let takes = 0;
    const take = () => queue.take().finally(() => takes++);
    // The first trial needs two looks: there is no job, then there are those that it sent. Each trial here waits for the look beside it.
    const objective: WorkerOptions['objective'] = async ({ x }, { number }) => {
      while (takes < number + 3) await new Promise((done) => setTimeout(done, 5));
      return Number(x);
    };
    const ended = await run(objective, { queue: { ...queue, take }, concurrency: 1 });
    expect(ended).toEqual({ finished: 6, stopped: 'trials' });
    expect(await toldOnce()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('gives up the job of a failed trial that it took ahead and does not come to', async () => {
    const { run, queue, log } = await workplace();
    await queue.fill(2);
    // Its look ahead lasts until the job of the trial that failed is due.
    const take = async () => {
      for (;;) {
        const job = await queue.take();
        if (job || over.signal.aborted) return job;
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    const over = new AbortController();
    const lease = { ms: 1500, alive: () => true };
    const busy = run(
      async ({ x }, { number }) => {
        if (number === 0) throw new Error('disk away');
        await new Promise<void>((done) => over.signal.addEventListener('abort', () => done()));
        return Number(x);
      },
      {
        ...{ trials: 2, failures: 1, concurrency: 1 },
        ...{ queue: { ...queue, take }, lease: { ...lease, owner: 'busy' } },
      },
    );
    await expect
      .poll(async () => (await log()).some((e) => e.type === 'expired'), { timeout: 20_000 })
      .toBe(true);
    const other = run(({ x }) => Number(x), { trials: 2, lease: { ...lease, owner: 'other' } });
    await expect
      .poll(async () => (await log()).some((e) => e.type === 'told'), { timeout: 20_000 })
      .toBe(true);
    over.abort();
    expect([(await busy).finished, (await other).finished]).toEqual([1, 1]);
    const events = await log();
    expect(events.find((event) => event.type === 'expired')).toMatchObject({ number: 0 });
    expect(events.filter((event) => 'lost' in event)).toEqual([]);
    expect(replay(events).trials.map(({ state }) => state)).toEqual(['complete', 'complete']);
  });
});
