/** What a space in JSON can hold, with every sampler, through the protocol. */
import { describe, expect, it } from 'vitest';
import { conversation } from './converse.fixture.ts';
import { samplerNames as samplers } from './sampler-named.ts';

type Values = Record<string, number>;

/** Values of a run of `trials` evaluations; throws what the protocol answers with. */
async function run(
  create: object,
  { trials, value }: { readonly trials: number; readonly value: (params: Values) => number },
): Promise<Values[]> {
  const { call, end } = conversation();
  const checked = async (request: object) => {
    const answer = await call(request);
    if ('error' in answer) throw new Error((answer['error'] as { message: string }).message);
    return answer;
  };
  await checked({ op: 'create', seed: 1, trials, ...create });
  const seen: Values[] = [];
  for (let i = 0; i < trials; i++) {
    const { trials: asked } = (await checked({ op: 'ask' })) as unknown as {
      trials: { number: number; params: Values }[];
    };
    const { number, params } = asked[0]!;
    seen.push(params);
    await checked({ op: 'tell', number, value: value(params) });
  }
  end();
  return seen;
}

const real = { type: 'real', low: 0, high: 1 };
const sumIsOne = [{ type: 'linear', terms: { a: 1, b: 1, c: 1 }, atMost: 1, atLeast: 1 }];
const square = ({ a, b, c }: Values) => (a! - 0.2) ** 2 + (b! - 0.3) ** 2 + (c! - 0.5) ** 2;

describe('F19: an equality among the constraints', () => {
  it.each(samplers)('is kept to 1e-9 by %s, with no point twice', async (sampler) => {
    const space = { a: real, b: real, c: real };
    const seen = await run({ space, constraints: sumIsOne, sampler }, { trials: 14, value: square });
    for (const { a, b, c } of seen) expect(Math.abs(a! + b! + c! - 1)).toBeLessThan(1e-12);
    expect(new Set(seen.map((p) => JSON.stringify(p))).size).toBe(14);
  });

  it.each(samplers)('is kept by %s with whole numbers, steps and a condition', async (sampler) => {
    const space = {
      n: { type: 'int', low: 0, high: 40 },
      s: { type: 'real', low: 0, high: 10, step: 2.5 },
      on: { type: 'int', low: 0, high: 1 },
      x: { type: 'real', low: 0, high: 10, when: { on: [1] } },
    };
    const constraints = [{ type: 'linear', terms: { n: 0.5, s: 1, x: 1 }, atMost: 15, atLeast: 15 }];
    const value = ({ n, s, x = 0 }: Values) => n! + s! + x;
    const seen = await run({ space, constraints, sampler }, { trials: 5, value });
    for (const { n, s, x = 0 } of seen) expect(0.5 * n! + s! + x).toBeCloseTo(15, 10);
  });

  it.each(samplers)('as a slab of 0.499 to 0.501 is kept by %s', async (sampler) => {
    const constraints = [{ type: 'linear', terms: { a: 1, b: 1, c: 1 }, atMost: 0.501, atLeast: 0.499 }];
    const seen = await run(
      { space: { a: real, b: real, c: real }, constraints, sampler },
      { trials: 12, value: square },
    );
    for (const { a, b, c } of seen) expect(Math.abs(a! + b! + c! - 0.5)).toBeLessThan(0.001 + 1e-9);
  });

  it.each([
    ['in the interior', [0.2, 0.3, 0.5], [0.2, 0.3, 0.5]],
    ['on a face', [0.6, 0.7, -0.3], [0.45, 0.55, 0]],
    ['in a corner', [2, 0, 0], [1, 0, 0]],
  ])('lets auto find a minimum %s to 1e-3 in 30 trials', async (_, to, best) => {
    const value = ({ a, b, c }: Values) => (a! - to[0]!) ** 2 + (b! - to[1]!) ** 2 + (c! - to[2]!) ** 2;
    const create = { space: { a: real, b: real, c: real }, constraints: sumIsOne };
    for (const seed of [2, 3]) {
      const seen = await run({ ...create, seed }, { trials: 30, value });
      const found = seen.reduce((x, y) => (value(y) < value(x) ? y : x));
      for (const [j, name] of ['a', 'b', 'c'].entries())
        expect(Math.abs(found[name]! - best[j]!)).toBeLessThan(1e-3);
    }
  });

  it('says which sums whole numbers have where none is the right one', async () => {
    const stepped = { type: 'int', low: 0, high: 96, step: 16 };
    const constraints = [{ type: 'linear', terms: { a: 1, b: 1 }, atMost: 100, atLeast: 100 }];
    for (const sampler of ['auto', 'random', 'grid', 'tpe'])
      await expect(
        run({ space: { a: stepped, b: stepped }, constraints, sampler }, { trials: 1, value: () => 0 }),
      ).rejects.toThrow('1·a + 1·b = 100 has no solution: the nearest sums are 96 and 112');
  });

  it('is kept beside fixed and enqueued values', async () => {
    const { call } = conversation();
    await call({ op: 'create', space: { a: real, b: real, c: real }, constraints: sumIsOne });
    expect(await call({ op: 'enqueue', params: { a: 0.2, b: 0.3, c: 0.5 } })).toEqual({ ok: true });
    expect(await call({ op: 'enqueue', params: { a: 0.9 } })).toEqual({ ok: true });
    expect(await call({ op: 'enqueue', params: { a: 0.9, b: 0.2 } })).toMatchObject({
      error: { code: 'OutOfSpaceError' },
    });
    const asked = (await call({ op: 'ask', count: 2 }))['trials'] as { params: Values }[];
    expect(asked[0]!.params).toEqual({ a: 0.2, b: 0.3, c: 0.5 });
    expect(asked[1]!.params.a).toBe(0.9);
    expect(asked[1]!.params.b! + asked[1]!.params.c!).toBeCloseTo(0.1, 12);
    const fixed = (await call({ op: 'ask', fixed: { b: 1 } }))['trials'] as { params: Values }[];
    expect(fixed[0]!.params).toEqual({ a: 0, b: 1, c: 0 });
  });
});

