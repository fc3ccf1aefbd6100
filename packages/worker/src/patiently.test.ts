import { StorageError } from '@foothold/core';
import { expect, it } from 'vitest';
import { patiently } from './patiently.ts';

const gone = new StorageError('the server is gone', { retry: true });

/** What a call that fails so often with this error comes to. */
async function after(fails: number, error: unknown, signal = new AbortController().signal) {
  const pauses: number[] = [];
  let notes = 0;
  let calls = 0;
  const answer = await patiently(
    async () => {
      if (++calls <= fails) throw error;
      return 'kept';
    },
    {
      pause: async (ms) => void pauses.push(ms),
      signal,
      onWait: (_, isFirst) => {
        if (isFirst) notes++;
      },
    },
  ).catch((thrown: unknown) => thrown);
  return { answer, calls, notes, pauses: pauses.length };
}

it('tries again for as long as the server is gone, and says so once', async () => {
  expect(await after(3000, gone)).toEqual({ answer: 'kept', calls: 3001, notes: 1, pauses: 3000 });
});

it('gives up where trying again is of no use, or the worker is to end', async () => {
  const broken = new StorageError('damaged');
  expect(await after(1, broken)).toMatchObject({ answer: broken, calls: 1, notes: 0 });
  expect(await after(1, gone, AbortSignal.abort())).toMatchObject({ answer: gone, calls: 1 });
});
