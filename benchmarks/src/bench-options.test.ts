import { describe, expect, it } from 'vitest';
import { fleet } from './fleet.ts';
import { workersBench } from './workers.ts';

describe('words after the name of a benchmark', () => {
  const options = { quick: true, words: ['busi'], emit: () => undefined };
  it('are refused where they name no part of it, before anything runs', async () => {
    await expect(fleet(options)).rejects.toThrow('busi: the parts are million, policies, samplers');
    await expect(workersBench(options)).rejects.toThrow('busi: the parts are busy, killed');
  });
});
