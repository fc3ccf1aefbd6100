import { expect, it } from 'vitest';
import { askQueue } from './ask-queue.ts';

it('answers the asks behind a pause that failed', async () => {
  let pauses = 0;
  const ask = askQueue(
    () => false,
    async () => {
      if (++pauses === 1) throw new Error('no pause');
    },
  );
  const answer = (number: number) => ask({ begin: async () => ({ number }) });
  expect(await Promise.all([answer(0), answer(1)])).toEqual([{ number: 0 }, { number: 1 }]);
  expect(await answer(2)).toEqual({ number: 2 });
});
