import { readdirSync } from 'node:fs';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Params, StorageError, type StudyEvent } from '@foothold/core';
import { samplerNamed } from '@foothold/protocol';
import { spaceOf } from '@foothold/space';
import {
  memoryStorage,
  optimize,
  replaySuggestions,
  type StudyState,
  sharedStudy,
  studyRecord,
} from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { type ListenOptions, listen, samplerThread } from './node.ts';
import { remoteStudy } from './remote.ts';
import type { StudySetup } from './study-setup.ts';

const token = 'write-token-of-the-tests';
const space = {
  x: { type: 'real', low: -1, high: 1 },
  y: { type: 'real', low: -1, high: 1 },
} as const;
const create = { space, sampler: 'gp', seed: 3, lease: 600 } as const;
const value = (params: Params) => Number(params['x']) ** 2 + (Number(params['y']) - 0.3) ** 2;
const told = (params: Params) => ({ state: 'complete', value: value(params) }) as const;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function served(options: Partial<ListenOptions> = {}) {
  const storage = memoryStorage();
  const errors: unknown[] = [];
  const server = await listen({
    ...{ storage, token, clock: () => Date.now(), onError: (error) => errors.push(error) },
    ...options,
  });
  open.push(server);
  const worker = (name: string) => remoteStudy(server.url, { name: 'study', token, worker: name, create });
  return { storage, errors, server, worker, log: () => storage.read('study', 0) };
}

async function differing(events: readonly StudyEvent[], of: Parameters<typeof spaceOf>[0] = space) {
  const sampler = await samplerNamed('gp');
  const all: number[] = [];
  const different: number[] = [];
  for await (const one of replaySuggestions({ events, space: spaceOf(of), sampler })) {
    all.push(one.number);
    if (one.suggested === undefined || JSON.stringify(one.suggested) !== JSON.stringify(one.recorded))
      different.push(one.number);
  }
  return { all: all.length, different };
}

/** Parameters that one client is given one after another. */
async function alone(options: Partial<ListenOptions>): Promise<readonly Params[]> {
  const { worker } = await served(options);
  const study = await worker('one');
  const points: Params[] = [];
  for (let i = 0; i < 12; i++) {
    const { number, params } = await study.ask();
    points.push(params);
    await study.tell(number, told(params));
  }
  return points;
}

/** A study of many dimensions with trials enough that one suggestion takes a second or so. */
const long = {
  space: Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`p${i}`, { type: 'real', low: 0, high: 1 } as const]),
  ),
  sampler: 'gp',
  seed: 1,
};
async function longStudy(url: string) {
  const study = await remoteStudy(url, { name: 'long', token, worker: 'long', create: long });
  const trials = Array.from({ length: 400 }, (_, t) => {
    const params = Object.fromEntries(
      Object.keys(long.space).map((name, i) => [name, (t * (i + 1) * 0.137) % 1]),
    );
    return { params, value: Object.values(params).reduce((sum, u) => sum + (u - 0.4) ** 2, 0) };
  });
  const answer = await fetch(`${url}/api/studies/long/load`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ trials }),
  });
  expect(answer.status).toBe(200);
  return study;
}

describe('the thread of the samplers', () => {
  it('gives one client what it gets without, to the last bit', { timeout: 120_000 }, async () => {
    expect(await alone({})).toEqual(await alone({ samplerThread: false }));
  });

  it('lets looks and tells be answered while a model is fitted', { timeout: 120_000 }, async () => {
    const { server, worker } = await served();
    const study = await longStudy(server.url);
    const other = await worker('other');
    const trial = await other.ask();
    const order: string[] = [];
    const asked = study.ask().then(() => order.push('ask'));
    // Each of these goes over the socket after the ask, and is answered before it.
    await study.trials().then(() => order.push('look'));
    await other.tell(trial.number, told(trial.params)).then(() => order.push('tell'));
    await asked;
    expect(order).toEqual(['look', 'tell', 'ask']);
  });

  it('makes suggestions for many clients that a replay makes again', { timeout: 240_000 }, async () => {
    const { worker, log, errors } = await served();
    const workers = await Promise.all(Array.from({ length: 8 }, (_, i) => worker(`w${i}`)));
    await Promise.all(
      workers.map((study) =>
        optimize(
          study,
          async (params, { number }) => {
            await new Promise((done) => setTimeout(done, 20 + 10 * (number % 5)));
            return value(params);
          },
          { trials: 64 },
        ),
      ),
    );
    const events = await log();
    const ahead = events.filter((event) => event.type === 'asked' && event.batch !== undefined);
    expect(ahead.length).toBeGreaterThan(8);
    expect(await differing(events)).toEqual({ all: 64, different: [] });
    expect(errors).toEqual([]);
  });

  it('closes with the server in the middle of a fit', { timeout: 120_000 }, async () => {
    const { server } = await served();
    const study = await longStudy(server.url);
    const asked = study.ask().catch(() => undefined);
    await study.trials(); // the ask has begun
    await server.close();
    open.splice(0);
    await expect(fetch(server.url)).rejects.toThrow();
    // What ran was answered before the end, or cut off; nothing of the thread is left that waits.
    expect(process.getActiveResourcesInfo()).not.toContain('MessagePort');
    void asked;
  });
});