describe('steps, constants, null and booleans in a space', () => {
  const space = {
    x: { type: 'real', low: 0, high: 1, step: 0.05 },
    n: { type: 'int', low: 16, high: 512, step: 16 },
    k: { type: 'int', low: 3, high: 3 },
    r: { type: 'real', low: 0.1, high: 0.1 },
  };
  it.each(samplers)('are proposed by %s as they are written', async (sampler) => {
    const choices =
      sampler === 'cma-es'
        ? {}
        : {
            act: { type: 'categorical', choices: ['relu', null] },
            bias: { type: 'boolean' },
            one: { type: 'categorical', choices: [null] },
          };
    const seen = await run(
      { space: { ...space, ...choices }, sampler },
      { trials: 15, value: ({ x, n }) => (x! - 0.3) ** 2 + n! / 1000 },
    );
    for (const { x, n, k, r, ...others } of seen) {
      expect(String(x)).toMatch(/^(0|1|0\.\d{1,2})$/);
      expect(Math.round(x! * 100) % 5).toBe(0);
      expect([n! % 16, k, r]).toEqual([0, 3, 0.1]);
      if (sampler === 'cma-es') continue;
      expect(['relu', null]).toContain(others['act']);
      expect([true, false]).toContain(others['bias']);
      expect(others['one']).toBe(null);
    }
  });

  it.each(samplers)('of size 1 have one trial with %s, and then are exhausted', async (sampler) => {
    const { k, r } = space;
    const { call } = conversation();
    await call({ op: 'create', space: { k, r }, sampler });
    expect(await call({ op: 'ask' })).toMatchObject({ trials: [{ params: { k: 3, r: 0.1 } }] });
    expect(await call({ op: 'ask' })).toMatchObject({ error: { code: 'SpaceExhaustedError' } });
  });

  it('take null in load, enqueue and fixed', async () => {
    const { call } = conversation();
    await call({
      op: 'create',
      space: { act: { type: 'categorical', choices: ['relu', null, 'gelu'] }, x: real },
    });
    expect(await call({ op: 'load', trials: [{ params: { act: null, x: 0.5 }, value: 1 }] })).toEqual({
      ok: true,
      loaded: 1,
    });
    await call({ op: 'enqueue', params: { act: null } });
    const [first] = (await call({ op: 'ask' }))['trials'] as { params: Values }[];
    expect(first!.params).toMatchObject({ act: null });
    const [second] = (await call({ op: 'ask', fixed: { act: null } }))['trials'] as { params: Values }[];
    expect(second!.params).toMatchObject({ act: null });
  });
});

describe('parameters that are enqueued in part, and that no trial can have', () => {
  it('leave the queue with the reason, beside the trials of the same ask', async () => {
    const { call } = conversation();
    const space = { a: real, b: { type: 'real', low: 0.5, high: 1 } };
    const constraints = [{ type: 'linear', terms: { a: 1, b: 1 }, atMost: 1.2 }];
    await call({ op: 'create', space, constraints, sampler: 'random' });
    for (const params of [{ a: 0.2 }, { a: 0.9 }, { b: 0.75 }]) await call({ op: 'enqueue', params });
    const first = await call({ op: 'ask', count: 3 });
    expect(first).toMatchObject({ trials: [{ number: 0, params: { a: 0.2 } }] });
    expect(first['refused']).toContain('what was enqueued is {"a":0.9}, outside what can be asked');
    expect(await call({ op: 'ask' })).toMatchObject({ trials: [{ number: 1, params: { b: 0.75 } }] });
    await call({ op: 'enqueue', params: { a: 0.9 } });
    expect(await call({ op: 'ask' })).toMatchObject({ error: { code: 'OutOfSpaceError' } });
    expect(await call({ op: 'ask' })).toMatchObject({ trials: [{ number: 2 }] });
  });
});
