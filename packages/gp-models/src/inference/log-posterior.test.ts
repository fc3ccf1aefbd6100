import { type Column, matrix, seeded } from '@foothold/core';
import { cpu, wasm } from '@foothold/linalg';
import { expect, it } from 'vitest';
import { matern52 } from '../kernels/matern52.ts';
import { inputWarpingOf, warpedInputs } from '../warps/input-warp.ts';
import { warpedValues, warpReferenceOf } from '../warps/output-warp.ts';
import { arithmeticOf } from './arithmetic-of.ts';
import { type FitProblem, logPosterior, logPosteriorValue } from './log-posterior.ts';

const columns: Column[] = [
  { kind: 'continuous', name: 'a' },
  { kind: 'ordinal', name: 'b', levels: 6 },
  { kind: 'categorical', name: 'c', levels: 3 },
];

function model(options: { readonly noise: boolean; readonly warps: boolean }): FitProblem {
  const rng = seeded('log posterior');
  const n = 17;
  const x = matrix(n, 3);
  for (let i = 0; i < n; i++)
    x.data.set(
      [rng.next(), (Math.floor(rng.next() * 6) + 0.5) / 6, (Math.floor(rng.next() * 3) + 0.5) / 3],
      i * 3,
    );
  const y = Float64Array.from({ length: n }, (_, i) => -Math.exp(3 * x.data[3 * i]!) + rng.next());
  return {
    kernel: matern52(columns),
    linalg: cpu,
    x,
    y,
    ...(options.noise && { noise: y.map(() => rng.next() * 0.2) }),
    reference: warpReferenceOf(y),
    inputWarping: options.warps ? inputWarpingOf(columns) : { columns: [] },
    priors: {
      noise: { location: -4, standardDeviation: 1 },
      mean: { location: 0, standardDeviation: 1 },
      warpParameter: { location: 0, standardDeviation: 1 },
    },
  };
}

function vector(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => 0.4 * Math.cos(2 * i) - (i < 4 ? 0.6 : 0));
}

it.each([
  { noise: false, warps: false },
  { noise: true, warps: false },
  { noise: true, warps: true },
])('has the gradient of central differences: %o', async (options) => {
  const on = model(options);
  const v = vector(options.warps ? 11 : 7);
  const { gradient } = await logPosterior(on, v);
  for (let i = 0; i < v.length; i++) {
    const at = async (step: number) =>
      (
        await logPosterior(
          on,
          Float64Array.from(v, (u, k) => (k === i ? u + step : u)),
        )
      ).value;
    expect(gradient[i]).toBeCloseTo(((await at(1e-5)) - (await at(-1e-5))) / 2e-5, 5);
  }
});

it('is the same through fused arithmetic and through the three operations', async () => {
  const linalg = await wasm();
  const v = vector(11);
  const plain = await logPosterior(model({ noise: true, warps: true }), v);
  const fused = await logPosterior({ ...model({ noise: true, warps: true }), linalg }, v);
  expect(fused.value).toBeCloseTo(plain.value, 9);
  plain.gradient.forEach((u, i) => {
    expect(fused.gradient[i]).toBeCloseTo(u, 8);
  });
});

it.each([
  { noise: false, warps: false },
  { noise: false, warps: true },
])('has the value that a factor gives: %o', async (options) => {
  const on = model(options);
  const v = vector(options.warps ? 11 : 7);
  const kernel = on.kernel.withTheta(v.slice(0, 4));
  const { z } = warpedValues(on.y, on.reference, v[6]!);
  const fit = await (await arithmeticOf(on.linalg, kernel)).factor(kernel, {
    x: warpedInputs(on.inputWarping, on.x, v.slice(7)),
    y: z.map((u) => u - v[5]!),
    noise: z.map(() => Math.exp(v[4]!)),
  });
  expect(logPosteriorValue(on, v, fit)).toBeCloseTo((await logPosterior(on, v)).value, 10);
});
