/** What `why` says of sources under several objectives, and which sources take part. */
import { type Objective, seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { expect, it } from 'vitest';
import { autoSampler } from './auto-sampler.ts';
import type { TransferMethod } from './transfer-methods.ts';
import type { TransferOptions } from './transfer-options.ts';

const space = searchSpace({ x: uniform(0, 1), y: uniform(0, 1) });
const objectives: readonly Objective[] = [
  { metric: 'value', direction: 'minimize' },
  { metric: 'cost', direction: 'minimize' },
];

/** Trials of one of a family of tasks; of a study without the metric, of the value alone. */
function past(name: string, { shift = 0, count = 12, hasCost = true } = {}) {
  const rng = seeded(name);
  const trials = Array.from({ length: count }, () => {
    const params = { x: rng.next(), y: rng.next() };
    const value = (params.x - 0.4 - shift) ** 2 + (params.y - 0.6) ** 2;
    const cost = (params.x - 0.7 - shift) ** 2 + params.y;
    return { params, value, ...(hasCost && { metrics: { cost } }) };
  });
  return { name, trials };
}

interface Told {
  readonly gate: number;
  readonly sources: readonly { readonly name: string; readonly weight: number }[];
}

/** What is proposed after so many trials. */
async function proposalAfter(rows: number, transfer: TransferOptions['transfer'], method: TransferMethod) {
  const trials = past('new', { count: rows }).trials.map(
    (trial, number): Trial<{ x: number; y: number }> => ({
      ...trial,
      ...{ number, reports: [], loaded: true, state: 'complete' },
    }),
  );
  const request = { space, direction: 'minimize', objectives, trials, count: 1, rng: seeded(1) } as const;
  const [proposal] = await autoSampler({ transfer, method }).sample(request);
  return proposal!;
}

const whyAfter = async (...args: Parameters<typeof proposalAfter>) =>
  (await proposalAfter(...args)).why as unknown as {
    readonly transfer: Told;
    readonly model: { readonly objectives: Record<string, { readonly transfer?: Told }> };
  };

it('the gate is the mean over all objectives, one without sources counted as 0', async () => {
  const { transfer, model } = await whyAfter(3, [past('a', { hasCost: false })], 'residual');
  expect(model.objectives['value']!.transfer!.gate).toBe(1);
  expect(model.objectives['cost']!.transfer).toBeUndefined();
  expect(transfer).toEqual({ method: 'residual', gate: 0.5, sources: [{ name: 'a', weight: 0.5 }] });
});

it('the gate is that of all sources, where not all are shown', async () => {
  const many = Array.from({ length: 40 }, (_, k) => past(`study ${k}`, { shift: k / 400, count: 8 }));
  const { transfer, model } = await whyAfter(3, many, 'residual');
  expect(Object.values(model.objectives).map((of) => of.transfer!.gate)).toEqual([1, 1]);
  expect(transfer.gate).toBe(1);
  expect(transfer.sources.length).toBe(20);
});

it('a portfolio names the studies, each once', async () => {
  const { transfer } = await whyAfter(0, [past('a'), past('b', { shift: 0.1 })], 'portfolio');
  expect(transfer.sources.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(transfer.gate).toBeCloseTo(1, 12);
});

it('each objective draws by the number of its own sources', async () => {
  const sources = ['a', 'b', 'c', 'd'].map((name) => past(name, { hasCost: name === 'a' }));
  const { why, samplerState } = await proposalAfter(3, sources, 'auto');
  const of = samplerState!['objectives'] as unknown as Record<string, { readonly transfer: object }>;
  expect(of['value']!.transfer).toHaveProperty('turn');
  expect(of['cost']!.transfer).not.toHaveProperty('turn');
  // The objective with the fewest sources decides: the region is theirs, and the plain model has no turn before ten rows.
  expect(JSON.stringify(why)).toContain('of the sources');
  expect((await proposalAfter(6, sources, 'auto')).samplerState).not.toHaveProperty('turn');
});

it.each(['residual', 'auto', 'empirical-prior'] as const)(
  '%s has models with sources where these have no information on all objectives together',
  async (method) => {
    // Each of two trials is best in one objective: no compromise is better than the other.
    const trials = [
      { params: { x: 0.1, y: 0.1 }, value: 0, metrics: { cost: 1 } },
      { params: { x: 0.9, y: 0.9 }, value: 1, metrics: { cost: 0 } },
    ];
    const { transfer, model } = await whyAfter(6, [{ name: 'a', trials }], method);
    expect(model.objectives['value']!.transfer).toBeDefined();
    expect(transfer.gate).toBeGreaterThan(0);
  },
);
