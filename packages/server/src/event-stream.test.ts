import type { StudyEvent } from '@foothold/core';
import { replay } from '@foothold/study';
import { describe, expect, it } from 'vitest';
import { server, space } from './server.fixture.ts';

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

  it('ends when its study is deleted', { timeout: 60_000 }, async () => {
    const { post, send } = server();
    await post('/api/studies', { name: 'a', space });
    const stream = messages(await send('/api/studies/a/events'));
    await stream.next();
    await send('/api/studies/a', { method: 'DELETE' });
    await expect(stream.next()).rejects.toThrow('the stream ended');
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
    const packed = await send('/api/studies/a/log', { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.status, packed.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  });
});
