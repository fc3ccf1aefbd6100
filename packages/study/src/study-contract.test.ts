import type { Study } from '@foothold/core';
import { describeStudy, studyUnderTest } from '@foothold/testing';
import { memoryStorage, sharedStudy } from './index.ts';
import { open, type P, sampler, space } from './study.fixture.ts';

const { seed, leaseMs: ms } = studyUnderTest;

describeStudy('createStudy, an object for each worker,', () => {
  let now = 0;
  const storage = memoryStorage();
  return {
    worker: async (owner) =>
      open({
        storage,
        seed,
        clock: () => now,
        lease: { owner, ms, alive: () => undefined },
      }) as unknown as Study,
    advance: (by) => {
      now += by;
    },
  };
});

describeStudy('sharedStudy', () => {
  let now = 0;
  const shared = sharedStudy<P>({ space, sampler, direction: 'minimize', seed, clock: () => now });
  return {
    worker: async (owner) => shared.worker({ owner, ms, alive: () => undefined }) as unknown as Study,
    advance: (by) => {
      now += by;
    },
  };
});
