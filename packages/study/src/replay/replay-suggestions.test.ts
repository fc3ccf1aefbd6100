import { type Sampler, StorageError, type StudyEvent, seeded } from '@foothold/core';
import { searchSpace, spaceOf, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import {
  countSuggestions,
  memoryStorage,
  optimize,
  type ReplayedSuggestion,
  type ReplayOptions,
  replaySuggestions,
} from '../index.ts';
import { objective, open, type P, sampler, space } from '../study.fixture.ts';

const replayed = async (options: Partial<ReplayOptions<P>> & Pick<ReplayOptions<P>, 'events'>) => {
  const all: ReplayedSuggestion<P>[] = [];
  for await (const one of replaySuggestions<P>({ space, sampler, ...options })) all.push(one);
  return all;
};
const differing = (all: readonly ReplayedSuggestion<P>[]) => all.filter(({ cause }) => cause);

/** A run of four workers on one storage, with random durations, reports, notes, an enqueued trial and lost leases. */
async function parallelRun(seed: number): Promise<readonly StudyEvent[]> {
  const storage = memoryStorage();
  const rng = seeded(seed);
  // Others append events while it computes.
  const slow: Sampler = {
    ...sampler,
    sample: async (request) => {
      await new Promise((done) => setTimeout(done, 2));
      return sampler.sample(request);
    },
  };
  const lease = (owner: string) => ({ owner, alive: () => true });
  const studies = ['a', 'b', 'c', 'd'].map((owner) =>
    open({
      ...{ storage, seed, sampler: slow, program: 'test 1', trials: 40 },
      ...{ clock: () => Date.now(), lease: lease(owner) },
    }),
  );
  await studies[0]!.enqueue({ x: 0.5, n: 3, c: 'a' });
  await studies[0]!.enqueue({ n: 4 });
  await Promise.all(
    studies.map((study) =>
      optimize(
        study,
        async (p, { number, report, note }) => {
          await new Promise((done) => setTimeout(done, Math.round(4 * rng.next())));
          await report(1, p.x);
          if (number % 3 === 0) await note({ attributes: { worker: number } });
          if (number % 7 === 6) throw new Error('out of memory');
          return objective(p);
        },
        { trials: 40 },
      ),
    ),
  );
  await studies[1]!.ask({ fixed: { c: 'b' } });
  await studies[2]!.ask({ fixed: { n: 2, x: 0.25 } });
  return studies[0]!.log();
}

describe('a replay of the suggestions in a log', () => {
  it('makes each of 5 runs of four workers again, to the last bit', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const events = await parallelRun(seed);
      expect(events.some((event) => event.type === 'asked' && event.prefix !== undefined)).toBe(true);
      const all = await replayed({ events, program: 'test 1' });
      expect(differing(all)).toEqual([]);
      expect(all.length).toBe(41); // 42 trials, one of them whole from the queue
      expect(countSuggestions(events)).toBe(41);
    }
  });

  it('does not depend on times, attributes and notes', async () => {
    const events = await parallelRun(1);
    const others = events.map((event): StudyEvent => {
      const { at: _, ...rest } = event;
      const lease = rest.type === 'asked' ? { lease: { owner: 'other', until: 3 } } : {};
      if (rest.type !== 'noted') return { ...rest, ...lease, at: 12 } as StudyEvent;
      return { type: 'noted', note: 'of the study' };
    });
    expect(differing(await replayed({ events: others, program: 'test 1' }))).toEqual([]);
  });

  it('says what the first cause of a difference is', async () => {
    const events = await parallelRun(2);
    const other: Sampler = {
      ...sampler,
      sample: (request) => sampler.sample({ ...request, rng: request.rng.fork('other') }),
    };
    const causeOf = async (more: Partial<ReplayOptions<P>>) => {
      const found = differing(await replayed({ events, program: 'test 1', sampler: other, ...more }));
      expect(found.length).toBeGreaterThan(30);
      return found[0]!.cause!;
    };
    expect(await causeOf({ sampler: { ...other, name: 'another' } })).toEqual({
      kind: 'sampler',
      text: 'the sampler was fixture, now another',
    });
    expect(await causeOf({ program: 'test 2' })).toEqual({
      kind: 'program',
      text: 'the program was test 1, now test 2',
    });
    expect(await causeOf({ sampler: { ...other, options: { shift: { by: 3 } } } })).toEqual({
      kind: 'options',
      text: 'option shift.by was not given, now 3',
    });
    const narrower = searchSpace({ x: uniform(-1, 0.5), n: uniform(0, 9), c: uniform(0, 1) });
    expect(await causeOf({ space: narrower as never })).toMatchObject({
      kind: 'space',
      text: expect.stringMatching(/^space \S+/),
    });
    expect(await causeOf({})).toMatchObject({ kind: 'unknown' });
    const old = events.filter(({ type }) => type !== 'configured');
    expect(await causeOf({ events: old })).toMatchObject({ kind: 'not-recorded' });
    const refusing: Sampler = {
      ...sampler,
      sample: () => {
        throw new StorageError('no');
      },
    };
    expect(await causeOf({ sampler: refusing })).toEqual({ kind: 'error', text: 'no' });
  });

  it('makes the sampler and the space of what the log says, and again where that changes', async () => {
    const storage = memoryStorage();
    const run = (options: object, trials: number) =>
      optimize(open({ storage, trials, sampler: { ...sampler, options } as Sampler }), objective, { trials });
    await run({ a: 1 }, 3);
    await run({ a: 1 }, 3);
    await run({ a: 2 }, 5);
    const events = await open({ storage }).log();
    expect(events.filter(({ type }) => type === 'configured')).toEqual([
      { type: 'configured', sampler: { name: 'fixture', options: { a: 1 }, plannedTrials: 3 } },
      { type: 'configured', sampler: { name: 'fixture', options: { a: 2 }, plannedTrials: 5 } },
    ]);
    const seen: unknown[] = [];
    const all = await replayed({
      events,
      space: (description) => spaceOf(description) as never,
      sampler: (configured) => {
        seen.push(configured?.options);
        return sampler;
      },
    });
    expect(seen).toEqual([{ a: 1 }, { a: 2 }]);
    expect(all.map(({ number, cause }) => [number, cause])).toEqual(
      [...Array(5).keys()].map((n) => [n, undefined]),
    );
  });

  it('needs no configuration where only the queue is asked', async () => {
    const study = open();
    await study.enqueue({ x: 0.5, n: 3, c: 'a' });
    await study.ask();
    const events = await study.log();
    expect(events.map(({ type }) => type)).toEqual(['created', 'enqueued', 'asked']);
    expect(await replayed({ events })).toEqual([]);
  });

  it('refuses a log that no study writes, and stops at a signal', async () => {
    const events = await parallelRun(3);
    await expect(replayed({ events: [...events, events[0]!] })).rejects.toThrow(StorageError);
    const controller = new AbortController();
    const all = replaySuggestions<P>({ events, space, sampler, signal: controller.signal });
    expect((await all.next()).done).toBe(false);
    controller.abort(new Error('enough'));
    await expect(all.next()).rejects.toThrow('enough');
  });
});
