import { seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import type { TransferSource } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { createStudy } from './create-study.ts';
import { minimize } from './minimize.ts';
import type { MinimizeOptions } from './minimize-options.ts';

type Beam = { a: number; b: number; c: number; d: number };
const space = searchSpace({ a: uniform(0, 1), b: uniform(0, 1), c: uniform(0, 1), d: uniform(0, 1) });
const objectives = [
  { metric: 'value', direction: 'minimize' },
  { metric: 'strength', direction: 'maximize' },
] as const;

/** One of a family: a weight that is least at one point and a strength that is largest at another, both near those of the other tasks. */
function task(name: string) {
  const rng = seeded(name);
  const near = (centre: number) => centre + 0.1 * (rng.next() - 0.5);
  const [light, strong] = [[0.7, 0.2, 0.8, 0.3].map(near), [0.3, 0.2, 0.8, 0.7].map(near)];
  const unit = 1 + 9 * rng.next();
  const distance = (at: number[], { a, b, c, d }: Beam) =>
    [a, b, c, d].reduce((sum, u, j) => sum + (u - at[j]!) ** 2, 0);
  return (params: Beam) => ({
    value: unit * distance(light, params),
    metrics: { strength: -distance(strong, params) },
    share: Float64Array.of(-distance(light, params), -distance(strong, params)),
  });
}

function past(name: string, count = 30): TransferSource & { readonly name: string } {
  const rng = seeded(`past ${name}`);
  const f = task(name);
  const trials = Array.from({ length: count }, () => {
    const params = space.decode(Float64Array.from([0, 0, 0, 0], () => rng.next()));
    const { value, metrics } = f(params);
    return { params, value, metrics };
  });
  return { name, trials };
}
const transfer = ['a', 'b'].map((name) => past(name));

/** Area that the points dominate above (floor, floor). */
function hypervolume(points: readonly Float64Array[], floor: number): number {
  let [area, reached] = [0, floor];
  for (const [x, y] of [...points].sort((a, b) => b[0]! - a[0]!) as unknown as [number, number][]) {
    if (x <= floor || y <= reached) continue;
    area += (x - floor) * (y - reached);
    reached = y;
  }
  return area;
}

/** Mean hypervolume of two new tasks after eight trials, with the last trial of each. */
async function run(options: Partial<MinimizeOptions<Beam>>) {
  const last: Trial[] = [];
  let volume = 0;
  for (const seed of [1, 2]) {
    const f = task(`target ${seed}`);
    const { trials } = await minimize(
      (p: Beam) => ({ ...f(p), share: undefined }) as never,
      space as never,
      {
        ...{ objectives, trials: 8, seed, ...options },
      } as never,
    );
    const points = trials.map(({ params }) => f(params as unknown as Beam).share);
    volume += hypervolume(points, -0.5) / 2;
    last.push(trials.at(-1)!);
  }
  return { volume, last };
}
let plain: ReturnType<typeof run> | undefined;
const alone = async () => {
  plain ??= run({});
  return (await plain).volume;
};

describe('earlier studies of several objectives', () => {
  it.each(['auto', 'empirical-prior', 'residual', 'ranking-weighted', 'quantile'] as const)(
    '%s models each objective with its own sources, and is ahead of the plain models after eight trials',
    async (method) => {
      const { volume, last } = await run({ transfer, method });
      expect(volume).toBeGreaterThan(1.05 * (await alone()));
      for (const { why } of last) {
        expect(why).toMatchObject({
          acquisition: { name: 'logExpectedHypervolumeImprovement' },
          model: { objectives: { value: { transfer: { method } }, strength: { transfer: { method } } } },
          transfer: { method },
        });
        const told = why!['transfer'] as unknown as {
          readonly gate: number;
          readonly sources: readonly { readonly name: string; readonly weight: number }[];
        };
        expect(told.sources.map(({ name }) => name).sort()).toEqual(['a', 'b']);
        expect(told.gate).toBeCloseTo(
          told.sources.reduce((sum, { weight }) => sum + weight, 0),
          9,
        );
      }
    },
  );

  it('a portfolio begins amid the fronts of the sources and goes on to their ends', async () => {
    const study = createStudy({ space, direction: 'minimize', objectives, transfer, method: 'portfolio' });
    const asked = [await study.ask(), await study.ask(), await study.ask()];
    const [weights, strengths] = [0, 1].map((j) =>
      asked.map(({ params }) => -task('a')(params as unknown as Beam).share[j]!),
    ) as [number[], number[]];
    expect(asked[0]!.why).toMatchObject({ stage: 'warm start', transfer: { method: 'portfolio' } });
    expect(Math.max(weights[0]!, strengths[0]!)).toBeLessThan(0.35);
    expect(Math.min(...weights)).toBeLessThan(weights[0]!);
    expect(Math.min(...strengths)).toBeLessThan(strengths[0]!);
  });

  it('a source without one of the objectives has no information on it, and that is said', async () => {
    const { trials, ...rest } = past('b');
    const without = {
      ...rest,
      trials: trials.map(({ params, ...of }) => ({ params, value: (of as { value: number }).value })),
    };
    const study = createStudy({
      space,
      direction: 'minimize',
      objectives,
      transfer: [past('a'), without],
      method: 'residual',
    });
    const f = task('target 1');
    for (let k = 0; k < 5; k++) {
      const { number, params } = await study.ask();
      const { value, metrics } = f(params as unknown as Beam);
      await study.tell(number, { state: 'complete', value, metrics });
    }
    const why = (await study.trials()).at(-1)!.why!;
    expect(why['unused']).toEqual({
      b: ['strength: no trial has it, so that it has no information on this objective'],
    });
    const of = (
      why['model'] as never as { objectives: Record<string, { transfer: { sources: { name: string }[] } }> }
    ).objectives;
    expect(of['value']!.transfer.sources.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    expect(of['strength']!.transfer.sources.map(({ name }) => name)).toEqual(['a']);
  });

  it('misleading sources cost little: their study is told in the other direction', async () => {
    const turned = transfer.map((source) => ({
      ...source,
      trials: source.trials.map((trial) => {
        const { params, value, metrics } = trial as {
          params: Beam;
          value: number;
          metrics: { strength: number };
        };
        return { params, value: -value, metrics: { strength: -metrics.strength } };
      }),
    }));
    const misled = await run({ transfer: turned as never, method: 'residual', gated: true, trials: 14 });
    const unaided = await run({ trials: 14 });
    expect(misled.volume).toBeGreaterThan(0.9 * unaided.volume);
  });

  it('a study of objectives is a source as it is, and the run is the same again', async () => {
    const earlier = createStudy({ space, direction: 'minimize', objectives, name: 'earlier', seed: 3 });
    const f = task('a');
    for (let k = 0; k < 12; k++) {
      const { number, params } = await earlier.ask();
      const { value, metrics } = f(params as unknown as Beam);
      await earlier.tell(number, { state: 'complete', value, metrics });
    }
    const [one, two] = [
      await run({ transfer: [earlier], trials: 6 }),
      await run({ transfer: [earlier], trials: 6 }),
    ];
    expect(one.last.map(({ params }) => params)).toEqual(two.last.map(({ params }) => params));
  });
});
