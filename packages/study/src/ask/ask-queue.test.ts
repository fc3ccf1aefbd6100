import { expect, it } from 'vitest';
import { askQueue } from './ask-queue.ts';

/** What a test lets go on. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { opened, open };
}

const settled = () => new Promise((done) => setTimeout(done, 5));

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
          return 3;
        };
      },
    });
  expect(await Promise.all(['a', 'b', 'c'].map(answer))).toEqual([
    { name: 'a' },
    { name: 'b' },
    { name: 'c' },
  ]);
  // At once; the first in turn; together.
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
        return 1;
      };
      return ask({ begin: async () => (isMade ? { number: 1 } : make) });
    };
    const asks = [refused(false), refused(true), answered(), refused(true), answered()];
    expect((await Promise.allSettled(asks)).map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
  }
});

it('answers the asks behind a pause that throws at once, or is none', async () => {
  const none = (() => undefined) as unknown as () => Promise<void>;
  const throwing = () => {
    throw new Error('no pause');
  };
  for (const pause of [none, throwing])
    for (const areTogether of [true, false]) {
      const ask = askQueue(() => areTogether, pause);
      for (const number of [0, 1, 2])
        expect(await ask({ begin: async () => ({ number }) })).toEqual({ number });
    }
});

it('pauses after asks that had their answers at once, and those that came meanwhile begin together', async () => {
  const begun: string[] = [];
  const pauses = [gate(), gate()];
  let paused = 0;
  const ask = askQueue(
    () => true,
    () => pauses[paused++]!.opened,
  );
  const answer = (name: string) =>
    ask({
      begin: async () => {
        begun.push(name);
        return { name };
      },
    });
  await Promise.all(['a', 'b'].map(answer));
  const others = ['c', 'd'].map(answer);
  await settled();
  expect(begun).toEqual(['a', 'b']);
  pauses[0]!.open();
  await Promise.all(others);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  expect(paused).toBe(2);
});

it('pauses for no ask for which something was just made', async () => {
  const order: string[] = [];
  const ask = askQueue(
    () => false,
    async () => void order.push('pause'),
  );
  const answer = (name: string) => {
    let isMade = false;
    return ask({
      begin: async () => {
        if (isMade) return { name };
        return async () => {
          order.push(name);
          isMade = true;
          return 1;
        };
      },
    });
  };
  await Promise.all(['a', 'b'].map(answer));
  await settled();
  expect(order).toEqual(['a', 'pause', 'b', 'pause']);
});

it('begins asks a few times each, whatever is made for one serves no other', async () => {
  for (const served of [1, 4]) {
    let begun = 0;
    let [inTurn, most] = [0, 0];
    const ask = askQueue(() => true);
    const answer = (number: number) => {
      let isMade = false;
      return ask({
        async begin(isInTurn) {
          begun++;
          if (isInTurn) most = Math.max(most, ++inTurn);
          await Promise.resolve();
          if (isInTurn) inTurn--;
          if (isMade) return { number };
          return async () => {
            expect(isInTurn).toBe(true);
            isMade = true;
            return served;
          };
        },
      });
    };
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    const answers = await Promise.all(numbers.map(answer));
    expect(answers.map(({ number }) => number)).toEqual(numbers);
    expect(begun).toBeLessThanOrEqual(200 * (2 + served));
    expect(most).toBe(1);
  }
});

it('lets all others begin together once the first in turn has its answer without anything made for it', async () => {
  const groups: number[] = [];
  let together = 0;
  const ask = askQueue(() => true);
  let isOpen = false;
  const begin = async () => {
    if (!isOpen)
      return async () => {
        isOpen = true;
        return 1;
      };
    if (together++ === 0) {
      await Promise.resolve();
      groups.push(together);
      together = 0;
    }
    return {};
  };
  await Promise.all(Array.from({ length: 15 }, () => ask({ begin })));
  expect(groups).toEqual([1, 1, 13]);
});
