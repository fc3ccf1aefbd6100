import { type Storage, StorageError, type StudyEvent } from '@foothold/core';
import { random } from '@foothold/samplers';
import { searchSpace, uniform } from '@foothold/space';
import { memoryStorage, type SharedStudy, sharedStudy } from '@foothold/study';
import { expect, it } from 'vitest';
import { runWorker } from './run-worker.ts';
import type { TrialJob, TrialQueue } from './trial-job.ts';
import type { WorkerOptions } from './worker-options.ts';

const gone = () => new StorageError('the server is gone', { retry: true });

/** Jobs in this process: one that failed is due at once. */
function memoryQueue(refuse: () => void = () => undefined): TrialQueue {
  const jobs: TrialJob[] = [];
  let count = 0;
  return {
    fill: async (open) => {
      refuse();
      while (jobs.length < open) jobs.push({ id: String(count++), again: undefined });
    },
    take: async () => {
      refuse();
      return jobs.shift();
    },
    beat: async () => undefined,
    complete: async () => refuse(),
    retry: async (id, trial) => {
      jobs.push({ id, again: trial });
      return Date.now();
    },
    close: async () => undefined,
  };
}

/** A worker of a study in memory; `storage` may fail. */
function worker(storage: Storage, objective: WorkerOptions['objective'], more: Partial<WorkerOptions> = {}) {
  const { clock = () => Date.now() } = more;
  const study = sharedStudy({
    ...{ space: searchSpace({ x: uniform(0, 1) }), sampler: random(), direction: 'minimize' as const },
    ...{ storage, clock },
  });
  return runWorker({
    study: study as unknown as SharedStudy,
    ...{ queue: memoryQueue(), objective, clock, trials: 2, concurrency: 1, failures: 0, heartbeat: 30 },
    lease: { ms: 60_000, owner: 'a', alive: () => undefined },
    isPaused: async () => false,
    ...{ drain: new AbortController().signal, stop: new AbortController().signal },
    ...{ onTrial: () => undefined, onNote: () => undefined },
    ...more,
  });
}

/** A storage in memory whose appends `lose` their answers once they are written, and that `refuse` may keep from both. */
function failing({
  loses = () => false,
  refuse = () => undefined,
}: {
  readonly loses?: (events: readonly StudyEvent[]) => boolean;
  readonly refuse?: () => void;
}) {
  const memory = memoryStorage();
  const storage: Storage = {
    read: async (study, from) => {
      refuse();
      return memory.read(study, from);
    },
    append: async (study, at, events) => {
      refuse();
      const isWritten = await memory.append(study, at, events);
      if (isWritten && loses(events)) throw gone();
      return isWritten;
    },
  };
  return { storage, log: async () => memory.read('study', 0) };
}

/** A promise, and what resolves it. */
function latch() {
  let open!: () => void;
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { open, opened };
}

const told = (events: readonly StudyEvent[]) =>
  events.flatMap((event) => (event.type === 'told' ? [event.number] : []));

it('has the trial of an ask whose answer was lost', async () => {
  let losses = 1;
  const loses = (events: readonly StudyEvent[]) =>
    events.some((event) => event.type === 'asked' && event.number === 0) && losses-- > 0;
  const { storage, log } = failing({ loses });
  const numbers: number[] = [];
  await worker(storage, ({ x }, { number }) => Number(x) + 0 * numbers.push(number));
  expect(numbers).toEqual([0, 1]);
  expect(told(await log())).toEqual([0, 1]);
  expect((await log()).some(({ type }) => type === 'expired')).toBe(false);
});

