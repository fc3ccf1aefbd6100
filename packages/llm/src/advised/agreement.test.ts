import { seeded } from '@foothold/core';
import { categorical, integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { agreement } from './agreement.ts';

const space = searchSpace({ a: uniform(0, 1), n: integer(1, 9), c: categorical('x', 'y') });
type P = ReturnType<typeof space.decode>;

const anywhere = (seed: string, count: number) => {
  const rng = seeded(seed);
  return Array.from({ length: count }, () =>
    space.decode(Float64Array.from(space.columns, () => rng.next())),
  );
};
const near = (seed: string, count: number): readonly P[] => {
  const rng = seeded(seed);
  return Array.from({ length: count }, () => ({ a: 0.3 + 0.02 * (rng.next() - 0.5), n: 4, c: 'y' }));
};
const flags = (proposals: readonly P[]) => {
  const found = agreement(space, proposals)!;
  return { isSignificant: found.isSignificant(seeded(1)), isUnanimous: found.isUnanimous(seeded(1)) };
};

describe('agreement of proposals', () => {
  it('is found where some of them are near one place and others anywhere', () => {
    const proposals = [...anywhere('others', 14), ...near('some', 6)];
    const { place, members } = agreement(space, proposals)!;
    expect(Math.abs(place.a - 0.3)).toBeLessThan(0.01);
    expect(place).toMatchObject({ n: 4, c: 'y' });
    expect(members.length).toBeGreaterThanOrEqual(3);
    expect(flags(proposals)).toEqual({ isSignificant: true, isUnanimous: false });
  });

  it('is unanimous where hardly any is elsewhere', () => {
    expect(flags(near('all', 20))).toEqual({ isSignificant: true, isUnanimous: true });
  });

  it('is not unanimous where the place is the middle of many columns, near which everything is', () => {
    const cube = searchSpace(
      Object.fromEntries(Array.from({ length: 8 }, (_, j) => [`x${j}`, uniform(0, 1)])),
    );
    let unanimous = 0;
    for (let s = 0; s < 40; s++) {
      const rng = seeded(`middle ${s}`);
      const drawn = (count: number, low: number, high: number) =>
        Array.from({ length: count }, () =>
          cube.decode(Float64Array.from(cube.columns, () => low + (high - low) * rng.next())),
        );
      const found = agreement(cube, [...drawn(14, 0, 1), ...drawn(6, 0.53, 0.57)])!;
      expect(found.isSignificant(rng.fork('significant'))).toBe(true);
      expect(found.members).toHaveLength(6);
      if (found.isUnanimous(rng.fork('unanimous'))) unanimous++;
    }
    // Of probability 1/1000 each.
    expect(unanimous).toBeLessThanOrEqual(1);
  });

  it('has all that are near as members, so that their mean is nearer than one of them', () => {
    const plane = searchSpace({ a: uniform(0, 1), b: uniform(0, 1) });
    let members = 0;
    for (let s = 0; s < 20; s++) {
      const rng = seeded(`members ${s}`);
      const some = Array.from({ length: 9 }, () => ({
        a: 0.3 + 0.04 * (rng.next() - 0.5),
        b: 0.7 + 0.04 * (rng.next() - 0.5),
      }));
      const others = Array.from({ length: 21 }, () => ({ a: rng.next(), b: rng.next() }));
      members += agreement(plane, [...others, ...some])!.members.length / 20;
    }
    expect(members).toBeGreaterThan(8);
    expect(members).toBeLessThan(11);
  });

  it('is seen in 2 of 200 lists of uniform proposals at most', () => {
    let wrong = 0;
    for (let s = 0; s < 200; s++) {
      const found = agreement(space, anywhere(`uniform ${s}`, 10 + 10 * (s % 3)))!;
      if (found.isSignificant(seeded(s))) wrong++;
    }
    // Of probability 1/1000 each: three or more have one of 0.001.
    expect(wrong).toBeLessThanOrEqual(2);
  });

  it('has one of the proposals where the mean may not be evaluated', () => {
    const forbids = { ...space, violation: ({ a }: P) => (a > 0.2999 && a < 0.3001 ? 'taken' : undefined) };
    const proposals: readonly P[] = [0.295, 0.3, 0.305].map((a) => ({ a, n: 4, c: 'y' as const }));
    expect(agreement(forbids, [...anywhere('others', 7), ...proposals])!.place.a).toBe(0.3);
  });

  it('needs three proposals', () => {
    expect(agreement(space, near('two', 2))).toBeUndefined();
    expect(agreement(space, near('three', 3))).toBeDefined();
  });
});
