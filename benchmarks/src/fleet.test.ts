import { type Rng, seeded } from '@foothold/core';
import { tpe } from '@foothold/samplers';
import { describe, expect, it } from 'vitest';
import { exponential, lognormal } from './fleet-behaviour.ts';
import { type FleetProblem, fleetRun } from './fleet-run.ts';
import { objective, space } from './studies-problem.ts';

/** A small fleet whose server needs no time, unless the test says more. */
const problem = (of: Partial<FleetProblem> & Pick<FleetProblem, 'behaviour'>): FleetProblem => ({
  ...{ workers: 1, trials: 100, seed: 1, space, objective, sampler: 'random', leaseMs: 60_000 },
  ...{ costOf: () => 0, ...of },
});

const always = (ms: number) => () => ms;

/** Throughput of a closed network: `workers` that think `z` ms and then visit a queue `visits` times for `s` ms each (Reiser and Lavenberg 1980). */
function throughput({
  workers,
  z,
  s,
  visits,
}: Readonly<Record<'workers' | 'z' | 's' | 'visits', number>>): number {
  let [queue, x] = [0, 0];
  for (let n = 1; n <= workers; n++) {
    const response = visits * s * (1 + queue);
    x = n / (z + response);
    queue = x * response;
  }
  return x;
}

