import type { Params, Proposal, SampleRequest, Sampler, Trial } from '@foothold/core';
import { integer, logUniform, searchSpace } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { enqueueOnce } from '../ask/enqueue-once.ts';
import { createStudy } from '../create-study.ts';
import { memoryStorage } from '../storage/memory-storage.ts';
import { studyRecord } from '../study-record.ts';
import { trainingCosts } from './training-costs.ts';
import { trainingCurves } from './training-curves.ts';
import { asKnownConfiguration, piecesOf } from './training-pieces.ts';

const fidelity = { name: 'epochs', max: 9 };
const space = searchSpace({ lr: logUniform(1e-4, 1), epochs: integer(1, 9) });
const piece = (number: number, lr: number, epochs: number, more: object = {}): Trial =>
  ({
    number,
    params: { lr, epochs },
    reports: [],
    state: 'complete',
    value: number,
    ...more,
  }) as unknown as Trial;

describe('pieces of training', () => {
  it('belong to configurations, which have reached what complete pieces trained that were not loaded', () => {
    const trials = [
      piece(0, 0.1, 1),
      piece(1, 0.2, 1),
      piece(2, 0.1, 3),
      piece(3, 0.1, 9, { state: 'failed', reason: 'x' }),
      piece(4, 0.3, 9, { loaded: true }),
      piece(5, 0.2, 3, { state: 'running' }),
    ];
    const facts = piecesOf(trials, fidelity).map(({ number, reached, pieces, params }) => [
      ...[number, reached, params],
      pieces.map((trial) => trial.number),
    ]);
    expect(facts).toEqual([
      [0, 3, { lr: 0.1 }, [0, 2, 3]],
      [1, 1, { lr: 0.2 }, [1, 5]],
      [4, 0, { lr: 0.3 }, [4]],
    ]);
    expect(trainingCosts(trials, fidelity)).toEqual([1, 1, 2, 6, 0, 2]);
    expect(trainingCosts(trials, { ...fidelity, continues: false })).toEqual([1, 1, 3, 9, 0, 3]);
  });
  it('are of a known configuration up to the rounding of real numbers, and whole numbers are not rounded', () => {
    const wide = searchSpace({ lr: logUniform(1e-4, 1), seed: integer(0, 2 ** 52), epochs: integer(1, 9) });
    const params = { lr: 0.1, seed: 0, epochs: 1 };
    const trials = [{ ...piece(0, 0.1, 1), params }] as unknown as Trial<typeof params>[];
    const known = (of: typeof params) => asKnownConfiguration(of, { space: wide, trials, fidelity });
    expect(known({ lr: 0.1 * (1 + 1e-14), seed: 0, epochs: 3 })).toEqual({ ...params, epochs: 3 });
    expect(known({ lr: 0.1, seed: 1, epochs: 1 })).toEqual({ lr: 0.1, seed: 1, epochs: 1 });
  });
  it('are one curve a configuration, with the values at the ends', () => {
    const trials = [
      piece(0, 0.1, 2, { reports: [{ step: 1, value: 5 }] }),
      piece(1, 0.2, 1),
      piece(2, 0.1, 3, { reports: [{ step: 3, value: 4 }] }),
    ];
    expect(trainingCurves(trials, fidelity).map(({ number, reports }) => [number, reports])).toEqual([
      [
        2,
        [
          { step: 1, value: 5 },
          { step: 2, value: 0 },
          { step: 3, value: 4 },
        ],
      ],
      [1, [{ step: 1, value: 1 }]],
    ]);
  });
});

/** Proposes what it is given, in turn. */
function scripted(...all: readonly Params[]): Sampler {
  return {
    supports: ['continuous'],
    sample: <P extends Params>({ trials }: SampleRequest<P>) => [
      { params: all[trials.length]! } as Proposal<P>,
    ],
  };
}
const opened = (sampler: Sampler, storage = memoryStorage()) =>
  createStudy<Params>({ space, sampler, fidelity, direction: 'minimize', storage });

