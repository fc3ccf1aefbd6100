import { InvalidArgumentError, seeded } from '@foothold/core';
import { virtualClock } from '@foothold/testing/virtual-clock';
import { describe, expect, it } from 'vitest';
import { type RateLimitOptions, rateLimit } from './rate-limit.ts';

interface Started {
  readonly at: number;
  readonly tokens: number;
}

/** Requests that all come at once; each may use up to `bound` tokens, uses a share of it, and takes a while. */
async function started(
  seed: number,
  options: RateLimitOptions,
  load: { count: number; bound: number; duration: number },
) {
  const rng = seeded(seed);
  const clock = virtualClock();
  const limit = rateLimit(options, clock);
  const starts: Started[] = [];
  let running = 0;
  let maxRunning = 0;
  const one = async (): Promise<void> => {
    const bound = Math.ceil(load.bound * rng.next());
    const tokens = Math.floor((bound + 1) * rng.next());
    const duration = load.duration * 2 * rng.next();
    const admission = await limit.admit(bound);
    maxRunning = Math.max(maxRunning, ++running);
    starts.push({ at: clock.now(), tokens });
    await clock.sleep(duration);
    running--;
    admission.end(tokens);
  };
  await clock.run(Promise.all(Array.from({ length: load.count }, one)));
  return { starts, maxRunning, end: clock.now() };
}

/** The largest sum over the requests of a window that begins with one of them: windows that begin elsewhere hold no more. */
function fullestWindow(starts: readonly Started[], window: number, of: (start: Started) => number): number {
  return Math.max(
    ...starts.map(({ at }) =>
      starts
        .filter((other) => other.at >= at && other.at < at + window)
        .reduce((sum, other) => sum + of(other), 0),
    ),
  );
}

