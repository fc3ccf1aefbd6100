import { InvalidArgumentError, TrialLimitError, TrialStateError } from '@foothold/core';
import { expect, it } from 'vitest';
import type { Alone, Fresh } from './study-under-test.ts';

/** Trials that are deleted and restored, and the output that is kept outside of them. */
export function describeDeletions(fresh: Fresh, alone: Alone): void {
  const numbers = (trials: readonly { readonly number: number }[] | undefined) =>
    trials?.map(({ number }) => number);

  it('counts a deleted trial nowhere, gives its number to no other, and restores it as it was', async () => {
    const study = await alone();
    if (!study.deleteTrial || !study.restoreTrial || !study.deletedTrials) return;
    for (let i = 0; i < 3; i++) await study.ask();
    for (let i = 0; i < 3; i++) await study.tell(i, { state: 'complete', value: i, metrics: { seconds: 2 } });
    const before = await study.trials();
    await study.deleteTrial(1);
    await study.deleteTrial(1);
    expect(numbers(await study.trials())).toEqual([0, 2]);
    expect(await study.trial?.(1)).toBeUndefined();
    expect(await study.deletedTrials()).toMatchObject([
      { number: 1, params: before[1]!.params, state: 'deleted', outcome: { state: 'complete', value: 1 } },
    ]);
    expect((await study.ask({ trials: 3 })).number).toBe(3);
    await expect(study.ask({ trials: 3 })).rejects.toThrow(TrialLimitError);
    await study.restoreTrial(1);
    await study.restoreTrial(1);
    expect((await study.trials()).slice(0, 3)).toEqual(before);
    expect(await study.deletedTrials()).toEqual([]);
    await expect(study.deleteTrial(9)).rejects.toThrow(TrialStateError);
    await expect(study.restoreTrial(9)).rejects.toThrow(TrialStateError);
  });

  it('says so where a trial that had ended is deleted, and again when it is restored', async () => {
    const { worker, advance } = await fresh();
    const study = await worker('alone');
    if (!study.deleteTrial || !study.restoreTrial || !study.ended) return;
    for (let i = 0; i < 3; i++) await study.ask();
    await study.tell(2, { state: 'pruned' });
    advance(1);
    await study.tell(0, { state: 'complete', value: 1 });
    expect(numbers(await study.ended(0))).toEqual([2, 0]);
    await study.deleteTrial(1);
    await study.deleteTrial(2);
    expect(await study.ended(2)).toMatchObject([
      { number: 2, state: 'deleted', outcome: { state: 'pruned' } },
    ]);
    await study.restoreTrial(2);
    expect(await study.ended(3)).toMatchObject([{ number: 2, state: 'pruned' }]);
  });

  it('keeps what is told of a trial that was deleted while it ran, and tells its worker to stop', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    if (!b.deleteTrial || !b.restoreTrial || !b.deletedTrials) return;
    await a.ask();
    await a.report(0, 1, 0.5);
    await b.deleteTrial(0);
    expect(await a.report(0, 2, 0.4)).toBe('prune');
    if (a.renew) await expect(a.renew(0)).rejects.toThrow(TrialStateError);
    await a.tell(0, { state: 'complete', value: 4 });
    await a.tell(0, { state: 'complete', value: 4 });
    await expect(a.tell(0, { state: 'complete', value: 5 })).rejects.toThrow(TrialStateError);
    expect(await a.trials()).toEqual([]);
    expect((await b.deletedTrials())[0]).toMatchObject({ outcome: { state: 'complete', value: 4 } });
    await b.restoreTrial(0);
    expect((await b.trials())[0]).toMatchObject({ state: 'complete', value: 4, reports: [{ step: 1 }] });
  });

  it('keeps the lines that a program printed last outside of the trials, of deleted ones too', async () => {
    const study = await alone();
    if (!study.note || !study.output) return;
    await study.ask();
    await study.ask();
    expect(await study.output(0)).toEqual([]);
    await study.note(0, { output: ['epoch 1'] });
    await study.note(1, { output: ['é "quoted"', ''] });
    await study.note(0, { output: ['epoch 1', 'epoch 2'], note: 'slow' });
    expect(await study.output(0)).toEqual(['epoch 1', 'epoch 2']);
    expect(await study.output(1)).toEqual(['é "quoted"', '']);
    expect(JSON.stringify(await study.trials())).not.toContain('epoch');
    expect((await study.trials())[0]!.note).toBe('slow');
    await study.deleteTrial?.(0);
    expect(await study.output(0)).toEqual(['epoch 1', 'epoch 2']);
    for (const output of [Array.from({ length: 1001 }, () => ''), ['x'.repeat(70_000)]])
      await expect(study.note(1, { output })).rejects.toThrow(InvalidArgumentError);
    await expect(study.note(undefined, { output: ['a'] })).rejects.toThrow(InvalidArgumentError);
    await expect(study.note(9, { output: ['a'] })).rejects.toThrow(TrialStateError);
  });

  it('gives out again a trial that was deleted while it ran and restored', async () => {
    const study = await fresh();
    const [a, b] = [await study.worker('a'), await study.worker('b')];
    if (!b.deleteTrial || !b.restoreTrial) return;
    const first = await a.ask();
    await a.report(0, 1, 0.5);
    await b.deleteTrial(0);
    expect((await b.ask()).number).toBe(1);
    await b.restoreTrial(0);
    expect(await b.ask()).toMatchObject({ number: 0, params: first.params, reports: [] });
    await expect(a.tell(0, { state: 'complete', value: 1 })).rejects.toThrow(TrialStateError);
    await b.tell(0, { state: 'complete', value: 2 });
  });
}
