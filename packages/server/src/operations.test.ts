import type { StudyEvent } from '@foothold/core';
import { random } from '@foothold/samplers';
import { categorical, searchSpace, uniform } from '@foothold/space';
import { createStudy, memoryStorage, replay, studyRecord } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { server, space } from './server.fixture.ts';

type Members = Readonly<Record<string, unknown>>;

/** A server with the study `a`; `call` gives status and body. */
async function withStudy(more: object = {}) {
  const parts = server();
  const call = async (op: string, body: object = {}, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await parts.post(`/api/studies/${op}`, body, headers);
    return { status: answer.status, ...((await answer.json()) as Members) } as Members & {
      readonly status: number;
    };
  };
  await parts.post('/api/studies', { name: 'a', space, sampler: 'random', ...more });
  const events = async (name = 'a') => (await parts.storage.read(name, 0)) as readonly StudyEvent[];
  return { ...parts, call, events };
}

const numbers = ({ trials }: Members) =>
  (trials as readonly { readonly number: number }[]).map(({ number }) => number);

describe('a study on a server', () => {
  it('is made once, continued as it is, and refused with what differs', async () => {
    const { post, get, events } = await withStudy({ seed: 3, pruner: 'median' });
    const before = await events();
    expect((await post('/api/studies', { name: 'a', space })).status).toBe(201);
    expect(await events()).toEqual(before);
    expect((await post('/api/studies', { name: 'a', space: { x: space.x } })).status).toBe(400);
    expect((await (await post('/api/studies', { space })).json()) as Members).toEqual({
      ok: true,
      study: 'study-1',
    });
    expect(await get('/api/studies/a')).toMatchObject({
      ...{
        name: 'a',
        space,
        seed: 3,
        goal: { direction: 'minimize' },
        stopped: false,
        lease: 120,
        renewEvery: 40_000,
      },
      facts: { server: { sampler: 'random', pruner: 'median' } },
    });
    expect(await get('/api/studies')).toMatchObject({
      studies: [{ name: 'a', activity: 'new' }, { name: 'study-1' }],
    });
  });

  it('goes through a whole trial by the bodies of the line protocol', async () => {
    const { call, get } = await withStudy();
    await call('a/enqueue', { params: { x: 0.5, n: 2, c: 'b' } });
    expect(await call('a/ask', { attributes: { gpu: 1 } })).toMatchObject({
      status: 200,
      trials: [{ number: 0, params: { x: 0.5, n: 2, c: 'b' } }],
    });
    expect(await call('a/report', { number: 0, step: 1, value: 2 })).toMatchObject({
      ok: true,
      decision: 'continue',
    });
    expect(await call('a/tell', { number: 0, value: 1.5, metrics: { seconds: 3 } })).toMatchObject({
      ok: true,
    });
    expect(await get('/api/studies/a/best')).toMatchObject({
      trial: { number: 0, value: 1.5, attributes: { gpu: 1 } },
    });
    expect(await call('a/load', { trials: [{ params: { x: 0, n: 0, c: 'a' }, value: 9 }] })).toMatchObject({
      loaded: 1,
    });
    expect(numbers(await get('/api/studies/a/ended'))).toEqual([0, 1]);
    expect(await get('/api/studies/a/trials/1')).toMatchObject({ trial: { value: 9, loaded: true } });
    const csv = await (await withStudy()).send('/api/studies/a/export');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="a.csv"');
  });

  it.each([
    ['ask', { number: 1 }, 400, 'InvalidArgumentError'],
    ['tell', { number: 0, value: 1 }, 409, 'TrialStateError'],
    ['tell', {}, 400, 'InvalidArgumentError'],
    ['enqueue', { params: { n: 70 } }, 400, 'OutOfSpaceError'],
    ['ask', { trials: 0 }, 409, 'TrialLimitError'],
    ['nonsense', {}, 404, 'NotFoundError'],
  ])('answers %s %j with %i and %s', async (op, body, status, code) => {
    const { call, events } = await withStudy();
    const before = await events();
    expect(await call(`a/${op}`, body)).toMatchObject({ status, error: { code, retry: false } });
    expect(await events()).toEqual(before);
  });

  it('that is not there is 404, and JSON that is none 400', async () => {
    const { call, send } = await withStudy();
    expect(await call('none/ask')).toMatchObject({ status: 404, error: { code: 'NotFoundError' } });
    for (const body of ['{', '[]', 'null', '{"__proto__":{}}', '{"count":NaN}']) {
      const answer = await send('/api/studies/a/ask', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status, body).toBe(400);
    }
  });

  it('is stopped and goes on, also for a server that is started again', async () => {
    const { call, storage } = await withStudy();
    expect(await call('a/stop')).toMatchObject({ ok: true });
    expect(await call('a/ask')).toMatchObject({ status: 409, error: { code: 'TrialLimitError', trials: 0 } });
    const again = server({ storage });
    expect((await again.post('/api/studies/a/ask', {})).status).toBe(409);
    expect((await again.post('/api/studies/a/resume', {})).status).toBe(200);
    expect((await again.post('/api/studies/a/ask', {})).status).toBe(200);
  });

  it('has trials that are ended by hand, whoever has them', async () => {
    const { call, get } = await withStudy();
    await call('a/ask', {}, { 'foothold-worker': 'w' });
    expect(await call('a/fail', { number: 0, reason: 'it hangs' })).toMatchObject({ ok: true });
    expect(await get('/api/studies/a/trials/0')).toMatchObject({
      trial: { state: 'failed', reason: 'it hangs' },
    });
    expect(await call('a/tell', { number: 0, value: 1 }, { 'foothold-worker': 'w' })).toMatchObject({
      status: 409,
    });
  });

  it('is edited while it is open, over HTTP and by another process', async () => {
    const { call, storage, get } = await withStudy();
    await call('a/ask', {}, { 'foothold-worker': 'w' });
    const narrow = { ...space, x: { type: 'real', low: 0, high: 0.001 } };
    expect(await call('a/edit', { space: narrow })).toMatchObject({ ok: true, changed: true });
    const { trials } = await call('a/ask', {}, { 'foothold-worker': 'w' });
    expect(
      (trials as readonly { readonly params: { readonly x: number } }[])[0]?.params.x,
    ).toBeLessThanOrEqual(0.001);
    expect(await call('a/tell', { number: 0, value: 1 }, { 'foothold-worker': 'w' })).toMatchObject({
      ok: true,
    });
    await studyRecord(storage, 'a').edit({
      space: { ...space, x: { type: 'real', low: 0.5, high: 0.501 } } as never,
    });
    const later = await call('a/ask', {}, { 'foothold-worker': 'w' });
    expect(later).toMatchObject({ status: 200 });
    expect((await get('/api/studies/a'))['edits']).toHaveLength(2);
  });

  it('is renamed, copied and deleted, not under its workers unless that is forced', async () => {
    const { call, send, get } = await withStudy();
    await call('a/ask');
    expect(await call('a/copy', { to: 'b' })).toMatchObject({ ok: true, study: 'b' });
    expect(await call('a/copy', { to: 'b' })).toMatchObject({ status: 409 });
    expect(await call('a/rename', { to: 'c' })).toMatchObject({
      status: 409,
      error: { code: 'StorageError' },
    });
    await call('a/tell', { number: 0, value: 1 });
    expect(await call('a/rename', { to: 'c' })).toMatchObject({ ok: true });
    expect((await send('/api/studies/a')).status).toBe(404);
    expect(numbers(await get('/api/studies/c/trials'))).toEqual([0]);
    expect((await send('/api/studies/b', { method: 'DELETE' })).status).toBe(409);
    expect((await send('/api/studies/b?force=true', { method: 'DELETE' })).status).toBe(200);
    expect((await get('/api/studies'))['studies']).toMatchObject([{ name: 'c' }]);
  });

  it('starts from an earlier study of the same storage, and from trials that are given', async () => {
    const { call, post } = await withStudy();
    await call('a/load', {
      trials: Array.from({ length: 8 }, (_, i) => ({
        params: { x: i / 8, n: 1, c: 'a' },
        value: (i / 8 - 0.3) ** 2,
      })),
    });
    const given = { trials: [{ params: { x: 0.2, n: 1, c: 'a' }, value: 0.1 }], name: 'by hand' };
    await post('/api/studies', { name: 'b', space, transfer: [{ study: 'a' }, given] });
    expect(JSON.stringify(await call('b/ask'))).toMatch(/"name":"a"/);
    expect((await post('/api/studies', { name: 'c', space, transfer: [{ study: 'none' }] })).status).toBe(
      404,
    );
    expect((await post('/api/studies', { name: 'c', space, transfer: [{ study: 'c' }] })).status).toBe(404);
  });

  it('of another program goes on with the sampler that its log names', async () => {
    const storage = memoryStorage();
    const local = createStudy({
      space: searchSpace({ x: uniform(0, 1), c: categorical('a', 'b') }),
      sampler: random(),
      direction: 'maximize',
      storage,
      name: 'local',
      seed: 5,
    });
    await local.ask();
    const next = async (of: typeof local) => (await of.ask()).params;
    const copy = memoryStorage();
    await copy.append('local', 0, await storage.read('local', 0));
    const { post } = server({ storage: copy });
    const { trials } = (await (await post('/api/studies/local/ask', {})).json()) as {
      trials: readonly { params: object }[];
    };
    expect(trials[0]?.params).toEqual(await next(local));
  });

  it('whose sampler only a program can make is read, and not asked', async () => {
    const storage = memoryStorage();
    const own = { name: 'my own', sample: random().sample, supports: random().supports };
    const local = createStudy({
      space: searchSpace({ x: uniform(0, 1) }),
      sampler: own as never,
      direction: 'minimize',
      storage,
      name: 'own',
    });
    await local.tell((await local.ask()).number, { state: 'complete', value: 1 });
    const { post, get } = server({ storage });
    expect(await get('/api/studies/own/best')).toMatchObject({ trial: { value: 1 } });
    const answer = await post('/api/studies/own/ask', {});
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { code: 'UnsupportedError' } },
    ]);
  });
});

