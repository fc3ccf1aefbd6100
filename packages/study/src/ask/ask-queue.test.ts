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

it('lets asks begin together again once something was made for the first of them', async () => {
  const begun: string[] = [];
  let isMade = false;
  const ask = askQueue(() => true);
  const answer = (name: string) =>
    ask({
      begin: async () => {
        begun.push(name);
        if (isMade) return { name };
        return async () => {
          isMade = true; // for all
        };
      },
    });
  expect(await Promise.all(['a', 'b', 'c'].map(answer))).toEqual([
    { name: 'a' },
    { name: 'b' },
    { name: 'c' },
  ]);
  // At once; the first in turn, while the others come to wait; together.
  expect(begun).toEqual(['a', 'b', 'c', 'a', 'a', 'b', 'c']);
});

it('answers those behind an ask that is refused', async () => {
  for (const areTogether of [true, false]) {
    const ask = askQueue(() => areTogether);
    const refused = (isLater: boolean) =>
      ask({
        begin: async () => {
          const refuse = async () => {
            throw new Error('no');
          };
          return isLater ? refuse : refuse();
        },
      });
    const answered = () => {
      let isMade = false;
      const make = async () => {
        isMade = true;
      };
      return ask({ begin: async () => (isMade ? { number: 1 } : make) });
    };
    const asks = [refused(false), refused(true), answered(), refused(true), answered()];
    expect((await Promise.allSettled(asks)).map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
  }
});
