import { type Outcome, type ProgramState, type Sampler, seeded, type Trial } from '@foothold/core';
import { searchSpace, uniform } from '@foothold/space';
import { describe, expect, it } from 'vitest';
import { alternateWithPlain } from './alternate-with-plain.ts';

const space = searchSpace({ x: uniform(0, 1) });
type P = { readonly x: number };

/** Random points; the state is that of this model. */
function proposing(model: ProgramState): Sampler {
  return {
    sample: ({ space: asked, rng, count }) =>
      Array.from({ length: count }, (_, k) => ({
        params: asked.decode(Float64Array.of(rng.fork(k).next())),
        why: { stage: 'model' },
        samplerState: { model },
      })),
  };
}
const complete = (k: number): Outcome => ({ state: 'complete', value: k });

/** Whose turn the next ask is. A new sampler is asked: the trials alone decide. */
async function ask(trials: readonly Trial<P>[], count = 1) {
  const sampler = alternateWithPlain(
    proposing({ transfer: { gate: 0.7 } }),
    proposing({ gaussianProcess: {} }),
    10,
  );
  const request = { space, direction: 'minimize', trials, count, rng: seeded(trials.length) } as const;
  const proposals = await sampler.sample(request);
  const turns = new Set(proposals.map(({ why }) => why?.['turn'] ?? 'sources'));
  expect(turns.size).toBe(1);
  return { proposals, turn: [...turns][0] };
}

/** The trials after asks of this many proposals each, whose outcomes follow from their numbers. */
async function asked(
  sizes: readonly number[],
  outcomeOf: (k: number) => Outcome | { state: 'running' } = complete,
) {
  const trials: Trial<P>[] = [];
  const turns = [];
  for (const size of sizes) {
    const { proposals, turn } = await ask(trials, size);
    turns.push(turn);
    for (const proposal of proposals)
      trials.push({
        number: trials.length,
        reports: [],
        ...proposal,
        ...outcomeOf(trials.length),
      } as Trial<P>);
  }
  return { trials, turns };
}
const ones = (count: number) => Array.from({ length: count }, () => 1);

describe('alternateWithPlain', () => {
  it.each([1, 2, 3, 4])(
    'asks the plain sampler every other time from ten rows on, in batches of %i',
    async (batch) => {
      const { turns } = await asked([...ones(10), ...Array.from({ length: 6 }, () => batch)]);
      expect(turns.slice(0, 10)).toEqual(ones(10).map(() => 'sources'));
      expect(turns.slice(10)).toEqual(['plain', 'sources', 'plain', 'sources', 'plain', 'sources']);
    },
  );

  it('counts finished trials, failed ones too, and not those that run or were pruned', async () => {
    const last = async (outcome: Outcome | { state: 'running' }) =>
      (await asked(ones(11), (k) => (k === 4 ? outcome : complete(k)))).turns.at(-1);
    expect(await last({ state: 'failed', reason: 'out of memory' })).toBe('plain');
    expect(await last({ state: 'pruned' })).toBe('sources');
    expect(await last({ state: 'running' })).toBe('sources');
  });

  it('asks the other sampler while a trial of the last one runs', async () => {
    const { turns } = await asked(ones(14), (k) => (k < 10 ? complete(k) : { state: 'running' }));
    expect(turns.slice(10)).toEqual(['plain', 'sources', 'plain', 'sources']);
  });

  it('gives each sampler in a replay what it wrote itself', async () => {
    const { trials } = await asked(ones(12));
    const seen: unknown[] = [];
    const spy = (name: string): Sampler => ({
      sample(request) {
        seen.push([name, request.replayed]);
        return proposing({ of: name }).sample(request);
      },
    });
    for (const number of [10, 11]) {
      const request = { space, direction: 'minimize', count: 1, rng: seeded(number) } as const;
      const replayed = [trials[number]!.samplerState!];
      await alternateWithPlain(spy('informed'), spy('plain'), 10).sample({
        ...{ ...request, trials: trials.slice(0, number), replayed },
      });
    }
    expect(seen).toEqual([
      ['plain', [{ model: { gaussianProcess: {} }, turn: 'plain' }]],
      ['informed', [{ model: { transfer: { gate: 0.7 } } }]],
    ]);
  });

  it('begins by the number of rows where no model has proposed a trial', async () => {
    const loaded = (count: number) =>
      Array.from({ length: count }, (_, number): Trial<P> => {
        return {
          number,
          params: { x: number / count },
          reports: [],
          loaded: true,
          state: 'complete',
          value: number,
        };
      });
    expect([(await ask(loaded(12))).turn, (await ask(loaded(13))).turn]).toEqual(['plain', 'sources']);
  });

  it.each([
    ['plain', 'sources'],
    ['sources', 'plain'],
  ])('goes on after a %s turn of a log whose model had the turn in its state', async (turn, next) => {
    const { trials } = await asked(ones(12));
    const { samplerState: _, ...newest } = trials.at(-1)!;
    const older = { ...newest, samplerState: { model: { transfer: { turn, gate: 0 } } } } as Trial<P>;
    expect((await ask([...trials.slice(0, -1), older])).turn).toBe(next);
  });
});