describe('rateLimit', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'never goes above a limit in any window, for requests of any size and duration (seed %i)',
    async (seed) => {
      const rng = seeded(`limits ${seed}`);
      const requests = 1 + Math.floor(40 * rng.next());
      const tokens = 500 + Math.floor(5000 * rng.next());
      const concurrency = rng.next() < 0.3 ? Infinity : 1 + Math.floor(100 * rng.next());
      const options = { requests, tokens, window: 1000, concurrency };
      const load = { count: 200, bound: 500 * rng.next() + 1, duration: 10 ** (4 * rng.next()) };
      const { starts, maxRunning } = await started(seed, options, load);
      expect(starts).toHaveLength(200);
      expect(fullestWindow(starts, 1000, () => 1)).toBeLessThanOrEqual(requests);
      expect(fullestWindow(starts, 1000, (start) => start.tokens)).toBeLessThanOrEqual(tokens);
      expect(maxRunning).toBeLessThanOrEqual(concurrency);
    },
  );

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'never goes above a limit where the provider counts requests when they arrive (seed %i)',
    async (seed) => {
      const rng = seeded(`ways ${seed}`);
      const clock = virtualClock();
      const arrivalDelay = 10 + Math.floor(200 * rng.next());
      const options = { requests: 20, tokens: 2000, window: 1000, arrivalDelay, concurrency: 50 };
      const limit = rateLimit(options, clock);
      const arrivals: Started[] = [];
      const one = async (): Promise<void> => {
        const bound = Math.ceil(150 * rng.next());
        const tokens = Math.ceil(bound * rng.next());
        const way = arrivalDelay * rng.next() ** 4;
        const latency = 2000 * rng.next() ** 4;
        const admission = await limit.admit(bound);
        await clock.sleep(way);
        arrivals.push({ at: clock.now(), tokens });
        await clock.sleep(latency);
        admission.end(tokens);
      };
      await clock.run(Promise.all(Array.from({ length: 300 }, one)));
      expect(fullestWindow(arrivals, 1000, () => 1)).toBeLessThanOrEqual(20);
      expect(fullestWindow(arrivals, 1000, ({ tokens }) => tokens)).toBeLessThanOrEqual(2000);
    },
  );

  it.each([
    ['when it has ended', 30, 1030],
    ['when the longest way is over', 800, 1050],
  ])(
    'counts a request from the moment at which it has arrived at the latest: %s',
    async (_, duration, next) => {
      const clock = virtualClock();
      const limit = rateLimit({ requests: 1, window: 1000, arrivalDelay: 50 }, clock);
      const first = await limit.admit(1);
      const end = clock.sleep(duration).then(() => first.end(1));
      await clock.run(Promise.all([end, limit.admit(1)]));
      expect(clock.now()).toBe(next);
    },
  );

  it('counts a request with what it came with where nobody knows what it used', async () => {
    const clock = virtualClock();
    const limit = rateLimit({ tokens: 100, window: 1000 }, clock);
    (await limit.admit(60)).end(Number.NaN);
    (await clock.run(limit.admit(40))).end(40);
    await clock.run(limit.admit(1));
    expect(clock.now()).toBe(1000);
  });

  it('reaches nine tenths of the requests that its limit allows', async () => {
    const options = { requests: 50, tokens: Infinity, window: 1000, concurrency: 100 };
    const { starts } = await started(1, options, { count: 1000, bound: 100, duration: 100 });
    // 1000 requests fill 20 windows; the last begins with the twentieth.
    expect(Math.max(...starts.map(({ at }) => at))).toBeLessThan((19 * 1000) / 0.9);
  });

  it('reaches nine tenths of the tokens that its limit allows, though requests come with bounds', async () => {
    const options = { requests: Infinity, tokens: 50_000, window: 60_000, concurrency: 100 };
    const { starts } = await started(2, options, { count: 4000, bound: 200, duration: 1000 });
    const used = starts.reduce((sum, { tokens }) => sum + tokens, 0);
    const last = Math.max(...starts.map(({ at }) => at));
    expect(used / 50_000).toBeGreaterThan(0.9 * (last / 60_000));
    expect(last).toBeGreaterThan(60_000);
  });

  it('lets requests begin in the order in which they came', async () => {
    const clock = virtualClock();
    const limit = rateLimit({ requests: 1, tokens: 100, window: 10 }, clock);
    const order: number[] = [];
    const one = async (i: number, tokens: number) => {
      const admission = await limit.admit(tokens);
      order.push(i);
      admission.end(tokens);
    };
    await clock.run(Promise.all([100, 90, 1, 50].map((tokens, i) => one(i, tokens))));
    expect(order).toEqual([0, 1, 2, 3]);
  });

  it('lets one request begin at a time, so that each is on its way before the next begins', async () => {
    const clock = virtualClock();
    const limit = rateLimit({}, clock);
    let begun = 0;
    const all = Promise.all(Array.from({ length: 5 }, () => limit.admit(1).then(() => begun++)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(1);
    await clock.run(all);
    expect([begun, clock.now()]).toEqual([5, 0]);
  });

  it('lets one that waits leave, and those behind it begin', async () => {
    const clock = virtualClock();
    const limit = rateLimit({ tokens: 100, window: 1000 }, clock);
    const first = await limit.admit(60);
    const stop = new AbortController();
    const second = limit.admit(90, stop.signal);
    const third = limit.admit(40);
    stop.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await clock.run(third);
    expect(clock.now()).toBe(0);
    first.end(60);
    await expect(limit.admit(1, stop.signal)).rejects.toThrow('enough');
  });

  it('counts no more than it has room for where a request used more than it came with', async () => {
    const clock = virtualClock();
    const limit = rateLimit({ tokens: 100, window: 1000 }, clock);
    const first = await limit.admit(10);
    first.end(1e9);
    first.end(0);
    const second = limit.admit(1);
    await clock.run(second);
    expect(clock.now()).toBe(1000);
  });

  it('refuses what no window can hold, and limits that are none', async () => {
    const clock = virtualClock();
    await expect((async () => rateLimit({ tokens: 10 }, clock).admit(11))()).rejects.toBeInstanceOf(
      InvalidArgumentError,
    );
    for (const options of [
      { requests: 0 },
      { requests: 1.5 },
      { tokens: 0 },
      { tokens: Number.NaN },
      { window: -1 },
      { concurrency: 0 },
      { arrivalDelay: -1 },
      { arrivalDelay: Number.NaN },
    ])
      expect(() => rateLimit(options, clock)).toThrow(InvalidArgumentError);
  });
});
