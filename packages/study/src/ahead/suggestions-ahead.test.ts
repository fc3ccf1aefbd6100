import {
  type Sampler,
  SpaceExhaustedError,
  type Storage,
  type StudyEvent,
  TrialLimitError,
} from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import {
  createStudy,
  memoryStorage,
  optimize,
  replaySuggestions,
  type SharedStudyOptions,
  type SuggestionAnswer,
  type SuggestionBackend,
  type SuggestionCall,
  sharedStudy,
  studyRecord,
  suggestionsOfLog,
} from '../index.ts';
import { objective, type P, sampler, space } from '../study.fixture.ts';

type OfSampler = { readonly sampler?: Sampler; readonly space?: typeof space };

/** What a thread does, in this one: it folds the log and answers one call after another, each once `gate` lets it. */
function backendOf(storage: Storage, { sampler: of = sampler, space: at = space }: OfSampler = {}) {
  const suggestions = suggestionsOfLog<P>({ space: at, sampler: of, direction: 'minimize' });
  const calls: SuggestionCall[] = [];
  const answers: SuggestionAnswer[] = [];
  let gate: Promise<void> = Promise.resolve();
  let length = 0;
  let last: Promise<unknown> = Promise.resolve();
  const backend: SuggestionBackend = {
    suggest(call) {
      calls.push(call);
      const answer = last.then(async () => {
        await gate;
        suggestions.apply((await storage.read('study', length)).slice(0, call.prefix - length));
        length = call.prefix;
        const made = await suggestions.suggest(call);
        answers.push(made);
        return made;
      });
      last = answer.catch(() => undefined);
      return answer;
    },
  };
  const close = () => {
    let open = () => {};
    gate = new Promise((done) => {
      open = done;
    });
    return open;
  };
  return { backend, calls, answers, close };
}

function shared(of: OfSampler & Pick<SharedStudyOptions<P>, 'refuseAsk'> = {}) {
  const storage = memoryStorage();
  const { backend, calls, answers, close } = backendOf(storage, of);
  const study = sharedStudy<P>({
    ...{ space, sampler, direction: 'minimize', seed: 7, storage, ...of },
    suggestions: backend,
  });
  const worker = (owner: string) => study.worker({ owner, alive: () => true });
  return { storage, calls, answers, close, worker, log: () => storage.read('study', 0) };
}

/** Resolves once nothing is under way that does not wait for a gate. */
const settled = () => new Promise((done) => setTimeout(done, 20));
const told = (value: number) => ({ state: 'complete', value }) as const;
const asked = (events: readonly StudyEvent[]) => events.flatMap((of) => (of.type === 'asked' ? [of] : []));

async function differing(events: readonly StudyEvent[], of: OfSampler = {}): Promise<readonly number[]> {
  const numbers: number[] = [];
  let all = 0;
  for await (const one of replaySuggestions<P>({ events, space, sampler, ...of })) {
    all++;
    if (one.cause) numbers.push(one.number);
  }
  expect(all).toBeGreaterThan(0);
  return numbers;
}

