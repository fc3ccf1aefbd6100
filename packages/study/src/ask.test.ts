import { type Sampler, type StudyEvent, TrialLimitError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize, replay } from './index.ts';
import { objective, open, type P, sampler } from './study.fixture.ts';

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
    const storage = memoryStorage();
    await storage.append('study', 0, events.slice(0, event.prefix ?? at));
    const again = open({ storage, lease: { owner: 'another', alive: () => true } });
    expect(await again.ask()).toMatchObject({ params: event.params, why: event.why });
  }
}

const alive = () => true;

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

  it('P2: asks the sampler three times at most while another worker gets a trial during each of its calls', async () => {
    const storage = memoryStorage();
    const other = open({ storage, lease: { owner: 'other', alive } });
    const busy = during(async (call) => {
      const { number } = await other.ask({ fixed: { n: call } });
      await other.tell(number, { state: 'complete', value: 2 });
    });
    const study = open({ storage, sampler: busy.sampler, lease: { owner: 'me', alive } });
    const trial = await study.ask();
    expect(busy.calls()).toBe(3);
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

  it('P2: does not evaluate the same parameters twice when another worker is a moment ahead each time', async () => {
    const storage = memoryStorage();
    const other = open({ storage, lease: { owner: 'other', alive } });
    const busy = during(async (call) => {
      if (call < 6) await other.ask(); // the same prefix, hence the same parameters
    });
    const study = open({ storage, sampler: busy.sampler, lease: { owner: 'me', alive } });
    expect((await study.ask()).number).toBe(6);
    expect(busy.calls()).toBe(7);
    expect(new Set((await study.trials()).map((t) => JSON.stringify(t.params))).size).toBe(7);
    await followsFromPrefix(await study.log());
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
    const slow = during((call) =>
      call === 0
        ? Promise.resolve()
        : new Promise((done) => {
            finish = done;
          }),
    );
    const study = open({ sampler: slow.sampler });
    await study.ask();
    const second = study.ask();
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
