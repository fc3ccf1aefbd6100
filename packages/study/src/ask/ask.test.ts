import {
  type Sampler,
  SpaceExhaustedError,
  type Storage,
  type StudyEvent,
  TrialLimitError,
} from '@foothold/core';
import { integer, searchSpace } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { createStudy, memoryStorage, optimize, replay, sharedStudy } from '../index.ts';
import { objective, open, type P, sampler, space } from '../study.fixture.ts';
import { suggestion } from './suggestion.ts';

/** The fixture's sampler with something that happens in each call, before it answers. */
function during(event: (call: number) => Promise<void>): {
  readonly sampler: Sampler;
  readonly calls: () => number;
} {
  let calls = 0;
  return {
    sampler: {
      ...sampler,
      sample: async (request) => {
        const proposals = await sampler.sample(request);
        await event(calls++);
        return proposals;
      },
    },
    calls: () => calls,
  };
}

/** Whether each trial is what a study would suggest from the prefix of the log that its event names. */
async function followsFromPrefix(events: readonly StudyEvent[]): Promise<void> {
  const seen = new Set<number>();
  for (const [at, event] of events.entries()) {
    if (event.type !== 'asked' || seen.has(event.number)) continue;
    seen.add(event.number);
    const request = { space, sampler, goal: { direction: 'minimize' }, seed: 7 } as const;
    const state = replay<P>(events.slice(0, event.prefix ?? at));
    const again = await suggestion(state, { ...request, claim: event.claim });
    expect(again).toMatchObject({ params: event.params, ...(event.why && { why: event.why }) });
  }
}

const alive = () => true;

/** A storage that tells of the calls of another one. */
function counted(storage: Storage): { readonly storage: Storage; readonly calls: string[] } {
  const calls: string[] = [];
  const called = <T>(name: string, result: T) => {
    calls.push(name);
    return result;
  };
  return {
    storage: {
      read: (study, from) => called('read', storage.read(study, from)),
      append: (study, at, events) =>
        called(events.map(({ type }) => type).join(' '), storage.append(study, at, events)),
    },
    calls,
  };
}

