import { describe, expect, it } from 'vitest';
import { conversation } from './converse.fixture.ts';

describe('attributes, notes and times in ask-tell', () => {
  it('are taken with ask, tell, load and note, and shown by trials and best', async () => {
    const { call, end } = conversation();
    const before = Date.now();
    await call({ op: 'create', space: { x: { type: 'real', low: 0, high: 1 } }, sampler: 'random' });
    await call({ op: 'load', trials: [{ params: { x: 0.5 }, value: 3, attributes: { from: 'paper' } }] });
    await call({ op: 'ask', attributes: { host: 'a', gpus: [0, 1] }, note: 'first' });
    await call({ op: 'tell', number: 1, value: 1, attributes: { host: 'b' } });
    expect(await call({ op: 'note', number: 1, note: 'second' })).toEqual({
      ok: true,
      attributes: { host: 'b', gpus: [0, 1] },
      note: 'second',
    });
    await call({ op: 'note', attributes: { dataset: 'digits' } });
    expect(await call({ op: 'note' })).toEqual({ ok: true, attributes: { dataset: 'digits' } });
    const { trials } = (await call({ op: 'trials' })) as { trials: Record<string, unknown>[] };
    expect(trials).toMatchObject([
      { number: 0, loaded: true, attributes: { from: 'paper' } },
      { number: 1, value: 1, attributes: { host: 'b', gpus: [0, 1] }, note: 'second' },
    ]);
    const { startedAt, finishedAt } = trials[1] as { startedAt: number; finishedAt: number };
    expect([before <= startedAt, startedAt <= finishedAt, finishedAt <= Date.now()]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await call({ op: 'best' })).toEqual({ trial: trials[1] });
    end();
  });

  it('are errors where they are none, and change nothing', async () => {
    const { call, end } = conversation();
    await call({ op: 'create', space: { x: { type: 'real', low: 0, high: 1 } }, sampler: 'random' });
    const error = async (request: object) =>
      (await call(request))['error'] as { code: string; message: string };
    expect((await error({ op: 'ask', attributes: 3 })).message).toContain('attributes is 3');
    expect((await error({ op: 'note', note: 3 })).message).toContain('note is 3');
    expect(await error({ op: 'note', number: 5, note: 'a' })).toMatchObject({ code: 'TrialStateError' });
    expect((await error({ op: 'create', space: {}, retries: -1 })).message).toContain('retries is -1');
    expect((await error({ op: 'create', space: {}, late: 'maybe' })).message).toContain('late is "maybe"');
    expect(await call({ op: 'trials' })).toEqual({ trials: [] });
    end();
  });
});