describe('a study with a fidelity', () => {
  it('takes a point that differs by rounding for the configuration that it means', async () => {
    const lr = 0.012345678901234567;
    const study = opened(scripted({ lr, epochs: 3 }, { lr: lr * (1 + 2 ** -50), epochs: 9 }));
    await study.ask();
    await study.tell(0, { state: 'complete', value: 1 });
    const { params, piece: of } = await study.ask();
    expect(params).toEqual({ lr, epochs: 9 });
    expect(of).toEqual({ configuration: 0, from: 3, to: 9 });
  });
  it('refuses a sampler that proposes what runs or what has been reached', async () => {
    const running = opened(scripted({ lr: 0.1, epochs: 3 }, { lr: 0.1, epochs: 9 }));
    await running.ask();
    await expect(running.ask()).rejects.toThrow('trial 0 trains this configuration now');
    const reached = opened(scripted({ lr: 0.1, epochs: 3 }, { lr: 0.1, epochs: 2 }));
    await reached.ask();
    await reached.tell(0, { state: 'complete', value: 1 });
    await expect(reached.ask()).rejects.toThrow('configuration 0 has reached epochs 3 already');
  });
  it('goes on from what is left where a trial is deleted, and from the whole when it is restored', async () => {
    const study = opened(scripted({ lr: 0.1, epochs: 1 }, { lr: 0.1, epochs: 3 }, { lr: 0.1, epochs: 9 }));
    for (const number of [0, 1]) {
      await study.ask();
      await study.tell(number, { state: 'complete', value: 1 });
    }
    expect((await study.ask()).piece).toEqual({ configuration: 0, from: 3, to: 9 });
    expect(await study.report(2, 4, 1)).toBe('continue');
    await study.deleteTrial(1);
    await study.report(2, 2, 1);
    await study.restoreTrial(1);
    await expect(study.report(2, 3, 1)).rejects.toThrow('a step from 4 to 9');
  });
  it('keeps the number of a configuration, by which its checkpoints are kept, where its first trial is deleted', async () => {
    const study = opened(scripted({ lr: 0.1, epochs: 1 }, { lr: 0.1, epochs: 3 }, { lr: 0.1, epochs: 9 }));
    for (const number of [0, 1]) {
      await study.ask();
      await study.tell(number, { state: 'complete', value: 1 });
    }
    await study.deleteTrial(0);
    // The script goes by the number of trials.
    await study.enqueue({ lr: 0.1, epochs: 9 });
    expect((await study.ask()).piece).toEqual({ configuration: 0, from: 3, to: 9 });
    const [one] = piecesOf(await study.trials(), fidelity, await study.deletedTrials());
    expect([one!.number, one!.pieces.map(({ number }) => number)]).toEqual([0, [1, 2]]);
  });
  it('enqueues no piece once more that a trial, or what waits, trains as far', async () => {
    const study = opened(scripted({ lr: 0.2, epochs: 1 }));
    for (const epochs of [9, 3, 9]) await enqueueOnce(study, { lr: 0.1, epochs });
    expect(await study.waiting()).toEqual([{ lr: 0.1, epochs: 9 }]);
    await study.ask();
    expect((await enqueueOnce(study, { lr: 0.1, epochs: 3 }))?.number).toBe(0);
    await study.tell(0, { state: 'failed', reason: 'out of memory' });
    await enqueueOnce(study, { lr: 0.1, epochs: 3 });
    expect(await study.waiting()).toEqual([{ lr: 0.1, epochs: 3 }]);
  });
  it('ends a failed piece that is opened again behind what its configuration has reached since', async () => {
    const storage = memoryStorage();
    const study = opened(
      scripted({ lr: 0.1, epochs: 3 }, { lr: 0.1, epochs: 9 }, { lr: 0.2, epochs: 1 }),
      storage,
    );
    await study.ask();
    await study.tell(0, { state: 'failed', reason: 'out of memory' });
    await study.ask();
    await study.tell(1, { state: 'complete', value: 1 });
    await studyRecord(storage, 'study').reopenFailed({ without: [] });
    expect((await study.ask()).params).toEqual({ lr: 0.2, epochs: 1 });
    expect(await study.trial(0)).toMatchObject({ state: 'pruned', attributes: { reached: 9 } });
  });
  it('refuses a space without the fidelity, another fidelity, and an edit of it', async () => {
    const storage = memoryStorage();
    const study = opened(scripted({ lr: 0.1, epochs: 3 }), storage);
    await study.ask();
    for (const bad of [
      { name: 'lr', max: 9 },
      { name: 'steps', max: 9 },
      { name: 'epochs', max: 8 },
    ])
      expect(() => createStudy({ space, sampler: scripted(), fidelity: bad, direction: 'minimize' })).toThrow(
        /fidelity.name is .*, allowed is a parameter of the space/,
      );
    const record = studyRecord(storage, 'study');
    await expect(record.edit({ goal: { direction: 'minimize' } })).rejects.toThrow('goal.fidelity');
    await expect(
      record.edit({ space: searchSpace({ lr: logUniform(1e-4, 1), epochs: integer(1, 27) }).description! }),
    ).rejects.toThrow('fidelity.name');
    expect(await study.best()).toBeUndefined();
    const again = createStudy<Params>({ space, sampler: scripted(), direction: 'minimize', storage });
    await expect(again.ask()).rejects.toThrow('fidelity is');
  });
});
