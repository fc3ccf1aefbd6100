import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer, request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStorage } from '@foothold/study';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ListeningServer, listen } from './listen.ts';
import { token } from './server.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'foothold-tls-'));
const name = 'studies.example';
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
let studies: ListeningServer;
let proxy: ReturnType<typeof createServer>;
let certificate: Buffer;

beforeAll(async () => {
  if (!hasOpenssl) return;
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  execFileSync('openssl', [...args, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  certificate = readFileSync(cert);
  studies = await listen({ storage: memoryStorage(), token, clock: () => Date.now(), hosts: [name] });

  // The example of docs/server.md: everything is passed on, Host too, and nothing is kept back.
  proxy = createServer({ key: readFileSync(key), cert: certificate }, (incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = httpRequest(
      { port: studies.port, host: '127.0.0.1', method, path: url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on('error', () => outgoing.writeHead(502).end());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (!hasOpenssl) return;
  proxy.closeAllConnections();
  proxy.close();
  await studies.close();
});

/** What the proxy answers to a client that knows its certificate; the text ends where `until` says so. */
function ask(
  path: string,
  {
    body,
    headers = {},
    until = () => false,
  }: { readonly body?: object; readonly headers?: object; readonly until?: (text: string) => boolean } = {},
): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const { port } = proxy.address() as AddressInfo;
  const all = {
    Host: name,
    Authorization: `Bearer ${token}`,
    ...(body && { 'Content-Type': 'application/json' }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        port,
        host: '127.0.0.1',
        servername: name,
        ca: certificate,
        path,
        method: body ? 'POST' : 'GET',
        headers: all,
      },
      (answer) => {
        let text = '';
        const end = () => resolve({ status: answer.statusCode, text });
        answer.on('data', (chunk) => {
          text += String(chunk);
          if (until(text)) request.destroy();
        });
        answer.on('close', end);
      },
    );
    request.on('error', (error) => {
      if (!request.destroyed) reject(error);
    });
    request.end(body && JSON.stringify(body));
  });
}

describe.skipIf(!hasOpenssl)(
  `behind a proxy with TLS${hasOpenssl ? '' : ' (there is no openssl to make a certificate)'}`,
  () => {
    it('a page of the public name may do all, and one of another name nothing', async () => {
      const origin = { Origin: `https://${name}` };
      const made = await ask('/api/studies', {
        body: { name: 'a', space: { x: { type: 'real', low: 0, high: 1 } } },
        headers: origin,
      });
      expect(made).toEqual({ status: 201, text: '{"ok":true,"study":"a"}' });
      expect((await ask('/api/studies', { headers: { Origin: 'https://evil.example' } })).status).toBe(403);
      expect((await ask('/api/studies', { headers: { Host: 'evil.example' } })).status).toBe(403);
      expect((await ask('/api/studies', { headers: { Authorization: '' } })).status).toBe(401);
    });

    it('event streams come through as they are written', async () => {
      const { status, text } = await ask('/api/studies/a/events', {
        until: (so) => so.includes('"created"'),
      });
      expect([status, text]).toEqual([200, expect.stringContaining('event: events')]);
    });
  },
);
