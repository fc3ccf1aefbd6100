import { describe, expect, it } from 'vitest';
import { conversation } from './converse.fixture.ts';
import { samplerNames } from './sampler-named.ts';

const space = { lr: { type: 'real', low: 1e-4, high: 1, log: true } };
const fidelity = { name: 'epochs', max: 9 };

interface AskedPiece {
  readonly number: number;
  readonly params: { readonly lr: number; readonly epochs: number };
  readonly piece: { readonly configuration: number; readonly from: number; readonly to: number };
}

/** A conversation about such a study. */
function opened(more: object = {}) {
  const { call, end } = conversation();
  const ask = async () => ((await call({ op: 'ask' })) as unknown as { trials: AskedPiece[] }).trials[0]!;
  return { call, end, ask, create: () => call({ op: 'create', space, fidelity, seed: 1, ...more }) };
}
const loss = ({ lr, epochs }: AskedPiece['params']) => (Math.log10(lr) + 2) ** 2 + 1 / epochs;

describe('a study of the line protocol with a fidelity', () => {
  it('says with each trial where its piece begins and ends, and has the best of those at the end', async () => {
    const { call, create, ask, end } = opened();
    expect(await create()).toEqual({ ok: true, study: 'study-1' });
    const reached = new Map<number, number>();
    for (let k = 0; k < 30; k++) {
      const { number, params, piece } = await ask();
      expect(piece.from).toBe(reached.get(piece.configuration) ?? 0);
      expect(piece.to).toBe(params.epochs);
      reached.set(piece.configuration, piece.to);
      expect(await call({ op: 'report', number, step: piece.to, value: loss(params) })).toMatchObject({
        ok: true,
      });
      expect(await call({ op: 'report', number, step: piece.to + 1, value: 1 })).toMatchObject({
        error: {
          code: 'InvalidArgumentError',
          message: expect.stringContaining(`a step from ${piece.from + 1} to ${piece.to}`),
        },
      });
      await call({ op: 'tell', number, value: loss(params) });
    }
    expect(await call({ op: 'best' })).toMatchObject({ trial: { params: { epochs: 9 } } });
    end();
  });
  it.each(samplerNames)('takes the sampler %s, or says why not', async (sampler) => {
    const { create, ask, end } = opened({ sampler });
    const made = await create();
    if ('error' in made) expect(made['error']).toMatchObject({ code: 'UnsupportedError' });
    else expect((await ask()).piece).toEqual({ configuration: 0, from: 0, to: 1 });
    end();
  });
  it('keeps the fidelity when its space is edited without it', async () => {
    const { call, create, ask, end } = opened();
    await create();
    const wider = { lr: { ...space.lr, high: 10 } };
    expect(await call({ op: 'edit', space: wider })).toMatchObject({ ok: true, changed: true, outside: [] });
    expect((await ask()).params.epochs).toBe(1);
    end();
  });
  it('refuses what cannot be', async () => {
    for (const [more, message] of [
      [{ fidelity: { name: 'epochs', max: 1 } }, 'fidelity.max is 1'],
      [{ fidelity: { name: 'lr', max: 9 } }, 'fidelity.name is "lr"'],
      [{ fidelity: { name: 'epochs', max: 9, step: 2 } }, 'fidelity.step'],
      [
        { transfer: [{ name: 'small', trials: [{ params: { lr: 0.1 }, value: 1 }] }] },
        'nothing beside a fidelity',
      ],
    ] as const) {
      const { create } = opened(more);
      expect(await create()).toMatchObject({ error: { message: expect.stringContaining(message) } });
    }
  });
});
