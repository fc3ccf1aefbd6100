import {
  type Column,
  levelOf,
  type Outcome,
  type Params,
  positionOf,
  type SampleRequest,
  type Sampler,
  type SearchSpace,
  SpaceExhaustedError,
  seeded,
  type Trial,
} from '@foothold/core';
import { describe, expect, it } from 'vitest';

type Mixed = { readonly u: number; readonly n: number; readonly c: string };
const choices = ['red', 'green', 'blue'] as const;

/** A continuous, an integer and a categorical parameter; without `u` it is finite, of size 12. */
function space(finite: boolean): SearchSpace<Mixed> {
  const columns: readonly Column[] = [
    finite ? { kind: 'ordinal', name: 'u', levels: 1 } : { kind: 'continuous', name: 'u' },
    { kind: 'ordinal', name: 'n', levels: 4 },
    { kind: 'categorical', name: 'c', levels: 3 },
  ];
  return {
    columns,
    size: finite ? 12 : Infinity,
    encode: ({ u, n, c }) =>
      Float64Array.of(
        finite ? 0.5 : u / 10,
        positionOf(columns[1]!, n),
        positionOf(columns[2]!, choices.indexOf(c as 'red')),
      ),
    decode: (p) => ({
      u: finite ? 5 : 10 * levelOf(columns[0]!, p[0]!),
      n: levelOf(columns[1]!, p[1]!),
      c: choices[levelOf(columns[2]!, p[2]!)]!,
    }),
  };
}

