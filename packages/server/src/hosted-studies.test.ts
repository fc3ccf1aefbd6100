import { type Storage, StorageError } from '@foothold/core';
import { cpu } from '@foothold/linalg';
import { memoryStorage } from '@foothold/study';
import { expect, it } from 'vitest';
import { hostedStudies } from './hosted-studies.ts';

it('keeps a study that was opened again, whatever becomes of the opening before it', async () => {
  const memory = memoryStorage();
  const fails: ((error: Error) => void)[] = [];
  let isSlow = false;
  const storage: Storage = {
    ...memory,
    read: (study, from) =>
      isSlow ? new Promise((_, reject) => void fails.push(reject)) : memory.read(study, from),
  };
  const studies = hostedStudies({ storage, clock: () => 0, linalg: async () => cpu });
  const name = await studies.create({
    space: { x: { type: 'real', low: 0, high: 1 } },
    direction: 'minimize',
  });
  isSlow = true;
  const before = studies.open(name);
  await expect.poll(() => fails.length).toBe(1);
  isSlow = false;
  studies.drop(name);
  const opened = studies.open(name);
  await opened;
  fails[0]!(new StorageError('gone', { retry: true }));
  await expect(before).rejects.toThrow('gone');
  expect(studies.open(name)).toBe(opened);
});
