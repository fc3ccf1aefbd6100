import { InvalidArgumentError, type PriorTask, type Sampler, seeded, type Trial } from '@foothold/core';
import { prepareSources } from '@foothold/gp-models';
import { mapStudyToSpace, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { promisingPoints } from './portfolio.ts';
import { warmStart } from './warm-start.ts';

describe('warmStart', () => {
  const line = searchSpace({ u: uniform(0, 1) });
  const prepared = (sources: readonly PriorTask[]) => prepareSources(sources, { columns: line.columns });
  const source = (name: string, best: number) =>
    mapStudyToSpace(line, {
      name,
      direction: 'minimize',
      trials: Array.from({ length: 11 }, (_, k) => ({
        params: { u: k / 10 },
        value: Math.abs(k / 10 - best),
      })),
    }).task;
  const middle: Sampler = {
    sample: (request) =>
      Array.from({ length: request.count }, () => ({ params: request.space.decode(Float64Array.of(0.5)) })),
  };
  const request = (count: number, us: readonly number[] = []) => ({
    space: line,
    direction: 'minimize' as const,
    count,
    rng: seeded(0),
    trials: us.map((u, number) => ({
      number,
      params: { u },
      reports: [],
      state: 'complete' as const,
      value: 1,
    })),
  });

  it('begins at the best trial of one source, then hands over', async () => {
    const sampler = warmStart(prepared([source('a', 0.3)]), { sampler: middle });
    const [first, second] = await sampler.sample(request(2));
    expect(first!.params.u).toBeCloseTo(0.3, 12);
    expect(second!.params.u).toBe(0.5);
    expect((await sampler.sample(request(1, [0.3])))[0]!.params.u).toBe(0.5);
  });

  it('covers sources that disagree with its further points, and never repeats a trial', async () => {
    const sources = [source('a', 0.1), source('b', 0.1), source('c', 0.9), source('d', 0.9)];
    const points = promisingPoints((await prepared(sources).values())!, 3);
    const first = points.map((point) => point[0]!);
    expect(first.some((u) => u <= 0.2)).toBe(true);
    expect(first.some((u) => u >= 0.8)).toBe(true);
    const proposals = await warmStart(prepared(sources), { sampler: middle, points: 3 }).sample(
      request(2, [first[0]!]),
    );
    expect(proposals.map(({ params }) => params.u)).not.toContain(first[0]);
  });

  it('begins inside the space also where the best trials lie just outside', async () => {
    const beside = ['a', 'b', 'c', 'd'].map(
      (name) =>
        mapStudyToSpace(line, {
          name,
          direction: 'minimize',
          trials: Array.from({ length: 12 }, (_, k) => ({ params: { u: k / 10 }, value: 1.1 - k / 10 })),
        }).task,
    );
    for (const [point] of promisingPoints((await prepared(beside).values())!, 3)) {
      expect(point).toBeLessThanOrEqual(1);
      expect(point).toBeGreaterThan(0.7);
    }
    const [first] = await warmStart(prepared(beside), { sampler: middle }).sample(request(1));
    expect(first!.params.u).toBeGreaterThan(0.9);
    expect(first!.params.u).toBeLessThanOrEqual(1);
  });

  it('leaves a study whose sources are useless to the other sampler', async () => {
    const constant = mapStudyToSpace(line, {
      name: 'constant',
      direction: 'minimize',
      trials: [0.1, 0.2, 0.3].map((u) => ({ params: { u }, value: 1 })),
    }).task;
    const otherwise: Sampler = { sample: () => [{ params: { u: 0.77 } as never }] };
    const [proposal] = await warmStart(prepared([constant]), { sampler: middle, fallback: otherwise }).sample(
      request(1),
    );
    expect(proposal!.params.u).toBe(0.77);
  });

  it('hands over what is left of a batch with its own points as running', async () => {
    let seen: readonly Trial[] = [];
    const next: Sampler = {
      sample(asked) {
        seen = asked.trials;
        return middle.sample(asked);
      },
    };
    const sampler = warmStart(prepared([source('a', 0.3)]), { sampler: next, points: 2 });
    const proposals = await sampler.sample(request(2, [0.9]));
    expect(proposals).toHaveLength(2);
    expect(seen.map(({ number, state }) => [number, state])).toEqual([
      [0, 'complete'],
      [1, 'running'],
    ]);
    expect(seen[1]!.params).toEqual(proposals[0]!.params);
  });

  it('refuses numbers of points that are not whole', () => {
    for (const points of [-1, 1.5, Number.NaN])
      expect(() => warmStart(prepared([]), { sampler: middle, points })).toThrow(InvalidArgumentError);
  });
});