/** What every Sampler must do. One line in a sampler's test file. */
export function describeSampler(name: string, open: () => Sampler | Promise<Sampler>): void {
  const opened = async () => open();
  const request = <P extends Params>(
    over: Partial<SampleRequest<P>> & { readonly space: SearchSpace<P> },
  ) => ({
    direction: 'minimize' as const,
    trials: [],
    count: 1,
    rng: seeded(1),
    ...over,
  });

  describe(`${name} is a Sampler`, () => {
    it('proposes as many parameters as asked for, each inside the space', async () => {
      const sampler = await opened();
      for (const count of [0, 1, 7]) {
        const made = await sampler.sample(request({ space: space(false), count }));
        expect(made.length).toBe(count);
        for (const { params } of made) expectInside(params);
      }
    });

    it('states options, where it does, that JSON gives back as they are', async () => {
      const { options = null } = await opened();
      expect(JSON.parse(JSON.stringify(options))).toEqual(options);
    });

    it('proposes the same for the same history and seed', async () => {
      const trials = history(8, (i) => ({ state: 'complete', value: Math.sin(i) }));
      const ask = async () => {
        const made = await (await opened()).sample(
          request({ space: space(false), trials, count: 3, rng: seeded(9) }),
        );
        return made.map((p) => p.params);
      };
      expect(await ask()).toEqual(await ask());
    });

    it('never repeats itself on a finite space, and says when it is exhausted', async () => {
      const sampler = await opened();
      const trials: Trial<Mixed>[] = [];
      for (let number = 0; number < 12; number++) {
        const rng = seeded(3).fork(number);
        const [made] = await sampler.sample(request({ space: space(true), trials, rng }));
        const outcome: Outcome =
          number % 3 === 0 ? { state: 'failed', reason: 'test' } : { state: 'complete', value: number };
        // Every fourth is still running.
        const state = number % 4 === 1 ? { state: 'running' as const } : outcome;
        trials.push({ number, params: made!.params, reports: [], ...state });
      }
      expect(new Set(trials.map((t) => `${t.params.n} ${t.params.c}`)).size).toBe(12);
      await expect(
        (async () => sampler.sample(request({ space: space(true), trials })))(),
      ).rejects.toBeInstanceOf(SpaceExhaustedError);
    });

    // A space that says that it has no features lets a sampler take shortcuts.
    it.each([
      ['unsaid', {}],
      ['none', { features: [] }],
    ] as const)('does not repeat itself inside one request either (features: %s)', async (_, features) => {
      const finite = { ...space(true), ...features };
      const sampler = await opened();
      const trials: Trial<Mixed>[] = [];
      for (const count of [7, 5])
        for (const { params } of await sampler.sample(request({ space: finite, trials, count })))
          trials.push({ number: trials.length, params, reports: [], state: 'pruned' });
      expect(new Set(trials.map(({ params }) => `${params.n} ${params.c}`)).size).toBe(12);
      await expect((async () => sampler.sample(request({ space: finite, trials })))()).rejects.toBeInstanceOf(
        SpaceExhaustedError,
      );
    });

    const outcomes: Readonly<Record<string, (i: number) => Outcome | { readonly state: 'running' }>> = {
      'only failures': () => ({ state: 'failed', reason: 'test' }),
      'only running trials': () => ({ state: 'running' }),
      'only pruned trials': () => ({ state: 'pruned' }),
      'equal values': () => ({ state: 'complete', value: 4 }),
      'infinities and NaN': (i) => ({
        state: 'complete',
        value: [Infinity, -Infinity, Number.NaN, 1][i % 4]!,
      }),
      'huge values': (i) => ({ state: 'complete', value: 1e300 * (i % 2 ? 1 : -1) }),
      'tiny values': (i) => ({ state: 'complete', value: 1e-300 * i }),
      'all kinds of outcome': (i) =>
        [
          { state: 'complete' as const, value: i },
          { state: 'failed' as const, reason: 'test' },
          { state: 'running' as const },
          { state: 'pruned' as const },
        ][i % 4]!,
    };
    it.each(Object.keys(outcomes))('proposes inside the space after %s', async (kind) => {
      for (const direction of ['minimize', 'maximize'] as const)
        for (const length of [1, 25]) {
          const trials = history(length, outcomes[kind]!);
          const made = await (await opened()).sample(
            request({ space: space(false), trials, direction, count: 2 }),
          );
          expect(made.length).toBe(2);
          for (const { params } of made) expectInside(params);
        }
    });

    it('keeps fixed parameters (where it says so)', async () => {
      const sampler = await opened();
      if (!sampler.supports?.includes('fixed')) return;
      const whole = space(false);
      const coordinates = (values: Partial<Mixed>) =>
        whole
          .encode({ u: 0, n: 0, c: 'red', ...values })
          .map((v, j) => (['u', 'n', 'c'][j]! in values ? v : Number.NaN));
      const fixable = { ...whole, coordinates };
      const made = await sampler.sample(request({ space: fixable, fixed: { c: 'green', n: 2 }, count: 4 }));
      for (const { params } of made) expect(params).toMatchObject({ c: 'green', n: 2 });
    });

    it('keeps constraints (where it says so)', async () => {
      const sampler = await opened();
      if (!sampler.supports?.includes('input-constraints')) return;
      const violation = ({ u, n }: Mixed) => (u > n + 2 ? 'u is at most n + 2' : undefined);
      const made = await sampler.sample(request({ space: { ...space(false), violation }, count: 6 }));
      expect(made.length).toBe(6);
      for (const { params } of made) expect(violation(params)).toBeUndefined();
    });
  });
}

function history(
  length: number,
  outcome: (i: number) => Outcome | { readonly state: 'running' },
): readonly Trial<Mixed>[] {
  const rng = seeded('history');
  return Array.from({ length }, (_, number) => ({
    number,
    params: { u: 10 * rng.next(), n: Math.floor(4 * rng.next()), c: choices[Math.floor(3 * rng.next())]! },
    reports: [],
    ...outcome(number),
  }));
}

function expectInside({ u, n, c }: Mixed): void {
  expect(u).toBeGreaterThanOrEqual(0);
  expect(u).toBeLessThanOrEqual(10);
  expect([0, 1, 2, 3]).toContain(n);
  expect(choices).toContain(c);
}
