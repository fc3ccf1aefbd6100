import { logExpectedImprovement } from '@foothold/acquisitions';
import { type Advice, type SampleRequest, seeded, type Trial, type Why } from '@foothold/core';
import { gaussianProcess } from '@foothold/gp-models';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { type BayesianOptions, bayesian } from './bayesian.ts';

const space = searchSpace({ a: uniform(0, 1) });
type P = { readonly a: number };
// Known well on the left, where values grow to the right; nothing is known right of 0.5.
const trials: readonly Trial<P>[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5].map((a, number) => ({
  ...{ number, params: { a }, reports: [], state: 'complete', value: Math.sin(7 * a) },
}));
const ask = async (over: Partial<SampleRequest<P>>, seed = 0, options: Partial<BayesianOptions> = {}) =>
  bayesian({
    surrogate: gaussianProcess({ columns: space.columns }),
    acquisition: logExpectedImprovement(),
    ...options,
  }).sample<P>({ space, direction: 'minimize', trials, count: 1, rng: seeded(seed), ...over });

const expectedImprovement = ({ why }: { readonly why?: Why }) =>
  (why!['acquisition'] as { value: number }).value;

describe('advice of a request', () => {
  it('changes nothing where there is none, where it may not be evaluated, or where the model thinks little of it', async () => {
    const plain = (await ask({}))[0]!;
    const same = async (advice: Advice<P> | undefined) => {
      const [made] = await ask({ advice: () => advice });
      expect(made!.params).toEqual(plain.params);
      expect(made!.samplerState).toEqual(plain.samplerState);
      return made!.why?.['candidates'];
    };
    expect(await same(undefined)).toBeUndefined();
    expect(await same({ candidates: [] })).toBeUndefined();
    expect(await same({ candidates: [{ a: 0.3 }], preferred: { a: 0.3 } })).toBeUndefined();
    expect(await same({ candidates: [{ a: 0.22 }] })).toMatchObject({ offered: 1, taken: false });
    expect(await same({ candidates: [], preferred: { a: 0.22 } })).toMatchObject({
      offered: 0,
      taken: false,
    });
    const prior = { around: [{ a: 0.2 }], weight: 0.5, influence: 'prior', strength: 0 } as const;
    expect(await same({ candidates: [], prior })).toBeUndefined();
  });

  it('has a candidate taken where its acquisition value is larger than what the search found', async () => {
    const optimizer = { maximize: () => Float64Array.of(0.22) };
    const [own] = await ask({}, 0, { optimizer });
    const advice = { candidates: [{ a: 0.21 }, { a: 0.9 }, { a: 0.8 }] };
    const [made] = await ask({ advice: () => advice }, 0, { optimizer });
    expect(own!.params.a).toBeCloseTo(0.22, 12);
    expect([0.8, 0.9]).toContainEqual(Number(made!.params.a.toFixed(9)));
    expect(expectedImprovement(made!)).toBeGreaterThan(expectedImprovement(own!));
    expect(made!.why!['candidates']).toMatchObject({ offered: 3, taken: true });
  });

  it('has the preferred configuration taken where the model expects the best value', async () => {
    // The values fall from 0.3 on, to sin 3.5 at 0.5: the smallest one is expected right of it.
    const optimizer = { maximize: () => Float64Array.of(0.45) };
    const wanted = (a: number) =>
      ask({ advice: () => ({ candidates: [], preferred: { a } }) }, 0, { optimizer });
    expect((await wanted(0.52))[0]!.params.a).toBeCloseTo(0.52, 12);
    for (const worse of [0.25, 0.47]) expect((await wanted(worse))[0]!.params.a).toBeCloseTo(0.45, 12);
  });

  it('is asked for at the proposals of the model alone', async () => {
    let calls = 0;
    const advice = () => {
      calls++;
      return undefined;
    };
    await ask({ advice, trials: [], count: 5 });
    expect(calls).toBe(0);
    await ask({ advice, count: 3 });
    expect(calls).toBe(3);
  });
});