describe('suggestions that are made ahead', () => {
  it('are for one worker what it would get without, each made once and none while its trial runs', async () => {
    const { worker, calls, log } = shared();
    const study = worker('a');
    const alone = createStudy<P>({ space, sampler, direction: 'minimize', seed: 7 });
    for (let i = 0; i < 12; i++) {
      const { number, params } = await study.ask();
      expect(params).toEqual((await alone.ask()).params);
      await settled();
      expect(calls.length).toBe(i + 1);
      for (const one of [study, alone]) await one.tell(number, told(objective(params)));
      if (i % 2 === 0) await settled(); // the next ask finds it, or waits for it
    }
    expect(calls.every(({ count }) => count === 1)).toBe(true);
    expect(asked(await log()).every(({ batch, prefix }) => batch === undefined && prefix === undefined)).toBe(
      true,
    );
  });

  it('hold up neither tells nor looks, nor asks for what is prepared', async () => {
    const { worker, close } = shared();
    const [a, b, c] = [worker('a'), worker('b'), worker('c')];
    const [first, second] = [await a.ask(), await b.ask()];
    await settled();
    const order: string[] = [];
    const open = close();
    await a.tell(first.number, told(1)); // from here on one is being made
    const waiting = a.ask({ fixed: { n: 3 } }).then(() => order.push('ask that waits'));
    await settled();
    await b.tell(second.number, told(2)).then(() => order.push('tell'));
    expect(await c.trials()).toHaveLength(2);
    order.push('look');
    open();
    await waiting;
    expect(order).toEqual(['tell', 'look', 'ask that waits']);
  });

  it('are had at once while the next ones are made', async () => {
    const { worker, close, log } = shared();
    const workers = ['a', 'b', 'c', 'd'].map(worker);
    const trials = await Promise.all(workers.map((one) => one.ask()));
    await settled();
    const open = close();
    await workers[0]!.tell(trials[0]!.number, told(1));
    const { number } = await workers[0]!.ask(); // the gate is closed: nothing new can have been made
    expect(number).toBe(4);
    open();
    const last = asked(await log()).at(-1)!;
    expect(last.prefix).toBeLessThan((await log()).length - 1);
    expect(await differing(await log())).toEqual([]);
  });

  it('come into the log together where several asks wait', async () => {
    const { worker, storage, calls } = shared();
    const workers = Array.from({ length: 8 }, (_, i) => worker(`w${i}`));
    let appends = 0;
    const { append } = storage;
    storage.append = (...of) => {
      appends++;
      return append(...of);
    };
    await Promise.all(workers.map((one) => one.trials())); // all are open
    appends = 0;
    const trials = await Promise.all(workers.map((one) => one.ask()));
    const [call] = calls;
    expect(call!.count).toBe(8);
    expect(new Set(trials.map(({ number }) => number)).size).toBe(8);
    expect(appends).toBe(1);
  });

  it('go into the log with what came before them, also while an ask before them is written', async () => {
    const { worker, storage } = shared();
    const workers = ['a', 'b', 'c', 'd', 'e', 'f'].map(worker);
    const trials = await Promise.all(workers.map((one) => one.ask()));
    const [a, b, c] = workers;
    await a!.tell(trials[0]!.number, told(1));
    await b!.tell(trials[1]!.number, told(2));
    await settled(); // the next ones are there
    const { append } = storage;
    const types: string[][] = [];
    let open = () => {};
    const gate = new Promise<void>((done) => {
      open = done;
    });
    storage.append = async (study, at, events) => {
      types.push(events.map(({ type }) => type));
      if (types.length === 1) await gate;
      return append(study, at, events);
    };
    const first = a!.ask();
    await settled(); // it is being written
    const others = [c!.tell(trials[2]!.number, told(3)), b!.ask()];
    await settled();
    open();
    await Promise.all([first, ...others]);
    expect(types).toEqual([['asked'], ['told', 'asked']]);
  });

  it('are made for all asks that wait in one call of the sampler', async () => {
    let made = 0;
    const counted: Sampler = {
      ...sampler,
      sample: async (request) => {
        made++;
        await settled();
        return sampler.sample(request);
      },
    };
    const { worker, log } = shared({ sampler: counted });
    const workers = Array.from({ length: 20 }, (_, i) => worker(`w${i}`));
    await Promise.all(workers.map((one) => one.ask()));
    // The first one before it is known how many ask, and then all others.
    expect(made).toBeLessThanOrEqual(4);
    expect(new Set(asked(await log()).map(({ params }) => JSON.stringify(params))).size).toBe(20);
    expect(await differing(await log())).toEqual([]);
  });

  it('are made for all asks that wait beside a worker of another process, with one claim', async () => {
    const { worker, storage, calls, close, log } = shared();
    const other = { seed: 7, storage, lease: { owner: 'other' } };
    await createStudy<P>({ space, sampler, direction: 'minimize', ...other }).ask();
    const workers = Array.from({ length: 8 }, (_, i) => worker(`w${i}`));
    await Promise.all(workers.map((one) => one.trials()));
    const open = close();
    const gone = new AbortController();
    const asks = workers.map((one, i) => one.ask(i < 7 ? { signal: gone.signal } : {}));
    await settled();
    gone.abort(new Error('gone'));
    open();
    expect((await Promise.allSettled(asks)).map(({ status }) => status)).toEqual([
      ...Array.from({ length: 7 }, () => 'rejected'),
      'fulfilled',
    ]);
    await Promise.all(workers.map((one) => one.ask()));
    const claimed = (await log()).filter(({ type }) => type === 'claimed');
    expect(claimed.length).toBeLessThanOrEqual(2); // each of an ask for which they were made
    expect(calls.length).toBeLessThanOrEqual(4);
    expect(Math.max(...calls.map(({ count }) => count!))).toBeLessThanOrEqual(9);
    expect(await differing(await log())).toEqual([]);
  });

  it('have asks look at the log a few times each, also where each needs one of its own', async () => {
    let looks = 0;
    const { worker, calls } = shared({ refuseAsk: () => void looks++ });
    const workers = Array.from({ length: 60 }, (_, i) => worker(`w${i}`));
    await Promise.all(workers.map((one, i) => one.ask({ fixed: { n: i % 4 } })));
    expect(calls.length).toBe(60);
    expect(looks).toBeLessThanOrEqual(60 * 3); // when it comes, in its turn, and after the making
  });

  it('miss no more results than other trials run', async () => {
    const { worker, close, log } = shared();
    const workers = ['a', 'b', 'c', 'd', 'e', 'f'].map(worker);
    const trials = await Promise.all(workers.map((one) => one.ask()));
    await settled();
    const open = close();
    for (const i of [0, 1, 2]) await workers[i]!.tell(trials[i]!.number, told(i));
    const first = await workers[0]!.ask(); // misses three results beside three running trials
    expect(first.number).toBe(6);
    for (const i of [3, 4]) await workers[i]!.tell(trials[i]!.number, told(i));
    let isThere = false;
    const next = workers[1]!.ask().then(() => {
      isThere = true;
    }); // would miss five beside two
    await settled();
    expect(isThere).toBe(false);
    open();
    await next;
    expect(await differing(await log())).toEqual([]);
  });

  it('are not used for what was enqueued, nor for asks with given values', async () => {
    const { worker, close, log } = shared();
    const workers = ['a', 'b', 'c', 'd'].map(worker);
    const [a, b] = workers;
    const trials = await Promise.all(workers.map((one) => one.ask()));
    await settled();
    const open = close();
    await a!.tell(trials[0]!.number, told(1));
    await a!.enqueue({ x: 0.5, n: 3, c: 'a' });
    await a!.enqueue({ n: 4 });
    const asks = [a!.ask(), a!.ask(), b!.ask({ fixed: { c: 'b' } })];
    open();
    const [whole, part, fixed] = await Promise.all(asks);
    expect(whole!.params).toEqual({ x: 0.5, n: 3, c: 'a' });
    expect(part!.params.n).toBe(4);
    expect(fixed!.params.c).toBe('b');
    expect(await differing(await log())).toEqual([]);
  });

  it('are not used where another trial has got their parameters', async () => {
    const { worker, close, answers, log } = shared();
    const [a, b, c] = [worker('a'), worker('b'), worker('c')];
    const open = close();
    const gone = new AbortController();
    const asks = [a.ask(), b.ask(), c.ask({ signal: gone.signal }), c.ask({ signal: gone.signal })];
    await settled();
    gone.abort(new Error('gone')); // two of the four that are being made are left
    open();
    expect((await Promise.allSettled(asks)).map(({ status }) => status).sort()).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'rejected'],
    ]);
    const [{ suggestions }] = answers as [SuggestionAnswer];
    const [, , third, last] = suggestions;
    expect(suggestions).toHaveLength(4);
    const again = close();
    await a.enqueue(last!.params as P);
    expect((await a.ask()).params).toEqual(last!.params); // in the place of the third
    const next = b.ask();
    await settled();
    again();
    expect([third!.params, last!.params]).not.toContainEqual((await next).params);
    expect(await differing(await log())).toEqual([]);
  });

  it('are given to no ask that is refused, also where that comes while they are made', async () => {
    const refusal = new TrialLimitError(0);
    const { worker, storage, close, log } = shared({
      refuseAsk: ({ attributes }) => {
        if (attributes?.['stopped']) throw refusal;
      },
    });
    const [a, b] = [worker('a'), worker('b')];
    const open = close();
    const waits = a.ask();
    await settled();
    await studyRecord(storage, 'study').note({ attributes: { stopped: 'by hand' } });
    open();
    await expect(waits).rejects.toBe(refusal);
    await expect(b.ask()).rejects.toBe(refusal);
    expect(asked(await log())).toEqual([]);
  });

  it('are not used after an edit', async () => {
    const smaller = searchSpace({ x: uniform(-1, 1), n: integer(0, 3), c: categorical('a', 'b') });
    const { worker, close, storage } = shared();
    const study = worker('a');
    const other = createStudy<P>({ space, sampler, direction: 'minimize', storage });
    const { number } = await study.ask();
    await study.tell(number, told(1));
    await settled(); // the next one is there
    const open = close();
    await studyRecord(storage, 'study').edit({ space: smaller.description! });
    await expect(study.ask()).rejects.toThrow(/space|n/);
    open();
    expect((await other.log()).filter(({ type }) => type === 'asked')).toHaveLength(1);
  });

  it('are not used after a trial was deleted or restored: the next one is made without it', async () => {
    const { worker, storage, calls, log } = shared();
    const study = worker('a');
    for (const value of [1, 2, 3]) await study.tell((await study.ask()).number, told(value));
    await settled(); // the next one is there
    await study.deleteTrial(1);
    const length = (await storage.read('study', 0)).length;
    const { number } = await study.ask();
    expect(number).toBe(3);
    expect(calls.at(-1)).toMatchObject({ prefix: length });
    expect(asked(await log()).at(-1)?.prefix ?? length).toBe(length);
    await study.tell(number, told(4));
    await settled();
    await study.restoreTrial(1);
    const restored = (await storage.read('study', 0)).length;
    expect((await study.ask()).number).toBe(4);
    expect(asked(await log()).at(-1)?.prefix ?? restored).toBe(restored);
    expect(await differing(await log())).toEqual([]);
  });

  it('give way to a trial that was released while they were made', async () => {
    const { worker, calls, close } = shared();
    const [a, b, c, d] = [worker('a'), worker('b'), worker('c'), worker('d')];
    const [first, second, third] = [await a.ask(), await b.ask(), await c.ask()];
    await b.tell(second.number, told(1));
    await settled();
    const open = close();
    await a.deleteTrial(second.number); // what is there is of no use
    await c.tell(third.number, told(2)); // another one is being made
    await settled();
    const before = calls.length;
    const next = d.ask();
    await settled();
    await a.restoreTrial(second.number); // nor is that one: the third is made of the newest log
    await a.release(first.number);
    expect(calls.length).toBe(before);
    open();
    expect((await next).number).toBe(first.number);
  });

  it('leave what was enqueued while the first ones could not be made to the ask that waits', async () => {
    for (const entry of [{ x: 0.5, n: 3, c: 'a' }, { n: 4 }] as const) {
      let calls = 0;
      const failing: Sampler = {
        ...sampler,
        sample: (request) => {
          if (calls++ === 0) throw new Error('not this time');
          return sampler.sample(request);
        },
      };
      const { worker, close } = shared({ sampler: failing });
      const [a, b] = [worker('a'), worker('b')];
      const open = close();
      const gone = new AbortController();
      const first = a.ask({ signal: gone.signal });
      const next = b.ask();
      await settled();
      gone.abort(new Error('gone'));
      await expect(first).rejects.toThrow('gone');
      await settled();
      await a.enqueue(entry);
      open();
      expect((await next).params).toMatchObject(entry);
    }
  });

  it('give way to the own sampler where the backend cannot, with the same answers', async () => {
    const run = async (suggestions?: SuggestionBackend) => {
      const study = sharedStudy<P>({
        ...{ space, sampler, direction: 'minimize', seed: 7, suggestions },
      }).worker();
      await optimize(study, objective, { trials: 10 });
      return (await study.trials()).map(({ params }) => params);
    };
    const expected = await run();
    expect(await run({ suggest: async () => undefined })).toEqual(expected);
  });

  it('give way to the own sampler also where a result came since the ask was in a group', async () => {
    const storage = memoryStorage();
    let made = Promise.resolve();
    const close = () => {
      let open = () => {};
      made = new Promise((done) => {
        open = done;
      });
      return open;
    };
    const suggestions: SuggestionBackend = { suggest: () => made.then(() => undefined) };
    const study = sharedStudy<P>({ space, sampler, direction: 'minimize', seed: 7, storage, suggestions });
    const worker = (owner: string) => study.worker({ owner, alive: () => true });
    const [b, c, d] = [worker('b'), worker('c'), worker('d')];
    await Promise.all([b.trials(), c.trials(), d.trials()]);
    const [told0] = [await c.ask(), await d.ask()];
    await settled();
    const first = close();
    const asks = [worker('a').ask(), b.ask()]; // the study of a is opened first: its ask comes second
    await settled();
    const second = close();
    first();
    await settled();
    await c.tell(told0.number, told(100));
    second();
    await Promise.all(asks);
    const events = await storage.read('study', 0);
    expect(asked(events)).toHaveLength(4);
    expect(await differing(events)).toEqual([]);
  });

  it('leave an error of the sampler to the ask, with its type', async () => {
    const single = searchSpace({ n: integer(0, 2) }) as unknown as typeof space;
    const few: Sampler = {
      ...sampler,
      sample: ({ space: of, trials, count }) => {
        const left = [0, 0.5, 1].slice(trials.length);
        if (left.length < count) throw new SpaceExhaustedError(3);
        return left.slice(0, count).map((u) => ({ params: of.decode(Float64Array.of(u)) }));
      },
    };
    const { worker, log } = shared({ sampler: few, space: single });
    const study = worker('a');
    for (let i = 0; i < 3; i++) await study.tell((await study.ask()).number, told(i));
    await expect(study.ask()).rejects.toBeInstanceOf(SpaceExhaustedError);
    expect(asked(await log())).toHaveLength(3);
  });

  it('leave a log of many workers that a replay makes again, and give no parameters twice', async () => {
    for (const seed of [1, 2, 3]) {
      let calls = 0;
      const slow: Sampler = {
        ...sampler,
        sample: async (request) => {
          calls++;
          await new Promise((done) => setTimeout(done, 3));
          return sampler.sample(request);
        },
      };
      const { worker, log } = shared({ sampler: slow });
      let turn = seed;
      await Promise.all(
        ['a', 'b', 'c', 'd', 'e', 'f'].map((owner) =>
          optimize(
            worker(owner),
            async (p) => {
              turn = (turn * 31) % 17;
              await new Promise((done) => setTimeout(done, turn / 2));
              return objective(p);
            },
            { trials: 60 },
          ),
        ),
      );
      const events = await log();
      const of = asked(events).filter(({ number }, i, all) => all[i - 1]?.number !== number);
      expect(of.filter(({ batch }) => batch !== undefined).length).toBeGreaterThan(10);
      expect(new Set(of.map(({ params }) => JSON.stringify(params))).size).toBe(of.length);
      expect(calls).toBeLessThan(90);
      expect(await differing(events)).toEqual([]);
    }
  });
});
