import {
  InvalidArgumentError,
  OutOfSpaceError,
  type Params,
  type Study,
  TrialLimitError,
  TrialStateError,
} from '@foothold/core';
import { afterEach, describe, expect, it } from 'vitest';
import { describeDeletions } from './describe-study-deletions.ts';
import { type Alone, type Fresh, type StudyUnderTest, studyUnderTest } from './study-under-test.ts';

const whole = { x: 0.25, n: 3, c: 'a' };
const value = ({ x, n }: Params) => Number(x) ** 2 + Number(n) / 10;

/** What every Study must do, in this process or on a server, and what it must do where it has the optional abilities. One line in a test file. */
export function describeStudy(name: string, open: () => StudyUnderTest | Promise<StudyUnderTest>): void {
  const opened: StudyUnderTest[] = [];
  const fresh = async () => {
    const study = await open();
    opened.push(study);
    return study;
  };
  const alone = async () => (await fresh()).worker('alone');
  describe(`${name} is a Study`, () => {
    afterEach(async () => {
      for (const study of opened.splice(0)) await study.close?.();
    });
    describeAsks(fresh, alone);
    describeOutcomes(fresh, alone);
    describeWorkers(fresh);
    describeDeletions(fresh, alone);
  });
}

function describeAsks(fresh: Fresh, alone: Alone): void {
  it('gives running trials of its space with numbers from 0', async () => {
    const study = await alone();
    for (let number = 0; number < 4; number++) {
      const trial = await study.ask();
      expect(trial).toMatchObject({ number, state: 'running', reports: [] });
      const { x, n, c } = trial.params as { x: number; n: number; c: string };
      expect(x >= -1 && x <= 1 && Number.isInteger(n) && n >= 0 && n <= 9 && ['a', 'b'].includes(c)).toBe(
        true,
      );
    }
    expect((await study.trials()).map(({ number, state }) => [number, state])).toEqual(
      [0, 1, 2, 3].map((number) => [number, 'running']),
    );
  });

  it('gives the same suggestions to the same seed and history', async () => {
    const run = async (study: Study) => {
      for (let i = 0; i < 6; i++) {
        const { number, params } = await study.ask();
        await study.tell(number, { state: 'complete', value: value(params) });
      }
      return (await study.trials()).map(({ params }) => params);
    };
    expect(await run(await alone())).toEqual(await run(await alone()));
  });

  it('asks what was enqueued first, in order, all of a trial or some of it', async () => {
    const study = await alone();
    await study.enqueue(whole);
    await study.enqueue({ n: 7 });
    expect((await study.ask()).params).toEqual(whole);
    expect((await study.ask()).params).toMatchObject({ n: 7 });
    await expect(study.enqueue({ n: 70 })).rejects.toThrow(OutOfSpaceError);
    await expect(study.enqueue({ other: 1 })).rejects.toThrow(OutOfSpaceError);
  });

  it('keeps fixed parameters, and refuses those outside of the space', async () => {
    const study = await alone();
    expect((await study.ask({ fixed: { c: 'b', n: 2 } })).params).toMatchObject({ c: 'b', n: 2 });
    await expect(study.ask({ fixed: { n: 70 } })).rejects.toThrow(OutOfSpaceError);
    expect(await study.trials()).toHaveLength(1);
  });

  it('gives no more than the trials that the ask allows', async () => {
    const study = await alone();
    await study.ask({ trials: 2 });
    await study.ask({ trials: 2 });
    const error: unknown = await study.ask({ trials: 2 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TrialLimitError);
    expect(error).toMatchObject({ trials: 2 });
  });

  it('gives the same trial to an ask that is repeated with its key', async () => {
    const study = await alone();
    const first = await study.ask({ key: 'one' });
    expect(await study.ask({ key: 'one' })).toMatchObject({ number: first.number, params: first.params });
    expect((await study.ask({ key: 'two' })).number).toBe(1);
    await study.tell(0, { state: 'complete', value: 1 });
    expect((await study.ask({ key: 'one' })).number).toBe(2);
  });

  it('claims nothing for an ask that was aborted before', async () => {
    const study = await alone();
    const reason = new Error('enough');
    await expect(study.ask({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await study.trials()).toEqual([]);
  });

  it('gives each of many asks at the same time a trial of its own', async () => {
    const study = await fresh();
    const workers = await Promise.all(Array.from({ length: 6 }, (_, i) => study.worker(`w${i}`)));
    const asked = await Promise.all(workers.flatMap((worker) => [0, 1, 2].map(() => worker.ask())));
    expect(asked.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 18 }, (_, i) => i),
    );
    expect(new Set(asked.map(({ params }) => JSON.stringify(params))).size).toBe(18);
  });
}

function describeOutcomes(fresh: Fresh, alone: Alone): void {
  it('keeps outcomes to the last bit', async () => {
    const study = await alone();
    for (let i = 0; i < 3; i++) await study.ask();
    const complete = {
      state: 'complete',
      value: 0.1 + 0.2,
      standardError: 5e-324,
      metrics: { seconds: 2 ** 53 - 1 },
    } as const;
    const failed = { state: 'failed', reason: 'out of "memory"\n<b>µ</b>' } as const;
    await study.tell(0, complete);
    await study.tell(1, failed);
    await study.tell(2, { state: 'pruned' });
    expect(await study.trials()).toMatchObject([complete, failed, { state: 'pruned' }]);
  });

  it('takes the same outcome twice as one, and refuses another', async () => {
    const study = await alone();
    await study.ask();
    await study.tell(0, { state: 'complete', value: 1 });
    await study.tell(0, { state: 'complete', value: 1 });
    const error: unknown = await study
      .tell(0, { state: 'complete', value: 2 })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TrialStateError);
    expect(error).toMatchObject({ number: 0 });
    await expect(study.tell(9, { state: 'pruned' })).rejects.toThrow(TrialStateError);
    expect(await study.trials()).toMatchObject([{ state: 'complete', value: 1 }]);
  });

  it('refuses values that are not finite', async () => {
    const study = await alone();
    await study.ask();
    await expect(study.tell(0, { state: 'complete', value: Number.NaN })).rejects.toThrow(
      InvalidArgumentError,
    );
    await expect(study.report(0, 1, Infinity)).rejects.toThrow(InvalidArgumentError);
    expect(await study.trials()).toMatchObject([{ state: 'running', reports: [] }]);
  });

  it('keeps reports, each step once', async () => {
    const study = await alone();
    await study.ask();
    expect(await study.report(0, 1, 0.5, { loss: 2 })).toBe('continue');
    expect(await study.report(0, 1, 0.5, { loss: 2 })).toBe('continue');
    await study.report(0, 2, 0.25);
    await expect(study.report(0, 1, 0.75)).rejects.toThrow(InvalidArgumentError);
    await expect(study.report(0, 0.5, 1)).rejects.toThrow(InvalidArgumentError);
    await expect(study.report(5, 1, 1)).rejects.toThrow(TrialStateError);
    expect((await study.trials())[0]?.reports).toEqual([
      { step: 1, value: 0.5, metrics: { loss: 2 } },
      { step: 2, value: 0.25 },
    ]);
  });

  it('finds trials by number, in the order in which they ended, and their notes, where it can', async () => {
    const { worker, advance } = await fresh();
    const study = await worker('alone');
    await study.ask();
    await study.ask();
    await study.note?.(0, { attributes: { host: 'a' }, note: 'restarted' });
    await study.tell(1, { state: 'complete', value: 1 });
    advance(1);
    await study.tell(0, { state: 'complete', value: 2 });
    if (study.note)
      expect((await study.trials())[0]).toMatchObject({ attributes: { host: 'a' }, note: 'restarted' });
    if (study.trial) {
      expect(await study.trial(1)).toMatchObject({ number: 1, value: 1 });
      expect(await study.trial(2)).toBeUndefined();
    }
    if (study.ended) {
      expect((await study.ended(0)).map(({ number }) => number)).toEqual([1, 0]);
      expect((await study.ended(1)).map(({ number }) => number)).toEqual([0]);
    }
  });
}

