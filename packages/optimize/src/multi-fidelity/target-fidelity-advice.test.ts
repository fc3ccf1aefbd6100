import { type Advice, type Params, type SampleRequest, seeded, type Trial } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { fidelitySpace } from './fidelity-space.ts';
import { targetFidelitySampler } from './target-fidelity-sampler.ts';

const base = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const levels = [{ name: '1' }, { name: '9' }];
const withFidelity = fidelitySpace(base, { name: 'fidelity', fidelities: [1, 9] });

/** Ten trials at the cheap fidelity and eight at the target, all of a bowl around (0.3, 0.6). */
const trials = Array.from({ length: 18 }, (_, number): Trial<Params> => {
  const rng = seeded(number);
  const params = { x: rng.next(), y: rng.next(), fidelity: number < 10 ? 1 : 9 };
  const value = (params.x - 0.3) ** 2 + (params.y - 0.6) ** 2 + 0.1 / params.fidelity;
  return { number, params, reports: [], state: 'complete', value };
});

async function ask(advice?: Advice<Params>, fixed?: Params) {
  const sampler = targetFidelitySampler({ base, withFidelity, levels, linalg: await wasm() });
  const request: SampleRequest<Params> = {
    ...{ space: withFidelity.space, trials, count: 1, direction: 'minimize', rng: seeded(3) },
    ...(advice && { advice: () => advice }),
    ...(fixed && { fixed }),
  };
  return (await sampler.sample(request))[0]!;
}

const at = (x: number, y: number, fidelity = 9) => ({ x, y, fidelity });
const prior = (around: readonly Params[]) =>
  ({ around, weight: 0.9, influence: 'prior', strength: 1e4 }) as const;

describe('advice on a space with a fidelity, at the target fidelity', () => {
  it('changes nothing where there is none', async () => {
    expect((await ask({ candidates: [] })).params).toEqual((await ask()).params);
  });

  it.each([1, 9])(
    'is taken at the target where it is the optimum, said with fidelity %i',
    async (fidelity) => {
      const { params, why } = await ask({ candidates: [at(0.9, 0.1)], preferred: at(0.3, 0.6, fidelity) });
      expect(params['x']).toBeCloseTo(0.3, 9);
      expect(params['y']).toBeCloseTo(0.6, 9);
      expect(params['fidelity']).toBe(9);
      expect(why!['candidates']).toEqual({ offered: 1, taken: true });
    },
  );

  it('offers its candidates to the acquisition, where bad ones are not taken', async () => {
    const { params, why } = await ask({ candidates: [at(0.99, 0.01), at(0.98, 0.02)] });
    expect(why!['candidates']).toEqual({ offered: 2, taken: false });
    expect(params).toEqual((await ask()).params);
  });

  it('has the prior around the same parameters', async () => {
    const { params } = await ask({ candidates: [], prior: prior([at(0.8, 0.2), at(0.81, 0.21, 1)]) });
    expect(Math.abs(Number(params['x']) - 0.805)).toBeLessThan(0.05);
    expect(Math.abs(Number(params['y']) - 0.205)).toBeLessThan(0.05);
    expect(params['fidelity']).toBe(9);
  });

  it('is not taken against fixed parameters', async () => {
    const { params } = await ask({ candidates: [], preferred: at(0.3, 0.6) }, { y: 0.25 });
    expect(params['y']).toBe(0.25);
  });
});