describe('a simulated fleet', () => {
  it('is busy but for an ask and a tell a trial, where one worker evaluates for the same time', async () => {
    const [trials, d, c] = [50, 100, 7];
    const { result, check } = await fleetRun(
      problem({ trials, behaviour: { duration: always(d) }, costOf: always(c) }),
    );
    expect(check.faults).toEqual([]);
    expect(result.endMs).toBeCloseTo(trials * (d + 2 * c), 6);
    expect(result.busyShare).toBeCloseTo(d / (d + 2 * c), 9);
  });

  it('is as busy as its server lets it, where that is always at work', async () => {
    const [workers, d, c, trials] = [40, 100, 5, 800];
    const { result, server } = await fleetRun(
      problem({ workers, trials, behaviour: { duration: always(d) }, costOf: always(c), most: 1 }),
    );
    expect(server.busyMs / result.endMs).toBeGreaterThan(0.97);
    expect(result.busyShare / (d / (2 * c * workers))).toBeCloseTo(1, 1);
  });

  it('waits for a server of random speed as mean value analysis says, whatever the distribution of durations', async () => {
    const [workers, median, sigma, s, trials] = [20, 700, 0.8, 40, 2000];
    const z = median * Math.exp(sigma ** 2 / 2);
    const rng = seeded('service');
    const cost = exponential(s);
    const { result } = await fleetRun(
      problem({
        ...{ workers, trials, most: 1, costOf: () => cost(rng) },
        behaviour: { duration: lognormal(median, sigma) },
      }),
    );
    const expected = (throughput({ workers, z, s, visits: 2 }) * z) / workers;
    expect(expected).toBeLessThan(0.75);
    expect(Math.abs(result.busyShare / expected - 1)).toBeLessThan(0.04);
  });

  it('is busy for the mean of the durations by their largest one in batches', async () => {
    const [workers, trials] = [8, 1200];
    const of = { workers, trials, behaviour: { duration: exponential(1000) } };
    const batches = await fleetRun(problem({ ...of, isInBatches: true }));
    const harmonic = Array.from({ length: workers }, (_, i) => 1 / (i + 1)).reduce((a, b) => a + b);
    expect(Math.abs(batches.result.busyShare * harmonic - 1)).toBeLessThan(0.1);
    expect((await fleetRun(problem(of))).result.busyShare).toBeCloseTo(1, 6);
  });

  it('evaluates again what was taken away, as often as the study lets it, and loses nothing', async () => {
    const [trials, p, d] = [1000, 0.4, 1000];
    const preemption = { everyMs: -d / Math.log(1 - p), backMs: 500 };
    const { result, check } = await fleetRun(
      problem({
        ...{ workers: 50, trials, retries: 1, leaseMs: 3000 },
        behaviour: { duration: always(d), preemption },
      }),
    );
    expect(check.faults).toEqual([]);
    const { evaluations, preempted } = result.counts;
    // A trial is evaluated once more where it was lost once, and given up where it was lost twice.
    expect(Math.abs(evaluations / trials - (1 + p))).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / trials));
    expect(Math.abs(check.givenUp / trials - p ** 2)).toBeLessThan(
      4 * Math.sqrt((p ** 2 * (1 - p ** 2)) / trials),
    );
    // Each was given to another worker or, the second time, to none.
    expect(preempted).toBe(check.givenAgain + check.givenUp);
    expect(result.acknowledged.size + check.givenUp).toBe(trials);
  });

  it('refuses what a worker that stood still tells of a trial that another one has', async () => {
    const preemption = { everyMs: 2000, backMs: 500, pausedShare: 0.5, pausedMs: 20_000 };
    const { result, check } = await fleetRun(
      problem({
        ...{ workers: 30, trials: 600, retries: 1000, leaseMs: 3000 },
        behaviour: { duration: exponential(1000), failureShare: 0.1, preemption },
      }),
    );
    expect(check.faults).toEqual([]);
    expect(result.counts.late).toBeGreaterThan(20);
    expect(result.acknowledged.size).toBe(600);
    expect(result.usefulShare).toBeLessThan(result.busyShare);
  });

  it('renews leases, so that a trial of many leases stays with its worker', async () => {
    const { result, check } = await fleetRun(
      problem({ ...{ workers: 5, trials: 20, leaseMs: 300 }, behaviour: { duration: always(1050) } }),
    );
    expect(check).toEqual({ faults: [], givenAgain: 0, givenUp: 0 });
    expect(result.counts.renewals).toBe(20 * 10);
  });

  it('is the same run with the same seed, and another one with another', async () => {
    const of = problem({
      ...{ workers: 10, trials: 100, costOf: (requests) => 2 * requests.length },
      behaviour: { duration: lognormal(50, 1), preemption: { everyMs: 1000, backMs: 10 } },
    });
    const lines = async (seed: number) => [...(await fleetRun({ ...of, seed })).log.lines()];
    expect(await lines(1)).toEqual(await lines(1));
    expect(await lines(2)).not.toEqual(await lines(1));
  });

  it('waits less for suggestions that a thread prepares', async () => {
    const suggestionMs = 50;
    const costOf: FleetProblem['costOf'] = (requests) =>
      requests.some(({ kind }) => kind === 'ask') ? suggestionMs : 1;
    const of = {
      ...{ workers: 4, trials: 40, sampler: 'tpe' },
      behaviour: { duration: lognormal(300, 0.5) },
    };
    const asked = await fleetRun(problem({ ...of, costOf }));
    const prepared = await fleetRun(
      problem({ ...of, costOf: always(1), prepared: tpe(), suggestionCostOf: always(suggestionMs) }),
    );
    for (const { check } of [asked, prepared]) expect(check.faults).toEqual([]);
    expect(prepared.server.requests.suggestion).toBeGreaterThan(5);
    expect(prepared.result.waits.meanMs).toBeLessThan(0.5 * asked.result.waits.meanMs);
  });
});

describe('durations', () => {
  const mean = (of: (rng: Rng) => number) => {
    const rng = seeded(4);
    const drawn = Array.from({ length: 40_000 }, () => of(rng));
    return drawn.reduce((a, b) => a + b) / drawn.length;
  };
  it('have the means of their distributions', () => {
    expect(mean(exponential(3)) / 3).toBeCloseTo(1, 1);
    expect(mean(lognormal(2, 0.5)) / (2 * Math.exp(0.125))).toBeCloseTo(1, 1);
  });
});
