import { InvalidArgumentError } from '@foothold/core';
import { serveStudies } from '@foothold/server';
import { memoryStorage } from '@foothold/study';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { line } from './agent.fixture.ts';
import { mcpHttp, studyTools } from './index.ts';

const command = 'train {x}';
const idle = 60_000;
const ending: (() => Promise<unknown>)[] = [];
// Only what measures time is replaced: streams and promises go on.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(async () => {
  vi.useRealTimers();
  for (const end of ending.splice(0).reverse()) await end();
});

/** The protocol over HTTP without a network, and what a running command waits for. */
function served() {
  const [storage, token] = [memoryStorage(), 'a-token-of-this-test'];
  const onError = vi.fn();
  const server = serveStudies({ storage, token, clock: () => Date.now(), onError });
  const running: (() => void)[] = [];
  const tools = studyTools({
    ...{ server: { ...server, token }, storage, version: '1', onError },
    allowed: {
      commands: [command],
      parameters: () => [{ name: 'x', isArgument: true }],
      objective: () => () => new Promise((resolve) => running.push(() => resolve(1))),
    },
  });
  const http = mcpHttp(tools, { idle });
  ending.push(async () => server.close(), tools.close, http.close);
  const agent = async () => {
    const client = new Client({ name: 'agent', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL('http://localhost/mcp'), {
      fetch: (url, init) => http.fetch(new Request(url, init)),
    });
    await client.connect(transport as Parameters<Client['connect']>[0]);
    ending.push(() => client.close());
    const call = async (name: string, given = {}) =>
      (await client.callTool({ name, arguments: given }, undefined, { timeout: 100 * idle }))
        .structuredContent;
    return { client, call, id: () => transport.sessionId };
  };
  return { http, agent, running, storage };
}

describe('a session over HTTP', () => {
  it('ends when it is idle for too long, with an error that says so and what to do; the study is there for the next', async () => {
    const { agent } = served();
    const [first, second] = [await agent(), await agent()];
    await first.call('create', { name: 's', space: line, sampler: 'random' });
    for (let k = 0; k < 3; k++) {
      await vi.advanceTimersByTimeAsync(0.6 * idle);
      await first.call('ask', { study: 's' });
    }
    await expect(second.call('studies')).rejects.toThrow(/idle for too long.*Initialize a new session/);
    await vi.advanceTimersByTimeAsync(idle);
    await expect(first.call('studies')).rejects.toMatchObject({ code: 404 });
    const third = await agent();
    expect(await third.call('trials', { study: 's' })).toMatchObject({ total: 3 });
    expect(third.id()).not.toBe(first.id());
  });

  it('is in use while a call runs', async () => {
    const { agent, running } = served();
    const { call } = await agent();
    await call('create', { name: 's', space: line, sampler: 'random' });
    const tuned = call('tune', { study: 's', command, trials: 1 });
    while (running.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(10 * idle);
    running[0]!();
    expect(await tuned).toMatchObject({ finished: 1 });
    await vi.advanceTimersByTimeAsync(0.9 * idle);
    expect(await call('studies')).toMatchObject({ studies: [{ name: 's' }] });
  });

  it('makes room for a new one where all 200 others have running calls', async () => {
    const { agent, running } = served();
    const calls: Promise<unknown>[] = [];
    for (let k = 0; k < 200; k++) {
      const { call } = await agent();
      await call('create', { name: `s${k}`, space: line, sampler: 'random' });
      calls.push(call('tune', { study: `s${k}`, command, trials: 1 }).catch(() => 'ended'));
    }
    while (running.length < 200) await new Promise((resolve) => setImmediate(resolve));
    const { call } = await agent();
    expect(await call('best', { study: 's0' })).toBeDefined();
    for (const end of running) end();
    expect(await calls.at(-1)).toMatchObject({ finished: 1 });
  });

  it('is begun by no request but initialize', async () => {
    const { http } = served();
    const before = vi.getTimerCount();
    for (const body of ['{', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })]) {
      const response = await http.fetch(
        new Request('http://localhost/mcp', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
          body,
        }),
      );
      expect(response.status).toBe(400);
    }
    expect(vi.getTimerCount()).toBe(before);
  });

  it('leaves no timer behind when it is closed', async () => {
    const { agent, http } = served();
    const [{ client }] = [await agent(), await agent()];
    await (client.transport as StreamableHTTPClientTransport).terminateSession();
    await http.close();
    await client.close();
    await vi.advanceTimersByTimeAsync(2 * idle);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses a limit that no timer has', () => {
    for (const wrong of [0, -1, Number.NaN, Infinity, 2 ** 31])
      expect(() => mcpHttp(undefined as never, { idle: wrong })).toThrow(InvalidArgumentError);
  });
});
