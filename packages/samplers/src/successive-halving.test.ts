import { type Params, type SampleRequest, seeded, type Trial } from '@foothold/core';
import { integer, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { random } from './random.ts';
import { type SuccessiveHalvingOptions, successiveHalving } from './successive-halving.ts';
import { tpe } from './tpe/tpe.ts';

const fidelity = { name: 'epochs', max: 9 };
const space = searchSpace({ x: uniform(0, 1), epochs: integer(1, 9) });

/** Trials of one worker, with values by x and epochs. */
async function run(
  count: number,
  lossOf: (x: number, epochs: number) => number,
  {
    of = space,
    repeat = false,
    ...options
  }: Partial<SuccessiveHalvingOptions> & {
    readonly of?: SampleRequest['space'];
    readonly repeat?: boolean;
  } = {},
) {
  const sampler = successiveHalving({ fidelity, ...options });
  const trials: Trial[] = [];
  for (let number = 0; number < count; number++) {
    const request = {
      space: of,
      direction: 'minimize' as const,
      trials,
      count: 1,
      repeat,
      rng: seeded(1).fork(number),
    };
    const [proposal] = await sampler.sample(request);
    const { x, epochs } = proposal!.params as { x: number; epochs: number };
    trials.push({
      number,
      params: proposal!.params,
      reports: [],
      state: 'complete',
      value: lossOf(x, epochs),
    });
  }
  return trials as (Trial & { readonly value: number })[];
}
/** Those of the first third of a rung that were not trained any further. */
function promotable(trials: readonly (Trial & { readonly value: number })[], rung: number) {
  const at = trials.filter((trial) => epochsOf(trial) === rung).sort((a, b) => a.value - b.value);
  const isFurther = (x: unknown) => trials.some((trial) => epochsOf(trial) > rung && trial.params['x'] === x);
  const first = at.slice(0, Math.floor(at.length / 3)).map(({ params }) => params['x']);
  return first.filter((x) => !isFurther(x));
}
const epochsOf = ({ params }: { readonly params: Params }) => Number(params['epochs']);

describe('successiveHalving', () => {
  it('trains the best third of each rung three times as far, as algorithm 2 of the paper does', async () => {
    const trials = await run(40, (x, epochs) => x + 1 / epochs);
    expect([...new Set(trials.map(epochsOf))].sort()).toEqual([1, 3, 9]);
    // Of three configurations one goes on.
    expect(trials.slice(0, 4).map(epochsOf)).toEqual([1, 1, 1, 3]);
    for (const [k, trial] of trials.entries()) {
      const rung = epochsOf(trial) / 3;
      const open = [1, 3].flatMap((at) => promotable(trials.slice(0, k), at));
      // A new configuration begins only where none can go on; one that goes on was among the first third of its rung.
      if (rung < 1) expect(open).toEqual([]);
      else expect(promotable(trials.slice(0, k), rung)).toContain(trial.params['x']);
    }
  });
  it('begins at the smallest rung from minFidelity on, with another factor', async () => {
    const trials = await run(30, (x) => x, { reductionFactor: 2, minFidelity: 2 });
    expect([...new Set(trials.map(epochsOf))].sort()).toEqual([2, 4, 9]);
  });
  it('never trains one configuration twice at a time, and no failed one any further', async () => {
    const sampler = successiveHalving({ fidelity });
    const trials = await run(9, (x) => x);
    const request = { space, direction: 'minimize' as const, trials, count: 6, rng: seeded(2) };
    const made = await sampler.sample(request);
    expect(new Set(made.map(({ params }) => params.x)).size).toBe(6);
    const failed = trials.map(
      (trial): Trial => (epochsOf(trial) === 3 ? { ...trial, state: 'failed', reason: 'x' } : trial),
    );
    const dead = failed.flatMap(({ state, params }) => (state === 'failed' ? [params['x']] : []));
    expect(dead.length).toBeGreaterThan(0);
    for (const { params } of await sampler.sample({ ...request, trials: failed }))
      expect(dead).not.toContain(params.x);
  });
  it('trains every configuration of a finite space fully, and then says that there is none', async () => {
    const of = searchSpace({ x: integer(1, 3), epochs: integer(1, 9) });
    for (const sampler of [random(), tpe()]) {
      const trials = await run(9, (x) => x, { of, sampler });
      expect(trials.filter((trial) => epochsOf(trial) === 9)).toHaveLength(3);
      await expect(run(10, (x) => x, { of, sampler })).rejects.toThrow('evaluated or pending');
    }
  });
  it('keeps given values, in new configurations and in those that go on', async () => {
    const trials = await run(30, (x) => x);
    const known = trials.find((trial) => epochsOf(trial) === 1)!.params['x'] as number;
    const ask = async (fixed: Params) => {
      const request = { space, direction: 'minimize' as const, trials, count: 1, fixed, rng: seeded(4) };
      return (await successiveHalving({ fidelity }).sample(request as unknown as SampleRequest))[0]!.params;
    };
    expect((await ask({ x: 0.123 }))['x']).toBe(0.123);
    expect(await ask({ x: 0.123, epochs: 9 })).toEqual({ x: 0.123, epochs: 9 });
    expect((await ask({ epochs: 3 }))['epochs']).toBe(3);
    expect(known).toBeGreaterThan(0);
  });
  it('finds more with a sampler that looks at values than with random ones', async () => {
    const regret = async (sampler: SuccessiveHalvingOptions['sampler']) => {
      const trials = await run(90, (x, epochs) => (x - 0.7) ** 2 + 1 / epochs, { sampler });
      return Math.min(...trials.filter((trial) => epochsOf(trial) === 9).map(({ value }) => value)) - 1 / 9;
    };
    expect(await regret(tpe())).toBeLessThan(await regret(random()));
  });
  it('refuses what cannot be', () => {
    expect(() => successiveHalving({ fidelity: { name: 'epochs', max: 1 } })).toThrow('fidelity.max is 1');
    expect(() => successiveHalving({ fidelity, reductionFactor: 1.5 })).toThrow('reductionFactor is 1.5');
    expect(() => successiveHalving({ fidelity, minFidelity: 10 })).toThrow('from 10');
    expect(() => successiveHalving({ fidelity, sampler: { ...random(), supports: [] } })).toThrow('fixed');
  });
  it.each([random(), tpe()])(
    'begins no configuration a second time where points may be repeated (%#)',
    async (sampler) => {
      const few = searchSpace({ x: integer(1, 4), epochs: integer(1, 9) });
      const trials = await run(12, (x, epochs) => x + 1 / epochs, { of: few, sampler, repeat: true });
      const pieces = trials.map(({ params }) => `${params['x']} to ${params['epochs']}`);
      expect(new Set(pieces).size).toBe(12);
    },
  );
  it.each([random(), tpe()])(
    'begins a configuration once more where points may be repeated and there is nothing else, rather one that does not run (%#)',
    async (sampler) => {
      const few = searchSpace({ x: integer(1, 4), epochs: integer(1, 9) });
      const halving = successiveHalving({ fidelity, sampler });
      const at = (x: number, epochs: number, state: Trial['state']) => ({ x, epochs, state });
      const next = async (
        of: readonly ReturnType<typeof at>[],
        more: Partial<Pick<SampleRequest, 'repeat' | 'fidelity'>>,
      ) => {
        const trials = of.map(
          ({ x, epochs, state }, number) =>
            ({ number, params: { x, epochs }, reports: [], state, value: x }) as unknown as Trial,
        );
        const request = { space: few, direction: 'minimize' as const, trials, count: 1, rng: seeded(1) };
        const [made] = await halving.sample({ ...request, ...more } as unknown as SampleRequest);
        return made!.params;
      };
      const running = [1, 2, 3, 4].map((x) => at(x, 1, 'running'));
      expect(await next(running, { repeat: true })).toMatchObject({ epochs: 1 });
      for (const idle of [1, 2, 3, 4]) {
        const trials = running.map((trial) => (trial.x === idle ? at(idle, 9, 'complete') : trial));
        expect(await next(trials, { repeat: true })).toEqual({ x: idle, epochs: 1 });
        expect(await next(trials, { repeat: true, fidelity: { ...fidelity, continues: false } })).toEqual({
          x: idle,
          epochs: 1,
        });
        await expect(next(trials, { repeat: false })).rejects.toThrow('evaluated or pending');
        // A piece that would train nothing more.
        await expect(next(trials, { repeat: true, fidelity })).rejects.toThrow('evaluated or pending');
      }
      const restarts = { ...fidelity, continues: false };
      await expect(next(running, { repeat: true, fidelity: restarts })).rejects.toThrow(
        'evaluated or pending',
      );
    },
  );
  it('does not go on with a configuration that runs, such as one that was enqueued again', async () => {
    const sampler = successiveHalving({ fidelity, minFidelity: 3 });
    const at = (number: number, x: number, more: object) =>
      ({ number, params: { x, epochs: 3 }, reports: [], ...more }) as unknown as Trial;
    const trials = [0.1, 0.2, 0.3].map((x, number) => at(number, x, { state: 'complete', value: x }));
    const next = async (more: readonly Trial[]) => {
      const request = { space, direction: 'minimize' as const, count: 1, rng: seeded(1) };
      return (await sampler.sample({ ...request, trials: [...trials, ...more] }))[0]!.params;
    };
    expect(await next([])).toEqual({ x: 0.1, epochs: 9 });
    expect(await next([at(3, 0.1, { state: 'running' })])).toMatchObject({ epochs: 3 });
  });
});
