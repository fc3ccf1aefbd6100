import { describe, expect, it } from 'vitest';
import { type Rng, seeded } from './rng.ts';

const draw = (rng: Rng, count: number) => Array.from({ length: count }, () => rng.next());

describe('a seeded stream', () => {
  it('repeats itself for equal seeds and differs for others, text or number', () => {
    expect(draw(seeded(7), 5)).toEqual(draw(seeded(7), 5));
    const starts = [seeded(7), seeded(8), seeded('7'), seeded(-7), seeded(0.7)].map((rng) => rng.next());
    expect(new Set(starts).size).toBe(5);
  });
  it('forks by key alone, however many numbers were drawn', () => {
    const fresh = seeded(1);
    const used = seeded(1);
    draw(used, 1000);
    expect(draw(used.fork('fit'), 5)).toEqual(draw(fresh.fork('fit'), 5));
    expect(fresh.fork(1).next()).not.toBe(fresh.fork('1').next());
    expect(fresh.fork('a').fork('b').next()).not.toBe(fresh.fork('b').fork('a').next());
    expect(fresh.fork('a/$b').next()).not.toBe(fresh.fork('a').fork('b').next());
  });
  it('is uniform: every one of 64 cells within five standard deviations, for neighbouring seeds too', () => {
    const cells = new Float64Array(64);
    for (let seed = 0; seed < 500; seed++)
      for (const u of draw(seeded(seed).fork('x'), 128)) {
        expect(u).toBeGreaterThanOrEqual(0);
        expect(u).toBeLessThan(1);
        cells[Math.floor(u * 64)]!++;
      }
    const expected = (500 * 128) / 64;
    const standardDeviation = Math.sqrt(expected * (63 / 64));
    for (const count of cells) expect(Math.abs(count - expected)).toBeLessThan(5 * standardDeviation);
  });
  it('has first numbers of neighbouring forks that are not correlated', () => {
    const n = 20_000;
    const u = Array.from({ length: n + 1 }, (_, i) => seeded(3).fork(i).next() - 0.5);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += u[i]! * u[i + 1]!;
    expect(Math.abs((12 * sum) / n)).toBeLessThan(5 / Math.sqrt(n));
  });
});
