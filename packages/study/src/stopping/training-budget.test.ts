import { type Sampler, TrialLimitError } from '@foothold/core';
import { integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { memoryStorage, replay, sharedStudy } from '../index.ts';
import { refuseBeyondBudget } from './training-budget.ts';

const fidelity = { name: 'epochs', max: 9 };

/** Studies of one log in two processes, whose pieces are full trainings of new configurations. */
function studies(budget: number) {
  const storage = memoryStorage();
  let calls = 0;
  const sampler: Sampler = {
    name: 'full',
    supports: ['continuous'],
    sample: async <P>() => {
      await new Promise((done) => setTimeout(done, 5));
      return [{ params: { x: ++calls / 100, epochs: 9 } as P }];
    },
  };
  const open = () =>
    sharedStudy({
      ...{ space: searchSpace({ x: uniform(0, 1), epochs: integer(1, 9) }), sampler, fidelity, storage },
      direction: 'minimize',
      refuseNewTrial: ({ trials }) => refuseBeyondBudget(trials, { fidelity, budget }),
    });
  const [first, second] = [open(), open()];
  return {
    a: first.worker({ owner: 'a', alive: () => true }),
    b: second.worker({ owner: 'b', alive: (owner) => owner !== 'a' }),
    c: second.worker({ owner: 'c', alive: () => true }),
    trials: async () => replay(await storage.read('study', 0)).trials,
  };
}

describe('a budget of pieces', () => {
  it('is refused to new ones, whoever has the others, and not to one that its worker left', async () => {
    const { a, b, c, trials } = studies(9);
    const { number } = await a.ask();
    await expect(c.ask()).rejects.toThrow(TrialLimitError);
    expect((await b.ask()).number).toBe(number);
    await expect(b.ask()).rejects.toThrow(TrialLimitError);
    expect(await trials()).toHaveLength(1);
  });
  it('is spent once where two processes ask at the same time', async () => {
    const { a, c, trials } = studies(9);
    const asked = await Promise.allSettled([a.ask(), c.ask()]);
    expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(asked.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: expect.any(TrialLimitError),
    });
    expect(await trials()).toHaveLength(1);
  });
});
