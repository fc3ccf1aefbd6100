import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '@foothold/core';
import { fileStorage, memoryStorage, optimize } from '@foothold/study';
import { afterEach, describe, expect, it } from 'vitest';
import { type ListeningServer, type ListenOptions, listen } from './listen.ts';
import { remoteStudy } from './remote-study.ts';
import { space, token } from './server.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-listen-'));
const open: ListeningServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function started(options: Partial<ListenOptions> = {}): Promise<ListeningServer> {
  const server = await listen({ storage: memoryStorage(), token, clock: () => Date.now(), ...options });
  open.push(server);
  return server;
}

/** What the server answers to these bytes, up to its end of the connection. */
function raw(port: number, ...parts: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk) => {
      answer += String(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

const authorized = `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`;
const create = { space, sampler: 'random' };

describe('a server of Node', () => {
  it('is for this machine alone, and says when its port is taken', async () => {
    const { url, port } = await started();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    const second = started({ port });
    await expect(second).rejects.toThrow(StorageError);
    await expect(second).rejects.toThrow('another program has this port');
    await expect(started({ port: 70_000 })).rejects.toThrow('a whole number from 0 to 65535');
  });

  it('ends a connection whose headers do not come', { timeout: 30_000 }, async () => {
    const { port } = await started({ connections: { headers: 300, request: 600 } });
    expect(await raw(port, 'GET /api/session HTTP/1.1\r\nHost: 127')).toContain('408');
  });

  it('ends a request whose body does not come', { timeout: 30_000 }, async () => {
    const { port } = await started({ connections: { headers: 300, request: 600 } });
    const head = `POST /api/studies HTTP/1.1\r\n${authorized}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    expect(await raw(port, head)).toMatch(/^$|408/);
  });

  it('takes no more connections than it may', { timeout: 30_000 }, async () => {
    const { port } = await started({ connections: { most: 2 } });
    const sockets = [0, 1].map(() => connect(port, '127.0.0.1'));
    await Promise.all(sockets.map((socket) => new Promise((done) => socket.once('connect', done))));
    expect(await raw(port, `GET /api/session HTTP/1.1\r\n${authorized}\r\n`)).toBe('');
    for (const socket of sockets) socket.destroy();
  });

  it('refuses a second Host, and a request in two ways of length', { timeout: 30_000 }, async () => {
    const { port } = await started();
    const twice = `GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`;
    expect(await raw(port, twice)).toMatch(/^HTTP\/1\.1 4/);
    const smuggled = `POST /api/studies HTTP/1.1\r\n${authorized}Content-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n`;
    expect(await raw(port, smuggled)).toMatch(/^HTTP\/1\.1 4/);
  });

  it('serves the files of a folder and nothing beside it', { timeout: 30_000 }, async () => {
    const files = join(folder, 'files');
    mkdirSync(join(files, 'assets'), { recursive: true });
    writeFileSync(join(files, 'index.html'), '<!doctype html><title>dashboard</title>');
    writeFileSync(join(files, 'assets/main-1a2b3c4d.js'), 'export {};');
    writeFileSync(join(folder, 'secret.txt'), 'a secret');
    symlinkSync(join(folder, 'secret.txt'), join(files, 'link.txt'));
    const { url, port } = await started({ staticFiles: files });
    const page = await fetch(url);
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      '<!doctype html><title>dashboard</title>',
    ]);
    const script = await fetch(`${url}/assets/main-1a2b3c4d.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/link.txt',
      '//secret.txt',
      '/%2e%2e/secret.txt',
    ]) {
      const answer = await raw(port, `GET ${path} HTTP/1.1\r\n${authorized}Connection: close\r\n\r\n`);
      expect(answer, path).toMatch(/^HTTP\/1\.1 (404|400)/);
      expect(answer, path).not.toContain('a secret');
    }
  });

  it('gives each trial once to many programs, and lists all of them', { timeout: 60_000 }, async () => {
    const { url } = await started();
    const workers = await Promise.all(
      [0, 1, 2, 3].map(() => remoteStudy(url, { name: 'many', token, create })),
    );
    const seen: number[] = [];
    const results = await Promise.all(
      workers.map((study) =>
        optimize(
          study,
          ({ x }, { number }) => {
            seen.push(number);
            return Number(x) ** 2;
          },
          { trials: 40 },
        ),
      ),
    );
    expect(results.reduce((sum, { finished }) => sum + finished, 0)).toBe(40);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
    expect((await workers[0]!.trials()).every(({ state }) => state === 'complete')).toBe(true);
  });

  it('that is started again goes on with the trials that run, and loses and doubles none', {
    timeout: 60_000,
  }, async () => {
    const storage = () => fileStorage(join(folder, 'again'));
    const first = await started({ storage: storage() });
    const { port } = first;
    const study = await remoteStudy(first.url, { name: 'a', token, create, worker: 'w' });
    const asked = await study.ask();
    let restarts = 0;
    const run = optimize(study, async ({ x }) => Number(x) ** 2, { trials: 30 });
    while (restarts < 3) {
      await open.pop()!.close();
      await started({ storage: storage(), port });
      restarts++;
      await new Promise((done) => setTimeout(done, 100));
    }
    await study.tell(asked.number, { state: 'complete', value: 1 });
    await run;
    const trials = await study.trials();
    expect(trials.map(({ number, state }) => [number, state])).toEqual(
      Array.from({ length: 30 }, (_, i) => [i, 'complete']),
    );
    const log = await storage().read('a', 0);
    expect(log.filter(({ type }) => type === 'told')).toHaveLength(30);
    expect(log.filter(({ type }) => type === 'asked')).toHaveLength(30);
  });

  it('ends event streams when it is closed', { timeout: 30_000 }, async () => {
    const server = await started();
    await remoteStudy(server.url, { name: 'a', token, create });
    const headers = { Authorization: `Bearer ${token}` };
    const stream = await fetch(`${server.url}/api/studies/a/events`, { headers });
    const text = stream.text();
    await open.pop()!.close();
    expect(await text).toContain('event: events');
  });
});
