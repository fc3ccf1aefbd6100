import type { Trial } from '@foothold/core';
import { spaceOf } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { memoryStorage, optimize, studyRecord } from '../index.ts';
import { objective, open, type P, space } from '../study.fixture.ts';

const gone = { alive: (owner: string) => owner !== 'gone', retries: 0 };
const as = (owner: string) => ({ lease: { ...gone, owner } });

/** A storage whose study has trials of a worker that is gone. */
async function left(count: number) {
  const storage = memoryStorage();
  const study = open({ storage, ...as('gone') });
  for (let k = 0; k < count; k++) await study.ask();
  return storage;
}

describe('a trial whose worker was lost too often', () => {
  it('reaches onTrial once, with its reason, of the one of several workers that wrote its end', async () => {
    const storage = await left(3);
    const seen: (readonly [string, Trial<P>])[] = [];
    const evaluated: number[] = [];
    const results = await Promise.all(
      ['a', 'b', 'c'].map((owner) =>
        optimize(
          open({ storage, ...as(owner) }),
          (p, { number }) => {
            evaluated.push(number);
            return objective(p);
          },
          { trials: 8, onTrial: (trial) => void seen.push([owner, trial]) },
        ),
      ),
    );
    const lost = seen.filter(([, { state }]) => state === 'failed');
    expect(lost.map(([, { number }]) => number).sort()).toEqual([0, 1, 2]);
    for (const [, trial] of lost)
      expect(trial).toMatchObject({ reason: 'its worker ended or was silent once, and retries is 0' });
    expect(seen.map(([, { number }]) => number).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(evaluated.sort()).toEqual([3, 4, 5, 6, 7]);
    expect(results.reduce((sum, { finished }) => sum + finished, 0)).toBe(5);
  });

  it('reaches onTrial where the study has all its trials with it, and none is evaluated', async () => {
    const study = open({ storage: await left(2), ...as('me') });
    const seen: number[] = [];
    const run = () =>
      optimize(study, objective, { trials: 2, onTrial: ({ number }) => void seen.push(number) });
    expect(await run()).toMatchObject({ finished: 0, stopped: 'trials' });
    await run();
    expect(seen).toEqual([0, 1]);
  });

  it('reaches onTrial where a stop rule looked at what is abandoned first', async () => {
    const study = open({ storage: await left(1), ...as('me') });
    const seen: number[] = [];
    const stop = {
      check: async () => {
        await study.abandoned();
        return { name: 'mine', text: 'enough' };
      },
    };
    await optimize(study, objective, { stop, onTrial: ({ number }) => void seen.push(number) });
    expect(seen).toEqual([0]);
    expect(await study.givenUp()).toEqual([]);
  });

  it('leaves the next trial to others where onTrial throws', async () => {
    const study = open({ storage: await left(1), ...as('me') });
    const onTrial = () => {
      throw new Error('no terminal');
    };
    await expect(optimize(study, objective, { trials: 3, onTrial })).rejects.toThrow('no terminal');
    expect(await study.abandoned()).toEqual([1]);
  });

  it('reaches onTrial as pruned where an edit left it outside of the space', async () => {
    const storage = memoryStorage();
    const study = open({ storage, ...as('gone') });
    await study.enqueue({ x: -0.9, n: 1, c: 'a' });
    await study.ask();
    const narrow = spaceOf({ ...space.description, x: { type: 'real', low: 0, high: 1 } });
    await studyRecord(storage, 'study').edit({ space: narrow.description });
    const lease = { ...gone, owner: 'me', retries: 1 };
    const again = open({ storage, space: narrow as never, lease });
    const seen: Trial<P>[] = [];
    await optimize(again, objective, { trials: 3, onTrial: (trial) => void seen.push(trial) });
    expect(seen[0]).toMatchObject({
      number: 0,
      state: 'pruned',
      attributes: { outside: expect.any(String) },
    });
    expect(seen.map(({ number }) => number)).toEqual([0, 1, 2]);
  });
});