describe('a sampler that does not look at the trials', () => {
  const blind = (isPrompt: boolean): Sampler => ({
    ...sampler,
    sample: ({ count, space: of, rng }) => {
      const proposals = Array.from({ length: count }, () => ({
        params: of.decode(Float64Array.from(of.columns, () => rng.next())),
      }));
      return isPrompt ? proposals : Promise.resolve(proposals);
    },
  });
  const run = async (isPrompt: boolean, trials: number) => {
    const { storage, calls } = counted(memoryStorage());
    const studies = ['a', 'b', 'c'].map((owner) =>
      open({ storage, sampler: blind(isPrompt), lease: { owner, alive } }),
    );
    await Promise.all(
      studies.map(async (study) => {
        for (let i = 0; i < trials; i++) {
          const { number } = await study.ask();
          await study.tell(number, { state: 'complete', value: number });
        }
      }),
    );
    return { calls, events: (await storage.read('study', 0)) as readonly StudyEvent[] };
  };
  const pointsOf = (events: readonly StudyEvent[]) =>
    events.flatMap((event) => (event.type === 'asked' ? [event.params] : []));

  it('has its proposals written with the look that it made them from: no point of another worker makes one void', async () => {
    const { events } = await run(true, 20);
    const prefixes = events.filter((event) => event.type === 'asked' && event.prefix !== undefined);
    expect(prefixes.length).toBeLessThanOrEqual(2); // the first asks, before it is known
    // The points are those that one worker alone gets.
    const alone = open({ storage: memoryStorage(), sampler: blind(true) });
    const expected = [];
    for (let i = 0; i < 60; i++) {
      const { number, params } = await alone.ask();
      await alone.tell(number, { state: 'complete', value: 0 });
      expected.push(params);
    }
    expect(pointsOf(events).slice(3)).toEqual(expected.slice(3));
  });

  it('costs an ask and a tell of a worker that is alone one append each', async () => {
    const { storage, calls } = counted(memoryStorage());
    const study = open({ storage, sampler: blind(true) });
    for (let i = 0; i < 3; i++) {
      if (i === 2) calls.length = 0;
      const { number } = await study.ask();
      await study.tell(number, { state: 'complete', value: 0 });
    }
    expect(calls).toEqual(['read', 'asked', 'read', 'told']);
  });

  it('holds up no ask that begins with it and needs no suggestion', async () => {
    let answerNow = () => {};
    const slow = new Promise<void>((done) => {
      answerNow = done;
    });
    let calls = 0;
    const later: Sampler = {
      ...blind(true),
      sample: (request) => {
        const proposals = blind(true).sample(request);
        return calls++ < 2 ? proposals : slow.then(() => proposals);
      },
    };
    const shared = sharedStudy<P>({ space, sampler: later, direction: 'minimize', seed: 7 });
    const [a, b] = ['a', 'b'].map((owner) => shared.worker({ owner, alive }));
    const { number } = await a!.ask({ key: 'k' });
    await a!.ask();
    const order: string[] = [];
    const asks = [
      b!.ask().then(() => order.push('suggested')),
      a!.ask({ key: 'k' }).then((trial) => order.push(`trial ${trial.number} again`)),
    ];
    await new Promise((done) => setTimeout(done, 20));
    order.push('the sampler answers');
    answerNow();
    await Promise.all(asks);
    expect(order).toEqual([`trial ${number} again`, 'the sampler answers', 'suggested']);
  });

  it('is waited for where it answers later, and every point is given once', async () => {
    const { events } = await run(false, 10);
    const points = pointsOf(events).map((params) => JSON.stringify(params));
    expect(points.length).toBe(30);
    expect(new Set(points).size).toBe(30);
  });
});

