import { describe, expect, it } from 'vitest';
import { conversation } from './converse.fixture.ts';

describe('a pruner in ask-tell', () => {
  it('answers reports, of several objectives too', async () => {
    const { call, end } = conversation();
    const space = { x: { type: 'real', low: 0, high: 1 } };
    await call({
      ...{ op: 'create', space, sampler: 'nsga2' },
      objectives: [
        { metric: 'value', direction: 'minimize' },
        { metric: 'size', direction: 'minimize' },
      ],
      pruner: { name: 'dominance', fronts: 1, startupTrials: 1 },
    });
    await call({ op: 'ask', count: 2 });
    const report = (number: number, value: number, size: number) =>
      call({ op: 'report', number, step: 1, value, metrics: { size } });
    expect(await report(0, 1, 1)).toEqual({ ok: true, decision: 'continue' });
    await call({ op: 'tell', number: 0, value: 1, metrics: { size: 1 } });
    expect(await report(1, 2, 2)).toEqual({ ok: true, decision: 'prune' });
    expect(await call({ op: 'tell', number: 1, state: 'pruned' })).toEqual({ ok: true });
    const wrong = await call({ op: 'create', space, pruner: { name: 'asha', eta: 3 } });
    expect(wrong).toMatchObject({ error: { message: expect.stringContaining('pruner.eta is 3') } });
    end();
  });
});
