import { cpu } from '@foothold/linalg';
import { describe, expect, it } from 'vitest';
import { ownMethods } from './few-sources-methods.ts';
import { randomSettings } from './few-sources-tasks.ts';

describe('what the rows of a source are worth', () => {
  const settings = randomSettings({ key: 'test', seed: 0, count: 4 });
  const small = [0.3, 0.1, 0.4, 0.2];
  const large = [0.6, 0.7, 0.5, 0.8];
  const stage = {
    error: async (_task: string, epoch: number, params: object) => {
      expect(epoch).toBe(52);
      return large[settings.findIndex((one) => JSON.stringify(one) === JSON.stringify(params))]!;
    },
    source: settings.map((params, i) => ({ params, value: small[i]! })),
    linalg: cpu,
    task: '3945',
    seed: 0,
    trials: 3,
  };

  it('in order are the large errors of the smallest small ones', async () => {
    expect(await ownMethods['source rows in order']!(stage)).toEqual([0.7, 0.8, 0.6]);
  });

  it('at best is the smallest large error of all rows, from the first trial on', async () => {
    expect(await ownMethods['best source row']!(stage)).toEqual([0.5, 0.5, 0.5]);
  });
});