describe('a thread of samplers by itself', () => {
  const studyOf = async () => {
    const storage = memoryStorage();
    const shared = sharedStudy({
      ...{
        storage,
        space: spaceOf(space),
        sampler: await samplerNamed('gp'),
        direction: 'minimize',
        seed: 3,
      },
    });
    const study = shared.worker();
    await optimize(study, value, { trials: 12 });
    const state = await studyRecord(storage, 'study').state();
    return { storage, state, expected: (await study.ask()).params };
  };
  const setupOf = ({ created, goal, space: of, configured, facts }: StudyState): StudySetup =>
    ({
      created,
      goal,
      space: of,
      configured,
      facts: { ...facts, server: { sampler: 'gp' } },
      sources: [],
    }) as never;

  it.runIf(process.platform === 'linux')('has a lower priority than what answers', async () => {
    const { storage, state } = await studyOf();
    const thread = samplerThread();
    const suggestions = thread.open(setupOf(state), (from) => storage.read('study', from));
    const priorities = () => {
      const all = readdirSync('/proc/self/task').map((id) => [id, os.getPriority(Number(id))] as const);
      return { main: os.getPriority(process.pid), all: new Map(all) };
    };
    const before = priorities();
    expect(await suggestions.suggest({ prefix: state.length })).toBeDefined();
    const { main, all } = priorities();
    await thread.close();
    expect(main).toBe(before.main);
    const added = [...all].flatMap(([id, priority]) => (before.all.has(id) ? [] : [priority]));
    expect(added).toContain(Math.min(19, os.getPriority(0) + 10));
    for (const [id, priority] of before.all) expect(all.get(id) ?? priority).toBe(priority);
  });

  it('gives way to the server where it ends in the middle of a fit', { timeout: 120_000 }, async () => {
    const { server, errors, storage } = await served();
    const study = await longStudy(server.url);
    const threads = new Set<Worker>();
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (this: Worker, ...args) {
      threads.add(this);
      return postMessage.apply(this, args);
    };
    try {
      const asked = study.ask();
      await expect.poll(() => threads.size, { interval: 5 }).toBe(1);
      for (const thread of threads) await thread.terminate();
      const { number, params } = await asked;
      expect([number, Object.keys(params)]).toEqual([400, Object.keys(long.space)]);
      // The server's own call gave what a replay gives.
      expect(await differing(await storage.read('long', 0), long.space)).toEqual({ all: 1, different: [] });
      expect(errors).toEqual([
        expect.objectContaining({ message: expect.stringContaining('the thread of the samplers ended') }),
      ]);
    } finally {
      Worker.prototype.postMessage = postMessage;
    }
  });

  it('goes on after what no log can be, and ends with the server', { timeout: 120_000 }, async () => {
    const { storage, state, expected } = await studyOf();
    const errors: unknown[] = [];
    const thread = samplerThread({ onError: (error) => errors.push(error) });
    open.push(thread);
    const suggestions = thread.open(setupOf(state), (from) => storage.read('study', from));
    const request = { prefix: state.length, count: 1 };
    const params = async () => {
      const [one] = (await suggestions.suggest(request))?.suggestions ?? [];
      return one?.params;
    };
    expect(await params()).toEqual(expected);
    // A log that no study can have written: its suggestions are the server's to refuse.
    const broken = thread.open(setupOf(state), async () =>
      Array.from({ length: 12 }, () => ({ type: 'told', number: 9, outcome: { state: 'pruned' } })),
    );
    await expect(broken.suggest({ prefix: 12 })).resolves.toBeUndefined();
    expect(await params()).toEqual(expected);
    await thread.close();
    await expect(suggestions.suggest(request)).rejects.toBeInstanceOf(StorageError);
  });
});
