import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '@foothold/core';
import { transferMethods } from '@foothold/optimize';
import { afterAll, describe, expect, it } from 'vitest';
import { askTellSession } from './session.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-ask-tell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const space = {
  x: { type: 'real', low: 0, high: 1 },
  act: { type: 'categorical', choices: ['relu', 'gelu'] },
};
const value = ({ x, act }: { x: number; act: string }, best: number) =>
  (x - best) ** 2 + (act === 'gelu' ? 0 : 0.2);
const source = (best: number, name: string) => {
  const rng = seeded(name);
  const trials = Array.from({ length: 15 }, () => {
    const params = { x: rng.next(), act: rng.next() < 0.5 ? 'relu' : 'gelu' };
    return { params, value: value(params, best) };
  });
  return { name, trials };
};
const transfer = [source(0.3, 'a'), source(0.35, 'b')];
const create = { op: 'create', space, seed: 1, trials: 20, transfer };
type Answer = Record<string, unknown> & {
  readonly trials: readonly {
    readonly number: number;
    readonly params: { x: number; act: string };
    readonly why: {
      readonly transfer: { sources: { name: string; weight: number }[]; gate: number; method: string };
      readonly unused: Record<string, string[]>;
    };
  }[];
  readonly error: { readonly code: string; readonly message: string };
};
const session = () => {
  const { answer } = askTellSession({ now: () => 0 });
  return async (line: object) => (await answer(JSON.stringify(line))) as Answer;
};

describe('earlier studies in the line protocol', () => {
  it.each(Object.keys(transferMethods))('are carried over by %s', async (method) => {
    const say = session();
    await say({ ...create, method });
    let best = Infinity;
    for (let k = 0; k < 5; k++) {
      const [trial] = (await say({ op: 'ask' })).trials;
      const told = value(trial!.params, 0.33);
      best = Math.min(best, told);
      await say({ op: 'tell', number: trial!.number, value: told });
      expect(trial!.why.transfer.sources.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    }
    expect(best).toBeLessThan(method === 'portfolio' ? 0.03 : 0.01);
    const { trials } = await say({ op: 'ask', count: 3 });
    expect(new Set(trials.map(({ params }) => JSON.stringify(params))).size).toBe(3);
  });

  it('may have a lower prior weight, features, a gate, and be in a file of their own', async () => {
    const path = join(folder, 'far.json');
    writeFileSync(path, JSON.stringify({ ...source(0.9, 'far'), metaFeatures: [9] }));
    const say = session();
    const answer = await say({
      ...create,
      transfer: [
        { ...transfer[0], metaFeatures: [3], weight: 0.5 },
        { path, weight: 0.9 },
      ],
      method: 'two-stage',
      gated: true,
      metaFeatures: [3.3],
    });
    expect(answer).toEqual({ ok: true, study: 'study-1' });
    const [first] = (await say({ op: 'ask' })).trials;
    await say({ op: 'tell', number: 0, value: value(first!.params, 0.33) });
    const [second] = (await say({ op: 'ask' })).trials;
    const { sources, gate, method } = second!.why.transfer;
    expect(method).toBe('two-stage');
    expect(sources.map(({ name }) => name)).toEqual(['a', 'far']);
    expect(gate).toBeLessThan(0.5);
  });

  it('of the same storage are found by name', async () => {
    const say = session();
    await say({ ...create, transfer: undefined, storage: folder, name: 'before' });
    await say({ op: 'load', trials: transfer[0]!.trials });
    expect(await say({ ...create, transfer: [{ path: 'before' }], storage: folder, name: 'after' })).toEqual({
      ok: true,
      study: 'after',
    });
    const [trial] = (await say({ op: 'ask' })).trials;
    expect(trial!.why.transfer.sources).toEqual([{ name: 'before', weight: 1 }]);
  });

  it('say what of them could not be used, with counts; a value of null is not known yet', async () => {
    const say = session();
    const trials = [
      { params: { x: 0.2, act: 'tanh', depth: 3 }, value: 1 },
      { params: { x: 0.4 }, value: 0.5 },
      { params: { x: 0.5, act: 'gelu' }, value: null },
    ];
    await say({ ...create, transfer: [{ name: 'odd', trials }] });
    const [trial] = (await say({ op: 'ask' })).trials;
    expect(trial!.why.unused).toEqual({
      odd: [
        'trials without a value are left out (1 of 3)',
        'depth: not in the new space (1 of 2)',
        'act: "tanh" is no choice, counts as one of its own (1 of 2)',
        'act: missing, takes "gelu" (1 of 2)',
      ],
    });
  });

  it.each([
    [{ method: 'magic' }, 'method is "magic", allowed is one of auto, portfolio, empirical-prior, residual,'],
    [{ gated: true }, 'gated is true, allowed is nothing beside the method auto'],
    [
      { metaFeatures: [1, 2], transfer: [{ ...transfer[0], metaFeatures: [1] }] },
      'metaFeatures of source a is [1], allowed is 2',
    ],
    [{ transfer: [{ ...transfer[0], weight: 3 }] }, 'transfer.0'],
    [
      { sampler: 'tpe' },
      'transfer is "2 earlier studies", allowed is nothing with the sampler tpe; auto and gp',
    ],
    [{ sampler: 'trust-region' }, 'nothing with the sampler trust-region'],
    [{ transfer: [{ path: 'nowhere.csv' }] }, 'there is no such file, and no study of this name'],
  ])('refuse %j by name', async (odd, message) => {
    const { error } = await session()({ ...create, ...odd });
    expect(error.message).toContain(message);
    expect(error.code).toMatch(/^(InvalidArgumentError|SourceError)$/);
  });
});