describe('an ask beside other workers', () => {
  it('P2: asks the sampler once while another worker reports and tells during each of its calls', async () => {
    const storage = memoryStorage();
    const other = open({ storage, lease: { owner: 'other', alive } });
    for (let number = 0; number < 3; number++) await other.ask();
    const busy = during(async (call) => {
      for (let step = 0; step < 4; step++) await other.report(0, 4 * call + step, 1);
      await other.tell(1, { state: 'complete', value: 0.5 });
      await other.enqueue({ x: 0, n: call, c: 'a' });
      await other.release(2);
    });
    const study = open({ storage, sampler: busy.sampler, lease: { owner: 'me', alive } });
    // The released trial is free again: it is given out, and the suggestion is not needed.
    expect((await study.ask()).number).toBe(2);
    expect(busy.calls()).toBe(1);
    const quiet = during(async (call) => void (await other.report(0, 100 + call, 1)));
    const next = open({ storage, sampler: quiet.sampler, lease: { owner: 'third', alive } });
    expect((await next.ask()).params).toEqual({ x: 0, n: 0, c: 'a' }); // the queue
    expect(quiet.calls()).toBe(0);
    expect((await next.ask()).number).toBe(4);
    expect(quiet.calls()).toBe(1);
    const events = await other.log();
    expect(events.at(-1)).toMatchObject({ type: 'asked', number: 4, prefix: events.length - 2 });
  });

  it('P2: asks the sampler once while another worker gets other trials during its call', async () => {
    const storage = memoryStorage();
    const other = open({ storage, lease: { owner: 'other', alive } });
    const busy = during(async (call) => {
      for (let n = 0; n < 3; n++) {
        const { number } = await other.ask({ fixed: { n } });
        await other.tell(number, { state: 'complete', value: 2 + call });
      }
    });
    const study = open({ storage, sampler: busy.sampler, lease: { owner: 'me', alive } });
    const trial = await study.ask();
    expect(busy.calls()).toBe(1);
    expect(trial.number).toBe(3);
    const params = (await study.trials()).map((t) => JSON.stringify(t.params));
    expect(new Set(params).size).toBe(params.length);
    const last = (await study.log()).findLast((event) => event.type === 'asked')!;
    const storageThen = memoryStorage();
    await storageThen.append('study', 0, (await study.log()).slice(0, last.prefix));
    expect(await open({ storage: storageThen, lease: { owner: 'me', alive } }).ask()).toMatchObject({
      params: last.params,
    });
  });

  it('calls the sampler once more where its point is that of a trial that it could not know of', async () => {
    const storage = memoryStorage();
    const other = open({ storage, lease: { owner: 'other', alive } });
    const busy = during(async (call) => {
      if (call === 0) await other.ask(); // nobody is seen yet: the same prefix, hence the same point
    });
    const study = open({ storage, sampler: busy.sampler, lease: { owner: 'me', alive } });
    expect((await study.ask()).number).toBe(1);
    expect(busy.calls()).toBe(2);
    expect(new Set((await study.trials()).map((t) => JSON.stringify(t.params))).size).toBe(2);
    await followsFromPrefix(await study.log());
  });

  it('chooses beside the workers that claimed before, so that no call is repeated and no point given twice', async () => {
    const storage = memoryStorage();
    const first = open({ storage, lease: { owner: 'first', alive } });
    await first.ask(); // somebody is seen
    const workers = Array.from({ length: 6 }, (_, i) => {
      let go: () => void = () => undefined;
      const started = new Promise<void>((done) => {
        go = done;
      });
      let finish: () => void = () => undefined;
      const finished = new Promise<void>((done) => {
        finish = done;
      });
      const slow = during(async () => {
        go();
        await finished;
      });
      const study = open({ storage, sampler: slow.sampler, lease: { owner: `w${i}`, alive } });
      return { study, calls: slow.calls, started, finish: () => finish() };
    });
    const asks = workers.map(({ study }) => study.ask());
    await Promise.all(workers.map(({ started }) => started));
    for (const { finish } of workers.toReversed()) finish();
    await Promise.all(asks);
    expect(workers.map(({ calls }) => calls())).toEqual(Array(6).fill(1));
    const events = await first.log();
    const trials = await first.trials();
    expect(new Set(trials.map((t) => JSON.stringify(t.params))).size).toBe(7);
    expect(events.filter(({ type }) => type === 'claimed')).toHaveLength(6);
    await followsFromPrefix(events);
    // All claims have ended: the next ask chooses beside nobody.
    expect(replay(events).claims.size).toBe(0);
  });

  it('ends the claim of a worker that died while it chose, after the turns of the others', async () => {
    const storage = memoryStorage();
    const first = open({ storage, lease: { owner: 'first', alive } });
    await first.ask();
    const dead = during(() => Promise.reject(new Error('killed')));
    const study = open({ storage, sampler: dead.sampler, lease: { owner: 'dead', alive } });
    await expect(study.ask()).rejects.toThrow('killed');
    const counts: number[] = [];
    const counting: Sampler = {
      ...sampler,
      sample: (request) => {
        counts.push(request.count);
        return sampler.sample(request);
      },
    };
    const second = open({ storage, sampler: counting, lease: { owner: 'second', alive } });
    for (let i = 0; i < 6; i++) await second.tell((await second.ask()).number, { state: 'pruned' });
    expect(counts).toEqual([2, 2, 2, 2, 1, 1]);
    await followsFromPrefix(await first.log());
  });

  it('claims nothing where it is alone, or where its sampler does not look at the trials', async () => {
    const storage = memoryStorage();
    const alone = open({ storage, lease: { owner: 'alone', alive } });
    for (let i = 0; i < 3; i++) await alone.ask();
    expect((await alone.log()).some(({ type }) => type === 'claimed')).toBe(false);
    const blind: Sampler = {
      ...sampler,
      sample: ({ space: of, rng, count }) =>
        Array.from({ length: count }, () => ({
          params: of.decode(Float64Array.from(of.columns, () => rng.next())),
        })),
    };
    const other = open({ storage, sampler: blind, lease: { owner: 'other', alive } });
    for (let i = 0; i < 3; i++) await other.ask();
    expect((await alone.log()).filter(({ type }) => type === 'claimed')).toHaveLength(1); // not known before its first call
  });

  it('gives each point of a finite space once to workers that race for them', async () => {
    const storage = memoryStorage();
    const twelve = searchSpace({ n: integer(0, 11) });
    const lowest: Sampler = {
      name: 'lowest',
      supports: ['fixed'],
      async sample({ space: of, trials, count }) {
        await new Promise((done) => setTimeout(done, 1));
        const taken = new Set(trials.map(({ params }) => JSON.stringify(params)));
        const open = Array.from({ length: 12 }, (_, n) => of.decode(Float64Array.of((n + 0.5) / 12)));
        const free = open.filter((params) => !taken.has(JSON.stringify(params)));
        if (free.length < count) throw new SpaceExhaustedError(12);
        return free.slice(0, count).map((params) => ({ params }));
      },
    };
    const workers = Array.from({ length: 4 }, (_, i) =>
      createStudy({
        ...{ space: twelve, sampler: lowest, direction: 'minimize', storage },
        lease: { owner: `w${i}`, alive },
      }),
    );
    const results = await Promise.all(
      workers.map((study) => optimize(study, ({ n }) => n, { newTrials: 13 })),
    );
    expect(results.every(({ stopped }) => stopped === 'exhausted')).toBe(true);
    const trials = await workers[0]!.trials();
    expect(trials.map(({ params }) => params.n).sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
  });

  it('P2: gives workers that ask at the same moment different parameters, from numbers without a gap', async () => {
    const storage = memoryStorage();
    const workers = Array.from({ length: 6 }, (_, i) => {
      const slow = during(() => new Promise((done) => setTimeout(done, (3 * i) % 7)));
      return open({ storage, sampler: slow.sampler, lease: { owner: `w${i}`, alive } });
    });
    await Promise.all(
      workers.map((w) => optimize(w, (p: P) => objective(p), { trials: 40, concurrency: 2 })),
    );
    const trials = await workers[0]!.trials();
    expect(trials.map((t) => t.number)).toEqual([...Array(40).keys()]);
    expect(new Set(trials.map((t) => JSON.stringify(t.params))).size).toBe(40);
    await followsFromPrefix(await workers[0]!.log());
  });

  it('P2: lets a tell through while the sampler of the same process runs', async () => {
    let finish: () => void = () => undefined;
    let begun: () => void;
    const hasBegun = new Promise<void>((done) => {
      begun = done;
    });
    const slow = during((call) =>
      call === 0
        ? Promise.resolve()
        : new Promise((done) => {
            finish = done;
            begun();
          }),
    );
    const study = open({ sampler: slow.sampler });
    await study.ask();
    const second = study.ask();
    await hasBegun;
    await study.tell(0, { state: 'complete', value: 1 });
    expect((await study.trials())[0]?.state).toBe('complete');
    finish();
    expect((await second).number).toBe(1);
    await followsFromPrefix(await study.log());
  });

  it('refuses a trial above the total, whoever has the others, and gives out what was left all the same', async () => {
    const storage = memoryStorage();
    const a = open({ storage, lease: { owner: 'a', alive } });
    const b = open({ storage, lease: { owner: 'b', alive: (owner) => owner !== 'a' } });
    await a.load([{ params: { x: 0, n: 0, c: 'a' }, value: 1 }]);
    await a.ask({ trials: 1 });
    await expect(a.ask({ trials: 1 })).rejects.toThrow(TrialLimitError);
    expect((await b.ask({ trials: 1 })).number).toBe(1);
    await expect(b.ask({ trials: 1 })).rejects.toThrow('the study has its 1 trials');
    expect(replay(await b.log()).trials).toHaveLength(2);
  });
});
