import { memoryStorage } from '@foothold/study';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { askTellSession } from './session.ts';

const space = { x: { type: 'real', low: 0, high: 1 } };

function calls() {
  const { answer, end } = askTellSession({ now: () => 0 });
  return { call: (request: object) => answer(JSON.stringify(request)), end };
}

describe('conversations over one pair of streams', () => {
  it('have a study each, and the one without a name is another one', async () => {
    const { call, end } = calls();
    for (const session of ['a', 'b'])
      await call({ op: 'create', space, sampler: 'random', seed: session === 'a' ? 1 : 2, session });
    expect(await call({ op: 'ask' })).toMatchObject({ error: { code: 'InvalidArgumentError' } });
    const paramsOf = async (session: string) => ((await call({ op: 'ask', session })) as never)['trials'];
    const [a, b] = [await paramsOf('a'), await paramsOf('b')];
    expect(a).toMatchObject([{ number: 0 }]);
    expect(b).toMatchObject([{ number: 0 }]);
    expect(a).not.toEqual(b);
    expect(await call({ op: 'tell', number: 0, value: 3, session: 'a' })).toEqual({ ok: true });
    expect(await call({ op: 'best', session: 'b' })).toEqual({ trial: null });
    expect(await call({ op: 'best', session: 'a' })).toMatchObject({ trial: { number: 0, value: 3 } });
    end();
  });
  it('are forgotten at their end, and only they', async () => {
    const { call, end } = calls();
    for (const session of ['a', 'b']) await call({ op: 'create', space, sampler: 'random', session });
    expect(await call({ op: 'end', session: 'a' })).toEqual({ ok: true });
    expect(await call({ op: 'end', session: 'a' })).toEqual({ ok: true });
    expect(await call({ op: 'ask', session: 'a' })).toMatchObject({
      error: { message: 'op is "ask", allowed is create, as the first request' },
    });
    expect(await call({ op: 'ask', session: 'b' })).toMatchObject({ trials: [{ number: 0 }] });
    end();
  });
  it.each([[''], [7], [null], ['x'.repeat(201)]])('refuse the name %j', async (session) => {
    const { call } = calls();
    const { error } = (await call({ op: 'create', space, session })) as { readonly error: object };
    expect(error).toMatchObject({
      code: 'InvalidArgumentError',
      message: expect.stringMatching(/^session is /),
    });
  });
});

/** Conversations over one storage. */
function stored() {
  const storage = memoryStorage();
  const opened = () => askTellSession({ now: () => 0, clock: () => 0, studiesIn: () => storage });
  const create = { op: 'create', space, sampler: 'random', seed: 1, name: 'n', storage: 'x' };
  return { create, ...callsOf(opened()), another: () => callsOf(opened()) };
}

function callsOf({ answer, end }: ReturnType<typeof askTellSession>) {
  const call = (request: object) => answer(JSON.stringify(request));
  const ask = async (session: string) => {
    const { trials } = (await call({ op: 'ask', session })) as never as { trials: { number: number }[] };
    return trials.map(({ number }) => number);
  };
  return { call, ask, end };
}

describe('conversations about one stored study', () => {
  it('are workers of their own, each with its trials', async () => {
    const { call, ask, end, create, another } = stored();
    const other = another();
    for (const session of ['a', 'b']) await call({ ...create, session });
    await other.call({ ...create, session: 'a' });
    expect([await ask('a'), await ask('b'), await other.ask('a'), await ask('a')]).toEqual([
      ...[[0], [1], [2], [3]],
    ]);
    for (const [number, session] of [...'abxa'].entries())
      if (session !== 'x')
        expect(await call({ op: 'tell', number, value: number, session })).toEqual({ ok: true });
    end();
    other.end();
  });

  it('leave their trials to the next ask of another one when they end', async () => {
    const { call, ask, end, create, another } = stored();
    for (const session of ['a', 'b']) await call({ ...create, session });
    expect([await ask('a'), await ask('b')]).toEqual([[0], [1]]);
    await call({ op: 'end', session: 'a' });
    expect(await ask('b')).toEqual([0]);
    end();
    const other = another();
    await other.call({ ...create, session: 'c' });
    expect([await other.ask('c'), await other.ask('c'), await other.ask('c')]).toEqual([[0], [1], [2]]);
    other.end();
  });

  it.each([['ends'], ['is created again']])(
    'keep the trials that a program holds when one %s',
    async (what) => {
      const { call, ask, end, create } = stored();
      await call({ ...create, session: 'a' });
      for (const number of [0, 1, 2]) expect(await ask('a')).toEqual([number]);
      await call({ op: 'release', number: 2, session: 'a' });
      if (what === 'ends') await call({ op: 'end', session: 'a' });
      await call({ ...create, session: 'a', holds: [0, 2] });
      expect([await ask('a'), await ask('a')]).toEqual([[1], [3]]);
      for (const number of [0, 2])
        expect(await call({ op: 'tell', number, value: 1, session: 'a' })).toEqual({ ok: true });
      end();
    },
  );

  it('refuse a number that the study has not given out, and open nothing', async () => {
    const { call, end, create } = stored();
    const { begun } = timers();
    expect(await call({ ...create, holds: [99] })).toMatchObject({
      error: { code: 'InvalidArgumentError', message: expect.stringMatching(/^holds is 99, allowed is /) },
    });
    expect(await call({ op: 'ask' })).toMatchObject({ error: { code: 'InvalidArgumentError' } });
    expect(begun.size).toBe(0);
    end();
  });
});

/** The intervals that begin from now on and have not ended. */
function timers() {
  const begun = new Set<unknown>();
  const { setInterval: begin, clearInterval: finish } = globalThis;
  const began = vi.spyOn(globalThis, 'setInterval').mockImplementation(((...of: Parameters<typeof begin>) => {
    const timer = begin(...of);
    begun.add(timer);
    return timer;
  }) as never);
  const ended = vi.spyOn(globalThis, 'clearInterval').mockImplementation((timer) => {
    begun.delete(timer);
    finish(timer);
  });
  onTestFinished(() => {
    began.mockRestore();
    ended.mockRestore();
  });
  return { begun };
}

describe('requests of one conversation at the same time', () => {
  it('are answered in their order: what comes after its end finds no study', async () => {
    const { call, end, create } = stored();
    const answers = await Promise.all(
      [create, { op: 'ask' }, { op: 'end' }, { op: 'ask' }, create, { op: 'ask' }].map((request) =>
        call({ ...request, session: 'a' }),
      ),
    );
    const noStudy = { error: { message: 'op is "ask", allowed is create, as the first request' } };
    const trial = { trials: [{ number: 0 }] };
    expect(answers).toMatchObject([{ ok: true }, trial, { ok: true }, noStudy, { ok: true }, trial]);
    end();
  });

  it('renew leases for one study, and for none after the end', async () => {
    const { call, end, create } = stored();
    const { begun } = timers();
    await Promise.all([call(create), call({ ...create, name: 'm' })]);
    expect(begun.size).toBe(1);
    const late = call({ ...create, session: 'late' });
    end();
    expect(await late).toMatchObject({ ok: true });
    expect(begun.size).toBe(0);
  });
});