function describeWorkers(fresh: Fresh): void {
  it('gives a trial to another worker once its lease has run out, and tells the first one so', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    const first = await a.ask();
    study.advance(studyUnderTest.leaseMs / 2);
    expect((await b.ask()).number).toBe(1);
    study.advance(studyUnderTest.leaseMs * 0.75);
    expect(await b.ask()).toMatchObject({ number: 0, params: first.params });
    await expect(a.tell(0, { state: 'complete', value: 1 })).rejects.toThrow(TrialStateError);
    await expect(a.report(0, 1, 1)).rejects.toThrow(TrialStateError);
    await b.tell(0, { state: 'complete', value: 2 });
    expect((await a.trials())[0]).toMatchObject({ state: 'complete', value: 2 });
  });

  it('keeps the trial of a worker that renews its lease', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    await a.ask();
    if (!a.renew) return;
    expect(a.renewEvery).toBeLessThan(studyUnderTest.leaseMs);
    for (let i = 0; i < 4; i++) {
      study.advance(studyUnderTest.leaseMs / 2);
      await a.renew(0);
    }
    expect((await b.ask()).number).toBe(1);
    expect((await b.held?.())?.map(({ number, owner }) => [number, owner]) ?? [[0, 'a']]).toEqual([[0, 'a']]);
    await a.tell(0, { state: 'complete', value: 1 });
    await expect(a.renew(0)).rejects.toThrow(TrialStateError);
  });

  it('gives out again what a worker gives back', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    const first = await a.ask();
    if (!a.release) return;
    await a.release(0);
    expect(await b.ask()).toMatchObject({ number: 0, params: first.params });
    await expect(a.release(9)).rejects.toThrow(TrialStateError);
  });

  it('lets another worker give back a trial whose own worker may still tell it, until it is asked again', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    if (!a.release || !b.release) return;
    const [first] = [await a.ask(), await a.ask()];
    await a.report(0, 1, 5);
    await b.release(0);
    await b.release(1);
    await a.report(0, 1, 6);
    await a.tell(1, { state: 'complete', value: 1 });
    expect(await b.ask()).toMatchObject({ number: 0, params: first!.params });
    await b.report(0, 1, 7);
    await expect(a.tell(0, { state: 'complete', value: 2 })).rejects.toThrow(TrialStateError);
    await b.tell(0, { state: 'complete', value: 3 });
    expect((await b.trials()).map((trial) => 'value' in trial && trial.value)).toEqual([3, 1]);
    expect((await b.trials())[0]!.reports).toEqual([{ step: 1, value: 7 }]);
    await expect(b.release(0)).rejects.toThrow(TrialStateError);
  });
}
