import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StudyEvent } from '@foothold/core';
import { fileStorage, memoryStorage, replay } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { server, space } from './server.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads messages of an event stream one by one. */
function messages(response: Response) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async next(): Promise<{
      readonly id: string;
      readonly from: number;
      readonly events: readonly StudyEvent[];
    }> {
      for (;;) {
        const end = text.indexOf('\n\n');
        if (end >= 0) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          if (!lines.includes('event: events')) continue;
          const field = (name: string) => lines.find((line) => line.startsWith(name))!.slice(name.length + 2);
          return { id: field('id'), ...JSON.parse(field('data')) };
        }
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended: ${text}`);
        text += value;
      }
    },
    /** Reads up to this line of a stream whose events are of no interest. */
    async line(of: string): Promise<void> {
      while (!text.includes(`${of}\n`)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended: ${text}`);
        text += value;
      }
    },
    cancel: () => reader.cancel(),
  };
}

describe('an event stream', () => {
  it('brings what is there, then each change, and from the last id on what came since', {
    timeout: 60_000,
  }, async () => {
    const { post, send, storage } = server();
    await post('/api/studies', { name: 'a', space, sampler: 'random' });
    const stream = messages(await send('/api/studies/a/events'));
    const first = await stream.next();
    expect([first.from, first.id, first.events[0]?.type]).toEqual([0, '2', 'created']);
    await post('/api/studies/a/ask', {});
    const second = await stream.next();
    expect(second.events.map(({ type }) => type)).toEqual(['configured', 'asked']);
    await stream.cancel();
    await post('/api/studies/a/tell', { number: 0, value: 1 });
    const again = messages(await send('/api/studies/a/events', { headers: { 'last-event-id': second.id } }));
    const third = await again.next();
    expect(third.events.map(({ type }) => type)).toEqual(['told']);
    await again.cancel();
    const all = [...first.events, ...second.events, ...third.events];
    expect(replay(all)).toEqual(replay(await storage.read('a', 0)));
  });

  it('reaches many who follow from different positions', { timeout: 60_000 }, async () => {
    const { post, send, storage } = server();
    await post('/api/studies', { name: 'a', space, sampler: 'random' });
    for (let i = 0; i < 5; i++) await post('/api/studies/a/ask', {});
    const streams = await Promise.all(
      [0, 3, 7, 8].map(async (from) => ({
        from,
        stream: messages(await send(`/api/studies/a/events?from=${from}`)),
      })),
    );
    await post('/api/studies/a/tell', { number: 0, value: 1 });
    const log = await storage.read('a', 0);
    for (const { from, stream } of streams) {
      const seen: StudyEvent[] = [];
      while (from + seen.length < log.length) seen.push(...(await stream.next()).events);
      expect(seen).toEqual(log.slice(from));
      await stream.cancel();
    }
  });

  it.each(['memory', 'file'] as const)(
    'ends when its study is deleted or renamed, which is no fault of the server, with a %s storage',
    { timeout: 60_000 },
    async (kind) => {
      const storage = kind === 'file' ? fileStorage(join(folder, kind)) : memoryStorage();
      const { post, send, errors } = server({ storage });
      const changes = [
        () => send('/api/studies/a', { method: 'DELETE' }),
        () => post('/api/studies/a/rename', { to: 'b' }),
      ];
      for (const change of changes)
        for (const from of [0, 2]) {
          await post('/api/studies', { name: 'a', space });
          const stream = messages(await send(`/api/studies/a/events?from=${from}`));
          if (from === 0) await stream.next();
          else await stream.line(': open');
          expect((await change()).status).toBe(200);
          await expect(stream.next()).rejects.toThrow('the stream ended');
          await send('/api/studies/b', { method: 'DELETE' });
        }
      expect(errors).toEqual([]);
    },
  );

  it.each(['memory', 'file'] as const)(
    'is refused beyond the end of the log, and ends no other one by it, with a %s storage',
    { timeout: 60_000 },
    async (kind) => {
      const storage = kind === 'file' ? fileStorage(join(folder, 'beyond')) : memoryStorage();
      const { post, send, errors } = server({ storage });
      await post('/api/studies', { name: 'a', space, sampler: 'random' });
      const beyond = () => send('/api/studies/a/events?from=1000000000');
      // The first one that follows: it would begin the watch that the others share.
      const answers = [await beyond(), await send('/api/studies/a/events?from=3')];
      const stream = messages(await send('/api/studies/a/events'));
      await stream.next();
      answers.push(await beyond());
      for (const answer of answers)
        expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
          404,
          expect.stringContaining('application/json'),
          expect.stringContaining('StudyReplacedError'),
        ]);
      await post('/api/studies/a/ask', {});
      expect((await stream.next()).events.map(({ type }) => type)).toEqual(['configured', 'asked']);
      await stream.cancel();
      expect(errors).toEqual([]);
    },
  );

  it('tells the server of a log that can no more be read', { timeout: 60_000 }, async () => {
    const { post, send, errors } = server({ storage: fileStorage(join(folder, 'damaged')) });
    await post('/api/studies', { name: 'a', space });
    const stream = messages(await send('/api/studies/a/events'));
    await stream.next();
    appendFileSync(join(folder, 'damaged', 'a.jsonl'), '{"no": 1}\n');
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect(errors).toEqual([expect.objectContaining({ name: 'StorageError' })]);
  });

  it('and the log begin where they are asked to, and nowhere else', async () => {
    const { post, send, get } = server();
    await post('/api/studies', { name: 'a', space });
    expect(await get('/api/studies/a/log?from=1&limit=5')).toMatchObject({
      from: 1,
      events: [{ type: 'described' }],
      end: 2,
    });
    expect(await get('/api/studies/a/log?limit=1')).toMatchObject({
      from: 0,
      events: [{ type: 'created' }],
      end: 2,
    });
    for (const from of ['-1', 'x', '1e3', '1.5'])
      expect((await send(`/api/studies/a/events?from=${from}`)).status).toBe(400);
    expect(await get('/api/studies/a/log?from=2')).toEqual({ from: 2, events: [], end: 2 });
    for (const path of ['log', 'events']) {
      const beyond = await send(`/api/studies/a/${path}?from=3`);
      expect([beyond.status, await beyond.json()]).toMatchObject([
        404,
        { error: { code: 'StudyReplacedError', retry: false } },
      ]);
    }
    const packed = await send('/api/studies/a/log', { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.status, packed.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  });

  it('and the log read what was asked for, copy no trial, and see that another process deleted the study', async () => {
    const directory = join(folder, 'parts');
    const storage = fileStorage(directory);
    const reads: (readonly [number, number | undefined])[] = [];
    const { post, get, send } = server({
      storage: {
        ...storage,
        read: (name, from, limit) => {
          reads.push([from, limit]);
          return storage.read(name, from, limit);
        },
      },
    });
    await post('/api/studies', { name: 'a', space, sampler: 'random' });
    await post('/api/studies/a/ask', {});
    const readFor = async (query: string) => {
      reads.length = 0;
      const answer = await get(`/api/studies/a/log?${query}`);
      return { answer, limited: reads.filter(([, limit]) => limit !== undefined) };
    };
    await readFor('from=0');
    // The event before belongs to another record, which may be a large one.
    expect(await readFor('from=2&limit=1')).toMatchObject({
      answer: { from: 2, events: [{ type: 'configured' }], end: 4 },
      limited: [[2, 1]],
    });
    expect(await readFor('from=4')).toEqual({ answer: { from: 4, events: [], end: 4 }, limited: [[3, 1]] });
    expect((await readFor('from=1&limit=0')).answer).toEqual({ from: 1, events: [], end: 4 });
    await fileStorage(directory).remove('a');
    for (const from of [2, 4])
      expect(await (await send(`/api/studies/a/log?from=${from}`)).json()).toMatchObject({
        error: { code: 'StudyReplacedError' },
      });
  });
});
