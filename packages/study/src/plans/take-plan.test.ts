import { InvalidArgumentError, TrialStateError } from '@foothold/core';
import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../index.ts';
import { open } from '../study.fixture.ts';

/** Workers of one study, under leases of 1000 ms; those in `gone` have ended. */
function workers() {
  const storage = memoryStorage();
  const gone = new Set<string>();
  const at = { now: 0 };
  const worker = (owner: string) =>
    open({
      ...{ storage, clock: () => at.now },
      lease: { owner, ms: 1000, alive: (name) => !gone.has(name) },
    });
  return { worker, gone, at };
}

describe('to take running trials', () => {
  it('takes what nobody has any more, and leaves what has ended and what a live worker has', async () => {
    const { worker, gone } = workers();
    const [before, other] = [worker('before'), worker('other')];
    for (const number of [0, 1, 2, 3]) expect((await before.ask()).number).toBe(number);
    await before.report(0, 1, 0.5);
    await before.tell(2, { state: 'complete', value: 1 });
    await before.deleteTrial(3);
    expect((await other.ask()).number).toBe(4);
    gone.add('before');
    const study = worker('after');
    expect(await study.take([0, 2, 3, 4, 0])).toEqual([0]);
    expect((await study.trial(0))!.reports).toHaveLength(1);
    // 1 was not named: the next ask gives it out, and 0 never.
    expect((await other.ask()).number).toBe(1);
    expect((await study.ask()).number).toBe(5);
    await study.tell(0, { state: 'complete', value: 2 });
    await other.tell(4, { state: 'complete', value: 3 });
  });

  it('takes those that an earlier object of the same owner left', async () => {
    const { worker } = workers();
    const before = worker('me');
    await before.ask();
    await before.ask();
    const study = worker('me');
    expect(await study.take([0])).toEqual([0]);
    expect(await study.abandoned()).toEqual([1]);
    expect([(await study.ask()).number, (await study.ask()).number]).toEqual([1, 2]);
  });

  it('takes one that was given back and has no lease', async () => {
    const { worker } = workers();
    const [study, other] = [worker('me'), worker('other')];
    await study.ask();
    await study.release(0);
    expect(await study.take([0])).toEqual([0]);
    expect((await other.ask()).number).toBe(1);
    expect(await other.held()).toMatchObject([{ number: 0, owner: 'me' }]);
  });

  it('loses one to a live worker when its lease runs out, and does not take it back', async () => {
    const { worker, gone, at } = workers();
    await worker('before').ask();
    gone.add('before');
    const study = worker('after');
    expect(await study.take([0])).toEqual([0]);
    at.now = 5000;
    const other = worker('other');
    expect((await other.ask()).number).toBe(0);
    await expect(study.renew(0)).rejects.toThrow(TrialStateError);
    expect(await study.take([0])).toEqual([]);
    await other.tell(0, { state: 'complete', value: 1 });
  });

  it('refuses a number that no trial has, and takes none', async () => {
    const { worker, gone } = workers();
    await worker('before').ask();
    gone.add('before');
    const study = worker('after');
    await expect(study.take([0, 99])).rejects.toThrow(
      new InvalidArgumentError('holds', 99, 'numbers of trials that the study has given out'),
    );
    expect(await study.abandoned()).toEqual([0]);
  });
});