it.each(['answer of the renewal', 'look at the trial'])(
  'has the trial of a job that tries it again although the %s was lost',
  async (lost) => {
    let tries = 0;
    let losses = 1;
    let isNextLost = false;
    const { storage, log } = failing({
      loses: ([event]) => {
        if (tries === 0 || event?.type !== 'asked' || event.lease.owner !== 'a' || losses === 0) return false;
        const isOfRenewal = event.number === 0 && isWaiting;
        if (!isOfRenewal) return false;
        losses--;
        isNextLost = lost === 'look at the trial';
        return !isNextLost;
      },
      refuse: () => {
        if (!isNextLost) return;
        isNextLost = false;
        throw gone();
      },
    });
    let isWaiting = false;
    const queue = memoryQueue();
    const retry: TrialQueue['retry'] = async (id, trial) => {
      isWaiting = true;
      return queue.retry(id, trial);
    };
    const ended = await worker(
      storage,
      ({ x }) => {
        if (tries++ === 0) throw new Error('disk away');
        return Number(x);
      },
      { queue: { ...queue, retry }, trials: 1, failures: 1 },
    );
    expect([ended, tries, losses]).toEqual([{ finished: 1, stopped: 'trials' }, 2, 0]);
    expect(told(await log())).toEqual([0]);
  },
);

it('gives a trial back once although the answer to that was lost, and says so', async () => {
  let losses = 1;
  const isGivenBack = (event: StudyEvent) =>
    event.type === 'asked' && event.number === 0 && event.lease.owner.startsWith('back-off');
  const { storage, log } = failing({ loses: (events) => events.some(isGivenBack) && losses-- > 0 });
  const notes: string[] = [];
  let tries = 0;
  const ended = await worker(
    storage,
    ({ x }) => {
      if (tries++ === 0) throw new Error('disk away');
      return Number(x);
    },
    { trials: 1, failures: 1, onNote: (text) => void notes.push(text) },
  );
  expect([ended, tries]).toEqual([{ finished: 1, stopped: 'trials' }, 2]);
  expect((await log()).filter(isGivenBack)).toHaveLength(1);
  expect(told(await log())).toEqual([0]);
  expect(notes).toContain('trial 0 failed and is tried again: Error: disk away');
  expect(notes.filter((text) => text.includes('not taken'))).toEqual([]);
});

it('evaluates no trial twice at a time although an objective kept the process from renewing its lease', async () => {
  const { storage, log } = failing({});
  const numbers: number[] = [];
  const others = latch();
  await worker(
    storage,
    async ({ x }, { number }) => {
      numbers.push(number);
      if (number === 0) await others.opened;
      else {
        const from = Date.now();
        while (Date.now() - from < 350);
        if (number === 2) others.open();
      }
      return Number(x);
    },
    {
      ...{ trials: 3, concurrency: 2 },
      lease: { ms: 200, owner: 'a', alive: () => undefined, retries: Infinity },
    },
  );
  expect(numbers.toSorted()).toEqual([0, 1, 2]);
  expect(told(await log()).toSorted()).toEqual([0, 1, 2]);
});

it('takes no trial of a worker that could not tell its outcome while the server was gone, for longer than a lease', async () => {
  let [isGone, now] = [false, 0];
  const refuse = () => {
    if (isGone) throw gone();
  };
  const { storage, log } = failing({ refuse });
  const more = (owner: string, onWait: () => void): Partial<WorkerOptions> => ({
    ...{ trials: 1, queue: memoryQueue(refuse), clock: () => now },
    lease: { ms: 600, owner, alive: () => undefined },
    isPaused: async () => {
      refuse();
      return false;
    },
    onNote: (text) => text.startsWith('waiting') && onWait(),
  });
  let others = 0;
  const back = () => {
    now += 10_000;
    isGone = false;
  };
  const [begun, evaluated] = [latch(), latch()];
  const first = worker(
    storage,
    async () => {
      begun.open();
      await evaluated.opened;
      return 1;
    },
    more('a', back),
  );
  await begun.opened;
  isGone = true;
  const second = worker(
    storage,
    () => 2 + 0 * ++others,
    more('b', () => setTimeout(evaluated.open, 50)),
  );
  expect(await Promise.all([first, second])).toMatchObject([{ finished: 1 }, { finished: 0 }]);
  expect(others).toBe(0);
  expect((await log()).at(-1)).toMatchObject({ type: 'told', outcome: { value: 1 } });
});
