import { type Lease, seeded } from '@foothold/core';
import TinyQueue from 'tinyqueue';
import { describe, expect, it, vi } from 'vitest';
import { randomLog } from '../random-log.fixture.ts';
import { logFold } from '../state/replay.ts';
import type { LiveState } from '../state/study-state.ts';
import { leaseIndex } from './lease-index.ts';
import { leases } from './leases.ts';

const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

/** What the index should say, by a look at all running trials. */
function looked({ running, leases: held }: Pick<LiveState, 'running' | 'leases'>, now: number) {
  const of = (is: (lease: Lease | undefined) => boolean) =>
    sorted(running).filter((number) => is(held.get(number)));
  return {
    unleased: of((lease) => lease === undefined),
    endless: of((lease) => lease !== undefined && lease.until === undefined),
    overdue: of((lease) => lease?.until !== undefined && lease.until < now),
    ofB: of((lease) => lease?.owner === 'b'),
  };
}

describe('the index of running trials by their leases', () => {
  it('says after each event what a look at all of them says, at any time and again', async () => {
    const rng = seeded(5);
    let overdue = 0;
    for (let seed = 0; seed < 6; seed++) {
      const { state, apply } = logFold();
      for (const event of await randomLog(seed, 120)) {
        apply(event);
        const index = state.leaseIndex();
        const now = Math.floor(2000 * rng.next());
        for (let again = 0; again < 2; again++) {
          const said = {
            unleased: sorted(index.unleased),
            endless: sorted(index.endless),
            overdue: sorted(index.overdue(now)),
            ofB: sorted(index.of('b')),
          };
          expect(said).toEqual(looked(state, now));
          overdue += said.overdue.length;
        }
      }
    }
    expect(overdue).toBeGreaterThan(50);
  });

  it('asks for an owner again only where something is known of it', () => {
    const running = new Set(Array.from({ length: 300 }, (_, number) => number));
    const held = new Map([...running].map((number) => [number, { owner: `w${number}`, until: 10 }] as const));
    const index = leaseIndex(running, held);
    const asked: string[] = [];
    const alive = (owner: string) => {
      asked.push(owner);
      return owner === 'w7' ? false : owner === 'w8' ? true : undefined;
    };
    expect([...index.ofEnded(alive)]).toEqual([7]);
    asked.length = 0;
    expect([...index.ofEnded(alive)]).toEqual([7]);
    expect(asked).toEqual(['w7', 'w8']);
  });
});

it('nobody works on a trial without a lease, with one that ran out, or of an owner that has ended', () => {
  const { state, apply } = logFold();
  const asked = (number: number, lease: Lease) => apply({ type: 'asked', number, params: {}, at: 0, lease });
  asked(0, { owner: 'here', until: 1000 });
  asked(1, { owner: 'gone', until: 1000 });
  asked(2, { owner: 'far', until: 40 });
  asked(3, { owner: 'far', until: 60 });
  asked(4, { owner: 'far' });
  asked(5, { owner: 'far', until: 1000 });
  apply({ type: 'expired', number: 5 });
  asked(6, { owner: 'me', until: 1000 });
  let now = 50;
  const alive = (owner: string) => (owner === 'here' ? true : owner === 'gone' ? false : undefined);
  const of = leases({ owner: 'me', ms: 100, alive }, () => now);
  const numbers = () => of.abandoned(state).map(({ number }) => number);
  expect(numbers()).toEqual([1, 2, 5]);
  now = 149;
  // The lease without an end counts from the first look.
  expect(numbers()).toEqual([1, 2, 3, 5]);
  now = 151;
  expect(numbers()).toEqual([1, 2, 3, 4, 5]);
  of.opened(state);
  expect(numbers()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('an owner of whom once nothing was known counts as such in all answers, also when it is said to have ended', () => {
  const { state, apply } = logFold();
  const lease = { owner: 'far', until: 1000 };
  apply({ type: 'asked', number: 0, params: {}, at: 0, lease });
  let says: boolean | undefined;
  const of = leases({ owner: 'me', ms: 100, retries: 0, alive: () => says }, () => 0);
  const answers = () => ({
    abandoned: of.abandoned(state).length,
    exhausted: of.exhausted(state).length,
    held: of.held(state).length,
    mayTake: of.mayTake(state, 0),
  });
  const held = { abandoned: 0, exhausted: 0, held: 1, mayTake: false };
  expect(answers()).toEqual(held);
  says = false;
  expect(answers()).toEqual(held);
  // Nothing was asked about another one yet.
  const fresh = leases({ owner: 'me', ms: 100, retries: 0, alive: () => says }, () => 0);
  expect(fresh.exhausted(state)).toHaveLength(1);
  expect(fresh.held(state)).toEqual([]);
  expect(fresh.abandoned(state)).toHaveLength(1);
});

it('forgets the ends of leases that were renewed, also behind one that ran out', () => {
  const running = new Set([0, 1]);
  const held = new Map<number, Lease>([[0, { owner: 'a', until: 10 }]]);
  const index = leaseIndex(running, held);
  const push = vi.spyOn(TinyQueue.prototype, 'push');
  for (let until = 100; until < 600; until++) {
    held.set(1, { owner: 'b', until });
    index.update(1);
  }
  expect((push.mock.contexts.at(-1) as TinyQueue<unknown>).length).toBeLessThan(150);
  push.mockRestore();
  expect(index.overdue(50)).toEqual([0]);
  expect(sorted(index.overdue(599.5))).toEqual([0, 1]);
});
