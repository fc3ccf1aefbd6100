import { logKnowledgeGradient } from '@foothold/acquisitions';
import { InvalidArgumentError } from '@foothold/core';
import { logUniform, searchSpace, uniform } from '@foothold/space';
import { memoryStorage } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { minimize } from '../minimize.ts';
import { multiFidelity } from './multi-fidelity.ts';
import type { MultiFidelityOptions } from './multi-fidelity-options.ts';

const space = searchSpace({ lr: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.9) });
type P = ReturnType<typeof space.decode>;
/** Its best learning rate falls, and its values shrink, with the fidelity. */
const evaluate = (p: P, { fidelity }: { readonly fidelity: number }) =>
  (Math.log10(p.lr) + 1.8 - 0.5 / fidelity) ** 2 + (p.dropout - 0.7) ** 2 + 1 / fidelity;
const fidelities = [{ fidelity: 1 }, { fidelity: 3 }, { fidelity: 9 }];
const options: MultiFidelityOptions<P> = { space, fidelities, evaluate, budget: 60 };

describe('multiFidelity', () => {
  it('spends the budget, answers with what was evaluated at the target fidelity, and beats a cold start', async () => {
    let [own, from] = [0, 0];
    for (const seed of [0, 1, 2]) {
      const result = await multiFidelity({ ...options, seed });
      const [cheap, , last] = result.fidelities;
      expect(result.spent).toBeLessThanOrEqual(60);
      expect(result.spent).toBeGreaterThan(60 - 9);
      expect(result.spent).toBe(result.fidelities.reduce((sum, s) => sum + s.trials.length * s.cost, 0));
      expect(cheap!.y).toEqual(cheap!.x.map((p) => evaluate(p, { fidelity: 1 })));
      expect(last!.y).toEqual(last!.x.map((p) => evaluate(p, { fidelity: 9 })));
      expect(result.best.value).toBe(Math.min(...last!.y));
      expect(result.params).toEqual(last!.best!.params);
      const cold = await minimize((p) => evaluate(p, { fidelity: 9 }), space, { trials: 6, seed });
      own += result.value - 1 / 9;
      from += cold.value - 1 / 9;
    }
    expect(own).toBeLessThan(0.5 * from);
  });
  it('decides by another acquisition where one is given', async () => {
    const { study, value } = await multiFidelity({
      ...options,
      acquisition: logKnowledgeGradient({ targets: 8 }),
    });
    const names = (await study.trials()).flatMap(({ why }) => {
      const { name } = (why?.['acquisition'] ?? {}) as { readonly name?: string };
      return name === undefined ? [] : [name];
    });
    expect(new Set(names)).toEqual(new Set(['logKnowledgeGradient']));
    expect(value).toBeLessThan(1);
  });
  it("begins with the space's defaults, at the cheapest fidelity", async () => {
    const usual = searchSpace({ lr: logUniform(1e-5, 1e-1).default(0.02), dropout: uniform(0, 0.9) });
    const { study } = await multiFidelity({ ...options, space: usual, budget: 12 });
    const [first] = await study.trials();
    expect(first!.params['fidelity']).toBe(1);
    expect(first!.params.lr).toBeCloseTo(0.02, 12);
    expect(first!.params.dropout).toBeCloseTo(0.45, 12);
  });
  /** Times that are equal in two runs. */
  const clock = () => 0;
  it('ends the same when it is stopped between any two trials and called again', async () => {
    const whole = await multiFidelity({ ...options, budget: 30, clock });
    const storage = memoryStorage();
    for (let stop = 1; ; stop++) {
      const controller = new AbortController();
      const onTrial = () => controller.abort(new Error('stopped'));
      const part = await multiFidelity({
        ...options,
        budget: 30,
        clock,
        storage,
        signal: controller.signal,
        onTrial,
      }).catch(() => undefined);
      if (part?.spent === whole.spent) {
        expect(part.fidelities).toEqual(whole.fidelities);
        break;
      }
      expect(stop).toBeLessThan(31);
    }
  });
  it('does an interrupted evaluation again, with nothing paid twice', async () => {
    const whole = await multiFidelity({ ...options, budget: 30, clock });
    const storage = memoryStorage();
    const controller = new AbortController();
    let count = 0;
    const interrupted: typeof evaluate = (p, context) => {
      if (++count === 9) {
        controller.abort(new Error('Ctrl-C'));
        throw new Error('killed');
      }
      return evaluate(p, context);
    };
    await multiFidelity({
      ...options,
      budget: 30,
      clock,
      storage,
      evaluate: interrupted,
      signal: controller.signal,
    }).catch(() => undefined);
    expect((await multiFidelity({ ...options, budget: 30, storage, clock })).fidelities).toEqual(
      whole.fidelities,
    );
  });
  it('says at which fidelity an evaluation pays most, and how the fidelities are correlated', async () => {
    const { fidelities: stages } = await multiFidelity(options);
    const { why } = stages[2]!.trials.at(-1)!;
    expect(why).toMatchObject({ sampler: 'multi-fidelity', stage: 'model' });
    const told = why!['fidelities'] as {
      correlations: number[];
      bestGainPerCost: Record<string, number>;
      chosen: number;
    };
    expect(told.chosen).toBe(9);
    expect(Object.keys(told.bestGainPerCost).every((fidelity) => ['1', '3', '9'].includes(fidelity))).toBe(
      true,
    );
    expect(told.correlations).toHaveLength(3);
    expect(told.correlations[2]).toBeCloseTo(1, 12);
    expect(Object.values(told.bestGainPerCost).every((rate) => rate >= 0)).toBe(true);
  });
  it('starts from past evaluations of a fidelity, which cost nothing', async () => {
    const first = await multiFidelity({ ...options, budget: 30, clock });
    const history = first.fidelities[0]!.trials;
    const result = await multiFidelity({
      ...options,
      budget: 18,
      fidelities: [{ fidelity: 1, history }, { fidelity: 3 }, { fidelity: 9 }],
    });
    expect(result.fidelities[0]!.trials.slice(0, history.length).map((t) => t.params)).toEqual(
      history.map((t) => t.params),
    );
    expect(result.spent).toBeLessThanOrEqual(18);
    expect(result.value).toBeLessThan(0.8);
  });
  it('goes on around failures, at one fidelity or another', async () => {
    const fragile: typeof evaluate = (p, context) => {
      if (context.fidelity > 1 && p.dropout > 0.8) throw new Error('out of memory');
      return evaluate(p, context);
    };
    const result = await multiFidelity({ ...options, evaluate: fragile, budget: 100 });
    expect(result.value).toBeLessThan(1);
    expect(result.spent).toBeLessThanOrEqual(100);
    await expect(
      multiFidelity({
        ...options,
        evaluate: () => {
          throw new Error('no disk');
        },
      }),
    ).rejects.toThrow('no disk');
  });
  it('runs several evaluations at a time within the budget', async () => {
    let running = 0;
    let max = 0;
    const slow = async (p: P, context: { readonly fidelity: number }) => {
      max = Math.max(max, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      return evaluate(p, context);
    };
    const result = await multiFidelity({ ...options, evaluate: slow, concurrency: 3 });
    expect(max).toBe(3);
    expect(result.spent).toBeLessThanOrEqual(60);
    const points = result.fidelities.flatMap((s) => s.x.map((p) => JSON.stringify([s.fidelity, p])));
    expect(new Set(points).size).toBe(points.length);
  });
  it('says that the budget is too small where a measured evaluation at the target fidelity is beyond it', async () => {
    const slow = (p: P, context: { readonly fidelity: number }) => ({
      value: p.dropout,
      metrics: { seconds: 50 * context.fidelity },
    });
    await expect(
      multiFidelity({ ...options, evaluate: slow, costs: 'measured', budget: 60 }),
    ).rejects.toThrow(
      'budget is 60, allowed is enough for an evaluation at the target fidelity: it costs about 450, and 10 is left',
    );
  });
  it('measures what an evaluation costs on request', async () => {
    let now = 0;
    const ticking: typeof evaluate = (p, context) => {
      now += 1000 * (1 + 2 * context.fidelity);
      return evaluate(p, context);
    };
    const result = await multiFidelity({
      ...options,
      evaluate: ticking,
      costs: 'measured',
      clock: () => now,
      budget: 120,
    });
    expect(result.fidelities.filter((s) => s.x.length > 0).map((s) => s.cost)).toEqual(
      result.fidelities.filter((s) => s.x.length > 0).map((s) => 1 + 2 * s.fidelity),
    );
    expect(result.spent).toBeLessThanOrEqual(120);
    expect(result.spent).toBe(now / 1000);
  });
  it('moves to the target fidelity where the cheap ones mislead', async () => {
    const misleading: typeof evaluate = (p, context) =>
      (context.fidelity < 9 ? -1 : 1) * evaluate(p, context);
    const result = await multiFidelity({ ...options, evaluate: misleading, budget: 160 });
    const [a, b, last] = result.fidelities;
    expect(a!.spent + b!.spent).toBeLessThan(0.5 * last!.spent + 2 * 9);
    expect(result.value).toBeLessThan(0.5);
  });
  it('keeps fidelities with values in other units separate', async () => {
    const units: typeof evaluate = (p, context) =>
      context.fidelity === 9 ? 5000 + 300 * evaluate(p, context) : evaluate(p, context);
    const result = await multiFidelity({ ...options, evaluate: units });
    expect(result.value).toBeLessThan(5000 + 300 * 0.3);
  });
  it.each([
    ['fidelities', { fidelities: [{ fidelity: 1 }] }],
    ['fidelities[1].fidelity', { fidelities: [{ fidelity: 3 }, { fidelity: 3 }] }],
    ['fidelities[0].cost', { fidelities: [{ fidelity: 1, cost: 0 }, { fidelity: 3 }] }],
    ['fidelities[0].evaluate', { evaluate: undefined }],
    [
      'fidelities[1].name',
      {
        fidelities: [
          { fidelity: 1, name: 'a' },
          { fidelity: 3, name: 'a' },
        ],
      },
    ],
    ['budget', { budget: 8 }],
    ['fidelityName', { fidelityName: 'lr' }],
    ['costs', { costs: 'guessed' as 'given' }],
  ])('names a wrong %s', async (name, wrong) => {
    const error = await multiFidelity({ ...options, ...wrong }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as InvalidArgumentError).argument).toBe(name);
  });
});
