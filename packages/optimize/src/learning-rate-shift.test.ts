import { InvalidArgumentError } from '@foothold/core';
import { categorical, integer, logUniform, searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { learningRateShift, shifted } from './learning-rate-shift.ts';
import { fidelitySpace } from './multi-fidelity/fidelity-space.ts';
import { multiFidelity } from './multi-fidelity/multi-fidelity.ts';
import { smallToLarge } from './small-to-large.ts';

const space = searchSpace({ lr: logUniform(1e-5, 1e-1), dropout: uniform(0, 0.9), layers: integer(1, 4) });
type P = ReturnType<typeof space.decode>;
/** The best learning rate is 1/width, as the rule says. */
const loss = (width: number) => (p: P) =>
  (2 * Math.log10(p.lr * width)) ** 2 + (p.dropout - 0.3) ** 2 + 0.01 * (p.layers - 2) ** 2;

describe('learningRateShift', () => {
  it('is a power of the widths: 1/width by default, nothing in the maximal update parametrization', () => {
    const widths = { parameter: 'lr', fromWidth: 64, toWidth: 1024 };
    expect(learningRateShift(widths)).toEqual({ parameter: 'lr', factor: 1 / 16 });
    expect(learningRateShift({ ...widths, exponent: 0 }).factor).toBe(1);
    expect(learningRateShift({ ...widths, exponent: -0.5 }).factor).toBe(0.25);
  });
  it('clips to the space and says so', () => {
    const shift = learningRateShift({ parameter: 'lr', fromWidth: 10, toWidth: 1000 });
    const params = { lr: 1e-2, dropout: 0.1, layers: 2 };
    expect(shifted(space, params, shift)).toEqual({ params: { ...params, lr: 1e-4 }, clipped: false });
    expect(shifted(space, { ...params, lr: 1e-4 }, shift)).toEqual({
      params: { ...params, lr: 1e-5 },
      clipped: true,
    });
    expect(shifted(space, params, undefined).params).toBe(params);
  });
  it('names what is wrong', async () => {
    const widths = { parameter: 'lr', fromWidth: 64, toWidth: 1024 };
    for (const wrong of [
      { parameter: '' },
      { fromWidth: 0 },
      { toWidth: Infinity },
      { exponent: Number.NaN },
    ])
      expect(() => learningRateShift({ ...widths, ...wrong })).toThrow(InvalidArgumentError);
    const words = searchSpace({ lr: categorical('low', 'high'), n: integer(1, 4) });
    for (const parameter of ['lr', 'n', 'width'])
      await expect(
        smallToLarge({ space: words, small: () => 0, large: () => 0, shift: { parameter, factor: 2 } }),
      ).rejects.toThrow(`shift.parameter is "${parameter}"`);
  });
});

describe('a space of scales with a shift', () => {
  it('has settings that are each other shifted at one point, and gives back what it encoded', () => {
    const shift = learningRateShift({ parameter: 'lr', fromWidth: 10, toWidth: 100 });
    const { space: scaled } = fidelitySpace(space, { name: 'width', fidelities: [10, 100], shifts: [shift] });
    const narrow = { lr: 3e-3, dropout: 0.2, layers: 3, width: 10 };
    const wide = { ...narrow, lr: 3e-4, width: 100 };
    const [a, b] = [scaled.encode(narrow), scaled.encode(wide)];
    for (let j = 0; j < 3; j++) expect(a[j]).toBeCloseTo(b[j]!, 12);
    const back = scaled.decode(a) as Record<string, number>;
    expect(back['lr']! / 3e-3).toBeCloseTo(1, 12);
    expect(back['width']).toBe(10);
  });
});

describe('smallToLarge with a shift', () => {
  const shift = learningRateShift({ parameter: 'lr', fromWidth: 64, toWidth: 1024 });
  const [small, large] = [loss(64), loss(1024)];
  it('needs fewer large evaluations where the optimum moves by the rule', async () => {
    let [with_, without] = [0, 0];
    for (const seed of [0, 1, 2]) {
      const options = { space, small, large, smallTrials: 15, largeTrials: 2, seed };
      const moved = await smallToLarge({ ...options, shift });
      const best = moved.small.best!.params;
      expect(moved.large.trials[0]!.params).toEqual({ ...best, lr: best.lr / 16 });
      expect(JSON.stringify(moved.large.trials[1]!.why)).toContain('small, lr × 0.0625');
      with_ += moved.value;
      without += (await smallToLarge(options)).value;
    }
    expect(with_).toBeLessThan(0.2 * without);
  });
  it('moves the fidelities of a run over several widths', async () => {
    const evaluate = (p: P, { fidelity }: { readonly fidelity: number }) => loss(fidelity)(p);
    let [with_, without] = [0, 0];
    for (const seed of [0, 1, 2]) {
      const run = (shifts: boolean) =>
        multiFidelity({
          space,
          evaluate,
          seed,
          budget: 48,
          fidelities: [
            { fidelity: 64, cost: 1, ...(shifts && { shift }) },
            { fidelity: 1024, cost: 16 },
          ],
        });
      const moved = await run(true);
      expect(moved.fidelities[1]!.trials.at(-1)!.why).toMatchObject({ shifts: { 64: 'lr × 0.0625' } });
      with_ += moved.value;
      without += (await run(false)).value;
    }
    expect(with_).toBeLessThan(0.5 * without);
  });
  it('evaluates no setting twice where shifted ones are clipped to the range', async () => {
    const result = await multiFidelity({
      space: searchSpace({ lr: logUniform(1e-4, 1) }),
      evaluate: (p, { fidelity }) => -Math.log10(p.lr) + 1 / fidelity,
      budget: 90,
      fidelities: [{ fidelity: 1, shift: { parameter: 'lr', factor: 0.1 } }, { fidelity: 9 }],
    });
    for (const { x } of result.fidelities) expect(new Set(x.map(({ lr }) => lr)).size).toBe(x.length);
  });
  it.each([0, -1, Number.NaN, Infinity])('refuses a factor of %s', async (factor) => {
    const small = { fidelity: 1, shift: { parameter: 'lr', factor } };
    const run = multiFidelity({ space, evaluate: () => 1, budget: 9, fidelities: [small, { fidelity: 9 }] });
    const both = smallToLarge({ space, small: () => 1, large: () => 1, shift: small.shift });
    for (const refused of [run, both])
      await expect(refused).rejects.toThrow(`shift.factor is ${factor}, allowed is a finite number above 0`);
  });
  it('refuses a parameter with a step, whose shifted values would lie between steps', async () => {
    const stepped = searchSpace({ lr: uniform(0, 1, { step: 0.1 }) });
    const small = { fidelity: 1, shift: { parameter: 'lr', factor: 0.5 } };
    const fidelities = [small, { fidelity: 9 }];
    await expect(multiFidelity({ space: stepped, evaluate: () => 1, budget: 9, fidelities })).rejects.toThrow(
      'shift.parameter is "lr", allowed is a real parameter of the space without a step',
    );
  });
});
