import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteStudy } from '@foothold/server/remote';
import { fileStorage } from '@foothold/study';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, describe, expect, it } from 'vitest';
import { command, commandIn, node, type StartedCommand, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-mcp-'));
const clients: Client[] = [];
const started: StartedCommand[] = [];
afterAll(async () => {
  for (const client of clients) await client.close();
  for (const { child } of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});
writeFileSync(
  join(folder, 'train.cjs'),
  `require('fs').writeFileSync('arguments.json', JSON.stringify(process.argv.slice(2)));
   console.log('loss: ' + (Number(process.argv[2]) - 0.3) ** 2);`,
);

type Content = Readonly<Record<string, unknown>>;

/** The SDK's client on a `foothold mcp` that it starts. */
async function overStdio(args: readonly string[] = []) {
  const transport = new StdioClientTransport({
    ...{ command: node, args: [...command, 'mcp', ...args], cwd: folder, stderr: 'pipe' },
  });
  return { ...(await agent(transport)), transport };
}

async function agent(transport: StdioClientTransport | StreamableHTTPClientTransport) {
  const client = new Client({ name: 'agent', version: '1' });
  clients.push(client);
  await client.connect(transport as Parameters<Client['connect']>[0]);
  const call = async (name: string, given: Content = {}) => {
    const { structuredContent, isError } = await client.callTool({ name, arguments: given });
    expect(isError === true, JSON.stringify(structuredContent)).toBe(false);
    return structuredContent as Content;
  };
  const ask = async (study: string, more: Content = {}) =>
    ((await call('ask', { study, ...more }))['trials'] as readonly { number: number; params: Content }[])[0]!;
  return { client, call, ask };
}

/** Branin's function; its least value is 0.397887. */
function branin(x: number, y: number): number {
  const inner = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return inner ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}
const braninSpace = { x: { type: 'real', low: -5, high: 10 }, y: { type: 'real', low: 0, high: 15 } };

/** What an agent does: it knows nothing but the answers of the tools. */
async function foundMinimum({ call, ask }: Awaited<ReturnType<typeof agent>>, study: string) {
  await call('create', { name: study, space: braninSpace, seed: 1 });
  for (let k = 0; k < 30; k++) {
    const { number, params } = await ask(study);
    await call('tell', { study, number, value: branin(Number(params['x']), Number(params['y'])) });
  }
  const { trial } = await call('best', { study });
  return (trial as { readonly value: number }).value;
}

const line = { x: { type: 'real', low: 0, high: 1 } };

describe('foothold mcp on standard input and output', { timeout: 240_000 }, () => {
  it('leads an agent to the minimum of Branin’s function in 30 evaluations, by tools alone', async () => {
    const own = await overStdio();
    expect(await foundMinimum(own, 'branin')).toBeLessThan(0.397887 + 0.05);
    const { parameters } = await own.call('importance', { study: 'branin' });
    expect((parameters as readonly { readonly name: string }[]).map(({ name }) => name)).toEqual(['x', 'y']);
    const log = await fileStorage(join(folder, 'foothold-studies')).read('branin', 0);
    expect(log.filter(({ type }) => type === 'told')).toHaveLength(30);
  });

  it('that is killed keeps the study, and the trial that was asked for', async () => {
    const first = await overStdio();
    await first.call('create', { name: 'killed', space: line, sampler: 'random' });
    for (let k = 0; k < 3; k++) {
      const { number } = await first.ask('killed');
      await first.call('tell', { study: 'killed', number, value: k });
    }
    const asked = await first.ask('killed', { key: 'lost' });
    process.kill(first.transport.pid!, 'SIGKILL');
    const second = await overStdio();
    expect(await second.ask('killed', { key: 'lost' })).toMatchObject(asked);
    await second.call('tell', { study: 'killed', number: asked.number, value: -1 });
    expect(await second.call('best', { study: 'killed' })).toMatchObject({
      trial: { number: asked.number, value: -1 },
    });
    expect(await second.call('trials', { study: 'killed' })).toMatchObject({ total: 4 });
  });

  it('runs the command that was allowed, each value within its own argument, and no other', async () => {
    const allowed = `"${process.execPath}" train.cjs {x} {note}`;
    const { call, client } = await overStdio(['--allow', allowed]);
    const note = { type: 'categorical', choices: ['$(touch pwned); echo', '"; touch pwned'] };
    await call('create', { name: 'run', space: { ...line, note }, sampler: 'random' });
    expect(await call('tune', { study: 'run', command: allowed, trials: 3 })).toMatchObject({
      ...{ finished: 3, stopped: 'trials', best: { state: 'complete' } },
    });
    const { readFileSync, existsSync } = await import('node:fs');
    const args = JSON.parse(readFileSync(join(folder, 'arguments.json'), 'utf8')) as string[];
    expect(args).toHaveLength(2);
    expect(note.choices).toContain(args[1]);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
    const { isError, structuredContent } = await client.callTool({
      name: 'tune',
      arguments: { study: 'run', command: 'touch pwned', trials: 9 },
    });
    expect([isError, structuredContent]).toMatchObject([true, { error: { argument: 'command' } }]);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('ends a program that reports too large a value, where the study has a pruner', async () => {
    const script = [
      'const x = Number(process.argv[1]);',
      'console.log(JSON.stringify({ step: 1, value: 100 * x }));',
      "setTimeout(() => console.log('loss: ' + x), x > 0.5 ? 120000 : 0);",
    ].join(' ');
    const allowed = `"${process.execPath}" -e "${script}" {x}`;
    const { call } = await overStdio(['--allow', allowed]);
    await call('create', {
      ...{ name: 'pruned', space: { x: { type: 'ordinal', choices: [0.25, 0.75] } } },
      ...{ sampler: 'random', pruner: { name: 'threshold', upper: 50 } },
    });
    for (const x of [0.25, 0.75]) await call('enqueue', { study: 'pruned', params: { x } });
    await call('tune', { study: 'pruned', command: allowed, trials: 2, metric: 'loss' });
    expect(await call('trials', { study: 'pruned' })).toMatchObject({
      trials: [
        { state: 'complete', value: 0.25, reports: [{ step: 1, value: 25 }] },
        { state: 'pruned', reports: [{ step: 1, value: 75 }] },
      ],
    });
  });

  it('makes no placeholder of a brace that was text when the command was allowed', async () => {
    const script = "require('fs').writeFileSync('ran', '1') /* {print $1} {n} */; console.log('loss: 1')";
    const allowed = `"${process.execPath}" -e "${script}" -- --seed {n} {note}`;
    const { call, client } = await overStdio(['--allow', allowed]);
    const code = "*/; require('fs').writeFileSync('pwned', '1') /*";
    const choice = { type: 'categorical', choices: [code] };
    const n = { type: 'int', low: 0, high: 9 };
    const note = { type: 'categorical', choices: ['a b'] };
    const spaces = {
      'print $1': { n, note, 'print $1': choice },
      n: { n: choice, note },
      trial: { n, note, trial: choice },
      when: { n: { ...n, when: { note: ['a b'] } }, note },
    };
    const { existsSync } = await import('node:fs');
    for (const [name, space] of Object.entries(spaces)) {
      const study = `braces-${name.replace(/\W/g, '')}`;
      await call('create', { name: study, space });
      const { isError, structuredContent } = await client.callTool({
        ...{ name: 'tune', arguments: { study, command: allowed, trials: 1 } },
      });
      expect([isError, structuredContent], name).toMatchObject([
        true,
        { error: { code: 'InvalidArgumentError', argument: expect.stringMatching(/^space/) } },
      ]);
    }
    expect([existsSync(join(folder, 'ran')), existsSync(join(folder, 'pwned'))]).toEqual([false, false]);
    await call('create', { name: 'braces', space: { n, note } });
    expect(await call('tune', { study: 'braces', command: allowed, trials: 1 })).toMatchObject({
      best: { value: 1 },
    });
    expect(existsSync(join(folder, 'ran'))).toBe(true);
  });

  it('ends with its input, and writes nothing else to its output', async () => {
    const { out, code } = await commandIn(folder)(['mcp']);
    expect([out, code]).toEqual(['', 0]);
  });

  it.each([
    ['{program} --x 1', 'a command that names its program itself'],
    ['no-such-program-here {x}', 'a program on the path'],
    ['echo {x} | sh', 'a single program with its arguments'],
    ['', 'a command, such as'],
  ])('refuses to allow %j', async (line, allowed) => {
    const { err, code } = await commandIn(folder)(['mcp', '--allow', line]);
    expect([code, err]).toEqual([1, expect.stringContaining(`--allow is`)]);
    expect(err).toContain(allowed);
  });
});

describe('foothold mcp over HTTP', { timeout: 240_000 }, () => {
  const token = 'a-token-that-nobody-prints';
  const serving = async (env: Readonly<Record<string, string>> = { FOOTHOLD_TOKEN: token }) => {
    const server = startIn(folder, ['mcp', '--http', '0', '--storage', 'over-http'], env);
    started.push(server);
    await server.says('Ctrl-C ends it');
    return server;
  };
  const headersOf = (own: string) => ({ requestInit: { headers: { Authorization: `Bearer ${own}` } } });

  it('shows an agent’s study to workers and pages of the same server, until Ctrl-C', async () => {
    const server = await serving();
    const url = server.out().trim();
    expect(server.out() + server.err()).not.toContain(token);
    const own = await agent(new StreamableHTTPClientTransport(new URL(url), headersOf(token)));
    expect(await foundMinimum(own, 'branin')).toBeLessThan(0.397887 + 0.05);
    const study = await remoteStudy(new URL(url).origin, { name: 'branin', token });
    expect(await study.trials()).toHaveLength(30);
    const other = await study.ask();
    expect(await own.call('studies')).toMatchObject({ studies: [{ counts: { complete: 30, running: 1 } }] });
    expect((await own.ask('branin')).number).toBe(other.number + 1);
    await own.client.close();
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(0);
  });

  it('makes a token where none is given, and answers to no other, no other name and no other page', async () => {
    const server = await serving({});
    const [url, header] = server.out().trim().split('\n') as [string, string];
    const [, made] = /^Authorization: Bearer (\w{64})$/.exec(header)!;
    const initialize = {
      ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a', version: '1' } },
    };
    // `fetch` sets Host and Origin itself.
    const status = (headers: Readonly<Record<string, string>>) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(url, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Accept: 'application/json, text/event-stream',
            Authorization: `Bearer ${made}`,
            ...headers,
          },
        });
        sent.on('response', (response) => {
          response.resume();
          resolve(response.statusCode!);
        });
        sent.on('error', reject);
        sent.end(JSON.stringify(initialize));
      });
    expect(await status({})).toBe(200);
    expect(await status({ Authorization: 'Bearer a-token-of-somebody-else' })).toBe(401);
    expect(await status({ Authorization: '' })).toBe(401);
    expect(await status({ Host: 'evil.example' })).toBe(403);
    expect(await status({ Origin: 'https://evil.example' })).toBe(403);
    expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await status({ 'Mcp-Session-Id': 'made-up' })).toBe(404);
    await expect(
      agent(new StreamableHTTPClientTransport(new URL(url), headersOf('a-token-of-somebody-else'))),
    ).rejects.toThrow();
  });
});
