import type { Objective } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { sourcesOfObjectives } from './sources-of-objectives.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const [value, cost, gain] = [
  { metric: 'value', direction: 'minimize' },
  { metric: 'cost', direction: 'minimize' },
  { metric: 'gain', direction: 'maximize' },
] as const satisfies readonly Objective[];

/** Ten trials of values 0 … 0.9, as an edit leaves them. */
async function unused(
  objectives: readonly Objective[],
  edit: (k: number) => { readonly value?: number; readonly metrics?: Record<string, number> },
) {
  const trials = Array.from({ length: 10 }, (_, k) => ({
    params: { x: ((7 * k) % 10) / 10, y: ((3 * k) % 10) / 10 },
    ...{ value: k / 10, metrics: { cost: k / 10, gain: -k / 10 }, ...edit(k) },
  }));
  const [source] = await sourcesOfObjectives(space, objectives, [{ name: 'earlier', trials }]);
  return source!.unused;
}

describe('remarks on a source of several objectives', () => {
  it('are none where every trial has regular values', async () => {
    expect(await unused([value, cost, gain], () => ({}))).toEqual([]);
  });

  it('name rows far from the others of each objective, on its bad side', async () => {
    const told = await unused([value, cost, gain], (k) =>
      k > 7 ? { value: 1e6, metrics: { cost: k === 9 ? 1e9 : 0.8, gain: -1e6 } } : {},
    );
    expect(told).toEqual([
      'value: values far above 0.7 count as failures (2 of 10)',
      'cost: values far above 0.8 count as failures (1 of 10)',
      'gain: values far below -0.7 count as failures (2 of 10)',
    ]);
  });

  it('name a metric that is missing or not finite in part of the trials', async () => {
    const told = await unused([value, cost, gain], (k) => ({
      metrics: { cost: k === 3 ? Number.NaN : 0.1 * k, ...(k > 4 && { gain: k }) },
    }));
    expect(told).toEqual([
      'cost: values that are missing or not finite count as failures (1 of 10)',
      'gain: values that are missing or not finite count as failures (5 of 10)',
    ]);
  });

  it('say of the value nothing where it is no objective', async () => {
    const edit = (k: number) => (k === 2 ? { value: Number.POSITIVE_INFINITY } : {});
    expect(await unused([cost, gain], edit)).toEqual([]);
    expect(await unused([value, cost], edit)).toEqual([
      'value: values that are missing or not finite count as failures (1 of 10)',
    ]);
  });
});
