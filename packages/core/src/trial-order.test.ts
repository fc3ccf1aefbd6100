import { describe, expect, it } from 'vitest';
import { seeded } from './rng.ts';
import type { Trial } from './trial.ts';
import { rankedTrials } from './trial-order.ts';

function trialsOf(n: number, m: number, levels: number): readonly Trial<{ readonly x: number }>[] {
  const rng = seeded(`${n} ${m} ${levels}`);
  const draw = () => Math.floor(levels * rng.next()) / levels;
  return Array.from({ length: n }, (_, number) => ({
    number,
    params: { x: rng.next() },
    reports: [],
    state: 'complete',
    value: draw(),
    metrics: Object.fromEntries(Array.from({ length: m }, (_, k) => [`m${k}`, draw()])),
  }));
}

describe('rankedTrials', () => {
  it.each([
    [1, 200, 10],
    [2, 200, 1000],
    [2, 200, 6],
    [3, 150, 1000],
    [4, 80, 5],
  ])('peels the fronts that the definition gives (%i objectives, %i trials, %i levels)', (m, n, levels) => {
    const trials = trialsOf(n, m, levels);
    const objectives = Array.from({ length: m }, (_, k) => ({
      metric: `m${k}`,
      direction: k % 2 ? ('maximize' as const) : ('minimize' as const),
    }));
    const found = rankedTrials(trials, { direction: 'minimize', objectives });
    const dominates = (a: Float64Array, b: Float64Array) =>
      a.every((v, k) => v <= b[k]!) && a.some((v, k) => v < b[k]!);
    let rest = [...found];
    for (let front = 0; rest.length > 0; front++) {
      const best = rest.filter((a) => !rest.some((b) => dominates(b.values, a.values)));
      for (const a of best) expect(a.front).toBe(front);
      rest = rest.filter((a) => !best.includes(a));
    }
    expect(found.length).toBe(n);
    found.slice(1).forEach((b, i) => {
      expect(b.front).toBeGreaterThanOrEqual(found[i]!.front);
    });
  });

  it('puts what breaks a constraint last, the worst at the end, and leaves failures out', () => {
    const trials = trialsOf(40, 1, 1000);
    const failed: Trial<{ readonly x: number }> = {
      number: 40,
      params: { x: 0 },
      reports: [],
      state: 'failed',
      reason: 'test',
    };
    const constraints = [{ metric: 'm0', atMost: 0.5 }];
    const found = rankedTrials([...trials, failed], { direction: 'maximize', constraints });
    const feasible = found.filter(({ violation }) => violation === 0);
    expect(found.length).toBe(40);
    expect(found.slice(0, feasible.length)).toEqual(feasible);
    const values = feasible.map(({ values: v }) => v[0]!);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    const excess = found.slice(feasible.length).map(({ violation }) => violation);
    expect(excess).toEqual([...excess].sort((a, b) => a - b));
  });

  it('ranks 4,000 trials in a moment', () => {
    const trials = trialsOf(4000, 2, 1e9);
    const objectives = [
      { metric: 'm0', direction: 'minimize' as const },
      { metric: 'm1', direction: 'minimize' as const },
    ];
    const start = performance.now();
    rankedTrials(trials, { direction: 'minimize', objectives });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("takes the value for the trial's own, where a metric is called value too", () => {
    const trials = [3, 1, 2].map((value, number): Trial => {
      const metrics = { value: -value, constructor: 5 - value };
      return { number, params: {}, reports: [], state: 'complete', value, metrics };
    });
    const order = (goal: Parameters<typeof rankedTrials>[1]) =>
      rankedTrials(trials, goal).map(({ trial }) => trial.number);
    expect(order({ direction: 'minimize' })).toEqual([1, 2, 0]);
    expect(order({ direction: 'maximize' })).toEqual([0, 2, 1]);
    const objectives = [{ metric: 'constructor', direction: 'minimize' as const }];
    expect(order({ direction: 'minimize', objectives })).toEqual([0, 2, 1]);
    const atMost = { direction: 'minimize', constraints: [{ metric: 'value', atMost: 2.5 }] } as const;
    expect(rankedTrials(trials, atMost).map(({ violation }) => violation)).toEqual([0, 0, 0.5]);
  });

  it('reads no figure from a prototype', () => {
    const trial: Trial = { number: 0, params: {}, reports: [], state: 'complete', value: 1, metrics: {} };
    const objectives = [{ metric: 'toString', direction: 'minimize' as const }];
    expect(rankedTrials([trial], { direction: 'minimize', objectives })).toEqual([]);
    const constraints = [{ metric: 'missing', atLeast: 0 }];
    expect(rankedTrials([trial], { direction: 'minimize', constraints })[0]!.violation).toBe(Infinity);
  });
});
