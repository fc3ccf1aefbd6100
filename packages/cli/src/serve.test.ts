import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteStudy } from '@foothold/server/remote';
import { fileStorage, optimize } from '@foothold/study';
import { afterAll, describe, expect, it } from 'vitest';
import { commandIn, type StartedCommand, startIn } from './command.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-serve-'));
const started: StartedCommand[] = [];
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function serve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StartedCommand> {
  const server = startIn(folder, ['serve', ...args], env);
  started.push(server);
  await server.says('Ctrl-C ends it');
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

const token = 'a-token-that-nobody-prints';
const create = { space: { x: { type: 'real', low: -1, high: 1 } }, sampler: 'random' };

describe('foothold serve', () => {
  it('lets other machines in only with a token', { timeout: 120_000 }, async () => {
    const { code, err, out } = await commandIn(folder)(['serve', '--host', '0.0.0.0', '--port', '0']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('give a token in FOOTHOLD_TOKEN or --token-file');
  });

  it('takes its tokens from files and prints none of them', { timeout: 120_000 }, async () => {
    writeFileSync(join(folder, 'token'), `${token}\n`);
    const server = await serve(['--host', '0.0.0.0', '--port', '0', '--token-file', 'token'], {
      FOOTHOLD_READ_TOKEN: 'a-token-that-reads-alone',
    });
    const url = server.out().trim().replace('0.0.0.0', '127.0.0.1');
    const session = async (of: string) =>
      (await fetch(`${url}api/session`, { headers: { Authorization: `Bearer ${of}` } })).json();
    expect(await session(token)).toMatchObject({ role: 'write' });
    expect(await session('a-token-that-reads-alone')).toMatchObject({ role: 'read' });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.out() + server.err()).not.toMatch(/a-token-that/);
  });

  it('that is killed and started again loses no trial and doubles none', { timeout: 240_000 }, async () => {
    const port = await freePort();
    const args = ['--port', String(port), '--storage', 'studies'];
    const env = { FOOTHOLD_TOKEN: token };
    let server = await serve(args, env);
    const url = `http://127.0.0.1:${port}`;
    const workers = await Promise.all(
      [0, 1, 2].map(() => remoteStudy(url, { name: 'killed', token, create })),
    );
    const told: number[] = [];
    const objective = async (
      { x }: { readonly [name: string]: unknown },
      { number }: { readonly number: number },
    ) => {
      told.push(number);
      await new Promise((done) => setTimeout(done, 30));
      return Number(x) ** 2;
    };
    const runs = Promise.all(workers.map((study) => optimize(study, objective, { trials: 90 })));
    for (let kills = 0; kills < 3; kills++) {
      const before = told.length;
      await expect.poll(() => told.length, { timeout: 60_000 }).toBeGreaterThan(before + 5);
      server.child.kill('SIGKILL');
      await server.ended;
      server = await serve(args, env);
    }
    await runs;
    const log = await fileStorage(join(folder, 'studies')).read('killed', 0);
    const count = (type: string) => log.filter((event) => event.type === type).length;
    expect([count('asked'), count('told'), count('expired')]).toEqual([90, 90, 0]);
    expect(told.sort((a, b) => a - b)).toEqual(Array.from({ length: 90 }, (_, i) => i));
    server.child.kill('SIGINT');
    expect(await server.ended).toBe(0);
  });
});