describe('asks', () => {
  it('of one client for many trials and of others take turns', async () => {
    const { call } = await withStudy();
    const order: string[] = [];
    const ask = async (worker: string, count: number) => {
      const answer = await call('a/ask', { count }, { 'foothold-worker': worker });
      order.push(worker);
      return numbers(answer);
    };
    const [many, one] = await Promise.all([ask('many', 1000), ask('one', 1)]);
    expect(order).toEqual(['one', 'many']);
    expect([...many, ...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 1001 }, (_, i) => i));
  });

  it('of clients of one server need no claims', async () => {
    const { call, events } = await withStudy({ sampler: { name: 'tpe', initialTrials: 2 } });
    await Promise.all(
      ['u', 'v', 'w'].flatMap((worker) => [1, 2].map(() => call('a/ask', {}, { 'foothold-worker': worker }))),
    );
    expect((await events()).map(({ type }) => type)).toEqual([
      'created',
      'described',
      'configured',
      ...Array(6).fill('asked'),
    ]);
    expect(replay(await events()).trials).toHaveLength(6);
  });

  it('whose client has gone take no trial', async () => {
    const { send, get } = await withStudy();
    const request = {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.abort(),
    };
    await send('/api/studies/a/ask', request).catch(() => undefined);
    expect(await get('/api/studies/a/trials')).toEqual({ trials: [] });
  });

  it('with the same key get the same trials, also of a server that was started again', async () => {
    const { call, storage } = await withStudy();
    const headers = { 'foothold-worker': 'w', 'idempotency-key': 'k' };
    expect(numbers(await call('a/ask', { count: 2 }, headers))).toEqual([0, 1]);
    expect(numbers(await call('a/ask', { count: 3 }, headers))).toEqual([0, 1, 2]);
    const again = server({ storage });
    const answer = (await (await again.post('/api/studies/a/ask', { count: 3 }, headers)).json()) as Members;
    expect(numbers(answer)).toEqual([0, 1, 2]);
    expect(numbers(await call('a/ask', {}, { ...headers, 'foothold-worker': 'v' }))).toEqual([3]);
  });

  it('after a restart give nobody what a client still evaluates, and tell a client what it lost', async () => {
    const { call, storage } = await withStudy({ lease: 100 });
    const w = { 'foothold-worker': 'w' };
    await call('a/ask', {}, w);
    const again = server({ storage });
    const ask = async (worker: string) =>
      numbers(
        (await (await again.post('/api/studies/a/ask', {}, { 'foothold-worker': worker })).json()) as Members,
      );
    expect(await ask('w')).toEqual([1]);
    again.advance(101_000);
    expect(await ask('v')).toEqual([0]);
    const third = server({ storage });
    const late = await third.post('/api/studies/a/tell', { number: 0, value: 1 }, w);
    expect([late.status, await late.json()]).toMatchObject([
      409,
      { error: { from: 'running at v since its lease ran out' } },
    ]);
  });
});
