import type { Sampler, Storage } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../index.ts';
import { transactByAppends } from '../storage/transact-by-appends.ts';
import { objective, open, sampler } from '../study.fixture.ts';

/** The fixture's sampler, whose calls are counted by the trials that they had, with their signals. */
function counted(work: (signal: AbortSignal | undefined) => Promise<void> = async () => undefined) {
  const calls: number[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const own: Sampler = {
    ...sampler,
    async sample(request) {
      calls.push(request.trials.length);
      signals.push(request.signal);
      await work(request.signal);
      return sampler.sample(request);
    },
  };
  return { calls, signals, sampler: own };
}

/** A sampler that waits until it is let go, unless its signal ends it before. */
function held() {
  let go = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const of = counted((signal) =>
    Promise.race([
      gone,
      new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    ]),
  );
  return { ...of, go };
}

/** A storage whose transactions are done but not answered before `go`, once `hold` was called; `planned` is the first of those. */
function slowStorage() {
  const of = memoryStorage();
  let gate: Promise<void> | undefined;
  let [go, reached] = [(): void => undefined, (): void => undefined];
  const planned = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const storage: Storage = {
    ...of,
    async transact(study, from, plan) {
      await transactByAppends(of, study, { from, plan });
      if (gate) reached();
      await gate;
    },
  };
  const hold = () => {
    gate = new Promise((resolve) => {
      go = resolve;
    });
  };
  return { storage, hold, planned, go: () => go() };
}

const past = [0.1, -0.4, 0.7].map((x, n) => ({
  params: { x, n, c: 'b' } as const,
  state: 'complete' as const,
  value: objective({ x, n, c: 'b' }),
}));

describe('a suggestion that is begun before its ask', () => {
  it('is the one that the ask gets without, in a whole run', async () => {
    const logs = await Promise.all(
      [true, false].map(async (isPrepared) => {
        const { calls, sampler: own } = counted();
        const study = open({ sampler: own, trials: 6 });
        await study.load(past);
        for (let k = 0; k < 6; k++) {
          if (isPrepared) await study.prepare();
          const { number, params } = await study.ask();
          await study.tell(number, { state: 'complete', value: objective(params) });
        }
        if (isPrepared) await study.prepare();
        expect(calls).toHaveLength(6);
        return (await study.log()).map((event) => JSON.stringify({ ...event, lease: undefined }));
      }),
    );
    expect(logs[0]).toEqual(logs[1]);
  });

  it('is not asked of the sampler again while nothing has come since', async () => {
    const { calls, sampler: own } = counted();
    const study = open({ sampler: own });
    await study.load(past);
    await study.prepare();
    await study.prepare();
    await study.ask();
    expect(calls).toEqual([3]);
  });

  it('is not begun for an ask that came before it was', async () => {
    const { calls, signals, sampler: own } = counted();
    const study = open({ sampler: own });
    await study.load(past);
    for (let k = 0; k < 3; k++) {
      const prepared = study.prepare();
      const { number } = await study.ask();
      await prepared;
      await study.tell(number, { state: 'complete', value: k });
    }
    expect(calls).toEqual([3, 4, 5]);
    expect(signals.some((signal) => signal?.aborted)).toBe(false);
  });

  it('ends, and no ask gets it, once another event has come', async () => {
    const { calls, signals, sampler: own } = held();
    const study = open({ sampler: own });
    const plain = open();
    for (const one of [study, plain]) await one.load(past.slice(0, 2));
    await study.prepare();
    expect(signals[0]!.aborted).toBe(false);
    for (const one of [study, plain]) await one.load(past.slice(2));
    expect(signals[0]!.aborted).toBe(true);
    const begun = open({ sampler: counted().sampler });
    await begun.load(past.slice(0, 2));
    await begun.prepare();
    await begun.load(past.slice(2));
    expect((await begun.ask()).params).toEqual((await plain.ask()).params);
    await study.prepare();
    expect(calls).toEqual([2, 3]);
  });

  it('is thrown away for events of another worker', async () => {
    const storage = memoryStorage();
    const { calls, sampler: own } = counted();
    const study = open({ storage, sampler: own });
    const other = open({ storage, lease: { owner: 'other' } });
    await study.load(past.slice(0, 2));
    await study.prepare();
    await other.load(past.slice(2));
    const plain = open();
    await plain.load(past.slice(0, 2));
    await plain.load(past.slice(2));
    expect((await study.ask()).params).toEqual((await plain.ask()).params);
    expect(calls).toEqual([2, 3]);
  });

  it('is not begun where it is of no use', async () => {
    const { calls, sampler: own } = counted();
    const study = open({ sampler: own, trials: 1 });
    await study.prepare(); // no trial yet
    await study.load(past);
    await study.enqueue(past[0]!.params);
    await study.prepare(); // one waits
    const { number } = await study.ask();
    await study.prepare(); // one runs
    await study.tell(number, { state: 'complete', value: 1 });
    await study.prepare(); // all planned trials were given
    expect(calls).toEqual([]);
  });

  it('is not for an ask that gives values, and ends then', async () => {
    const { calls, signals, sampler: own } = counted();
    const study = open({ sampler: own });
    await study.load(past);
    await study.prepare();
    expect((await study.ask({ fixed: { n: 4 } })).params.n).toBe(4);
    expect(calls).toEqual([3, 3]);
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, undefined]);
  });

  it('ends with its signal, and the ask begins another', async () => {
    const { calls, sampler: own, go } = held();
    const study = open({ sampler: own });
    await study.load(past);
    const ending = new AbortController();
    await study.prepare({ signal: ending.signal });
    ending.abort();
    const asked = study.ask();
    go();
    await asked;
    expect(calls).toEqual([3, 3]);
  });

  it("is waited for by the ask, and ends with the ask's signal then", async () => {
    const { sampler: own, go, calls } = held();
    const study = open({ sampler: own });
    await study.load(past);
    await study.prepare();
    const ending = new AbortController();
    const asked = study.ask({ signal: ending.signal });
    setTimeout(() => ending.abort(new Error('nobody waits')), 0);
    await expect(asked).rejects.toThrow('nobody waits');
    go();
    await study.ask();
    expect(calls).toEqual([3, 3]);
  });

  it('is made again by an ask that meant to take it when its signal came', async () => {
    const { storage, hold, planned, go } = slowStorage();
    const { calls, sampler: own, go: finish } = held();
    const study = open({ storage, sampler: own });
    const plain = open();
    for (const one of [study, plain]) await one.load(past);
    const ending = new AbortController();
    await study.prepare({ signal: ending.signal });
    hold();
    const asked = study.ask();
    await planned;
    ending.abort();
    go();
    finish();
    expect((await asked).params).toEqual((await plain.ask()).params);
    expect(calls).toEqual([3, 3]);
  });

  it("ends with the ask's signal also where that came while the ask meant to take it", async () => {
    const { storage, hold, planned, go } = slowStorage();
    const { sampler: own } = held();
    const study = open({ storage, sampler: own });
    await study.load(past);
    await study.prepare();
    hold();
    const ending = new AbortController();
    const asked = study.ask({ signal: ending.signal });
    await planned;
    ending.abort(new Error('nobody waits'));
    go();
    await expect(asked).rejects.toThrow('nobody waits');
  });

  it('throws what the sampler threw from the ask, and not before', async () => {
    const study = open({
      sampler: {
        ...sampler,
        sample: async () => {
          throw new Error('no point');
        },
      },
    });
    await study.load(past);
    await study.prepare();
    await new Promise((resolve) => setTimeout(resolve, 0));
    await expect(study.ask()).rejects.toThrow('no point');
  });
});
