import { type Sampler, seeded } from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { sourceOn } from './source-on.ts';
import { promisingPoints, warmStart } from './warm-start.ts';

const space = searchSpace({
  rate: logUniform(1e-4, 1e-1),
  layers: integer(1, 5),
  act: categorical('relu', 'gelu'),
});

describe('sourceOn', () => {
  it('matches parameters by name and turns the sign of minimized values', () => {
    const { source, unused } = sourceOn(space, {
      name: 'earlier',
      direction: 'minimize',
      trials: [{ params: { rate: 1e-2, layers: 3, act: 'gelu' }, value: 0.25 }],
    });
    expect([...source.data.x.data]).toEqual([...space.encode({ rate: 1e-2, layers: 3, act: 'gelu' })]);
    expect([...source.data.y]).toEqual([-0.25]);
    expect(unused).toEqual([]);
  });

  it('clips ranges, fills what is missing with the middle and lists what it could not use', () => {
    const { source, unused } = sourceOn(space, {
      name: 'other',
      direction: 'maximize',
      trials: [
        { params: { rate: 1, act: 'tanh', momentum: 0.9 }, value: 1 },
        { number: 1, params: {}, reports: [], state: 'running' },
      ],
    });
    const row = space.decode(source.data.x.data);
    expect(row.rate).toBeCloseTo(0.1, 12);
    expect(row.layers).toBe(3);
    expect(source.data.y.length).toBe(1);
    for (const word of ['momentum', 'tanh', 'layers', 'nearest end', 'did not finish'])
      expect(unused.some((text) => text.includes(word))).toBe(true);
  });
});

describe('warmStart', () => {
  const line = searchSpace({ u: uniform(0, 1) });
  const source = (name: string, best: number) =>
    sourceOn(line, {
      name,
      direction: 'minimize',
      trials: Array.from({ length: 11 }, (_, k) => ({
        params: { u: k / 10 },
        value: Math.abs(k / 10 - best),
      })),
    }).source;
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
    const sampler = warmStart([source('a', 0.3)], { sampler: middle });
    const [first, second] = await sampler.sample(request(2));
    expect(first!.params.u).toBeCloseTo(0.3, 12);
    expect(second!.params.u).toBe(0.5);
    expect((await sampler.sample(request(1, [0.3])))[0]!.params.u).toBe(0.5);
  });

  it('covers sources that disagree with its further points, and never repeats a trial', async () => {
    const sources = [source('a', 0.1), source('b', 0.1), source('c', 0.9), source('d', 0.9)];
    const points = await promisingPoints(sources, { count: 3 });
    const first = points.map((point) => point[0]!);
    expect(first.some((u) => u <= 0.2)).toBe(true);
    expect(first.some((u) => u >= 0.8)).toBe(true);
    const proposals = await warmStart(sources, { sampler: middle, points: 3 }).sample(
      request(2, [first[0]!]),
    );
    expect(proposals.map(({ params }) => params.u)).not.toContain(first[0]);
  });

  it('leaves a study whose sources are useless to the other sampler', async () => {
    const constant = sourceOn(line, {
      name: 'constant',
      direction: 'minimize',
      trials: [0.1, 0.2, 0.3].map((u) => ({ params: { u }, value: 1 })),
    }).source;
    const otherwise: Sampler = { sample: () => [{ params: { u: 0.77 } as never }] };
    const [proposal] = await warmStart([constant], { sampler: middle, otherwise }).sample(request(1));
    expect(proposal!.params.u).toBe(0.77);
  });
});
