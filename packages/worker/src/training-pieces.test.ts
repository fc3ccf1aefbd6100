import { type Params, type Sampler, SpaceExhaustedError } from '@foothold/core';
import { postgresForTests } from '@foothold/postgres-server/for-tests';
import { integer, ordinal, searchSpace } from '@foothold/space';
import { postgresStorage } from '@foothold/storage-sql';
import { refuseBeyondBudget, replay, type SharedStudy, sharedStudy } from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { runWorker } from './run-worker.ts';
import { trialQueue } from './trial-queue.ts';
import type { WorkerOptions } from './worker-options.ts';

const postgres = postgresForTests();
const opened: { close?(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close?.();
});
const clock = () => Date.now();
const fidelity = { name: 'epochs', max: 3 };
const training = { fidelity, budget: 9 };

/** A study of one configuration that is trained an epoch at a time, and two workers of it; `exhausted` is awaited where it runs. */
async function workplace(exhausted: () => Promise<void> | void = () => undefined) {
  const address = postgres.newAddress();
  const storage = postgresStorage(address);
  const call = { study: 'train', program: 'foothold 0.1.0' };
  const queue = await trialQueue({ address, call, retries: 3, backOff: 1 });
  opened.push(storage, queue);
  const sampler: Sampler = {
    name: 'one',
    sample: async <P extends Params>({
      trials,
    }: {
      readonly trials: readonly { readonly state: string }[];
    }) => {
      const ended = trials.filter(({ state }) => state === 'complete').length;
      if (trials.length > ended) await exhausted();
      if (trials.length > ended || ended === 3) throw new SpaceExhaustedError(3);
      return [{ params: { x: 1, epochs: ended + 1 } as Params as P }];
    },
  };
  const run = (owner: string, objective: WorkerOptions['objective'], more: Partial<WorkerOptions> = {}) => {
    const study = sharedStudy({
      ...{ space: searchSpace({ x: ordinal(1, 2), epochs: integer(1, 3) }), sampler, fidelity },
      ...{ direction: 'minimize', storage, name: 'train', clock },
      refuseNewTrial: ({ trials }) => refuseBeyondBudget(trials, training),
    });
    return runWorker({
      study: study as unknown as SharedStudy,
      ...{ queue, objective, clock, trials: training, concurrency: 1, failures: 1, heartbeat: 30 },
      lease: { ms: 60_000, owner, alive: () => undefined },
      isPaused: async () => false,
      drain: new AbortController().signal,
      stop: new AbortController().signal,
      onTrial: () => undefined,
      onNote: () => undefined,
      ...more,
    });
  };
  const trials = async () => replay(await storage.read('train', 0)).trials;
  return { queue, run, trials };
}

/** A promise and what resolves it. */
function gate() {
  let open = () => {};
  const opens = new Promise<void>((done) => {
    open = done;
  });
  return { opens, open };
}

describe('workers of pieces of training', { timeout: 60_000 }, () => {
  it('stay while another one trains the only configuration, and go on with it', async () => {
    const { queue, run, trials } = await workplace();
    const [began, looked] = [gate(), gate()];
    const drain = new AbortController();
    const first = run(
      'first',
      async () => {
        drain.abort();
        began.open();
        await looked.opens;
        return 1;
      },
      { drain: drain.signal },
    );
    await began.opens;
    const complete = async (job: string) => {
      looked.open(); // of a job for which there was no piece
      return queue.complete(job);
    };
    const pieces: unknown[] = [];
    const second = await run('second', (_, { piece }) => pieces.push(piece), {
      queue: { ...queue, complete },
    });
    expect([await first, second]).toEqual([
      { finished: 1, stopped: 'drain' },
      { finished: 2, stopped: 'exhausted' },
    ]);
    expect(pieces).toEqual([
      { configuration: 0, from: 1, to: 2 },
      { configuration: 0, from: 2, to: 3 },
    ]);
    expect((await trials()).map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  });

  it('ask again where the piece that was in the way ended while they looked', async () => {
    const [began, asked, told] = [gate(), gate(), gate()];
    const { run } = await workplace(() => {
      asked.open();
      return told.opens;
    });
    const drain = new AbortController();
    const first = run(
      'first',
      async () => {
        drain.abort();
        began.open();
        await asked.opens;
        return 1;
      },
      { drain: drain.signal, onTrial: told.open },
    );
    await began.opens;
    expect(await run('second', () => 1)).toEqual({ finished: 2, stopped: 'exhausted' });
    expect(await first).toEqual({ finished: 1, stopped: 'drain' });
  });

  it('try a piece that failed at another worker again from where it began', async () => {
    const { run, trials } = await workplace();
    const drain = new AbortController();
    const pieces: unknown[] = [];
    await run(
      'first',
      (_, { piece }) => {
        pieces.push(piece);
        if (pieces.length < 2) return 1;
        drain.abort();
        throw new Error('no memory');
      },
      { drain: drain.signal },
    );
    expect(await run('second', (_, { piece }) => pieces.push(piece))).toMatchObject({ finished: 2 });
    const second = { configuration: 0, from: 1, to: 2 };
    expect(pieces.slice(1)).toEqual([second, second, { ...second, from: 2, to: 3 }]);
    expect((await trials()).map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  });

  it('give a piece back, and end, where their machine lacks what it needs', async () => {
    const { run, trials } = await workplace();
    let looks: number;
    const ready = async () => {
      if (++looks === 2) throw new Error('the disk is gone');
    };
    const fails = () => Promise.reject(new Error('no such file'));
    // Before the second piece, and after it failed.
    for (const objective of [() => 1, fails]) {
      looks = 0;
      await expect(run('first', objective, { ready, failures: 0 })).rejects.toThrow('the disk is gone');
      const [first, second] = await trials();
      expect([first?.state, second?.state]).toEqual(['complete', 'running']);
    }
    expect(await run('second', () => 1)).toEqual({ finished: 2, stopped: 'exhausted' });
    expect((await trials()).map(({ state }) => state)).toEqual(['complete', 'complete', 'complete']);
  });
});
