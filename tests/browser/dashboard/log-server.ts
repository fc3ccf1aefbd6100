/** The part of the HTTP interface that the dashboard reads, over a storage, without anything that protects it: for tests. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Storage } from '@foothold/core';
import { studySummaries } from '@foothold/study';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** Nothing from elsewhere, no inline script or style, no eval. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface LogServer {
  readonly url: string;
  /** Breaks off what goes on and refuses what comes until `answer`. */
  silence(): void;
  answer(): void;
  close(): Promise<void>;
}

/** Serves the page and the logs on a free port of this machine. */
export async function logServer(
  page: ReadonlyMap<string, string | Uint8Array>,
  storage: Storage,
): Promise<LogServer> {
  let isSilent = false;
  const server = createServer((request, response) => {
    if (isSilent) {
      request.socket.destroy();
      return;
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const answer = url.pathname.startsWith('/api/')
      ? api(storage, url, response)
      : file(page, url.pathname, response);
    Promise.resolve(answer).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence() {
      isSilent = true;
      server.closeAllConnections();
    },
    answer() {
      isSilent = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function file(page: ReadonlyMap<string, string | Uint8Array>, path: string, response: ServerResponse): void {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const content = page.get(name);
  if (content === undefined) return void response.writeHead(404).end();
  response
    .writeHead(200, {
      'content-type': types[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    })
    .end(content);
}

async function api(storage: Storage, url: URL, response: ServerResponse): Promise<void> {
  const json = (body: unknown, status = 200) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(gzipSync(JSON.stringify(body), { level: 1 }));
  const [, , kind, name, part] = url.pathname.split('/').map(decodeURIComponent);
  if (kind === 'session') return json({ role: 'read', studies: 'all' });
  if (name === undefined)
    return json({ studies: await studySummaries(storage, { alive: () => undefined, now: Date.now() }) });
  const from = Number(url.searchParams.get('from') ?? 0);
  const events = await storage.read(name, from);
  if (from === 0 && events.length === 0)
    return json({ error: { code: 'NotFound', message: `there is no study ${name}`, retry: false } }, 404);
  if (part === 'log') {
    const limit = Number(url.searchParams.get('limit') ?? 1000);
    return json({ from, events: events.slice(0, limit), end: from + events.length });
  }
  if (part !== 'events')
    return json({ error: { code: 'NotFound', message: 'there is nothing', retry: false } }, 404);
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
  const ending = new AbortController();
  response.on('close', () => ending.abort());
  let at = from;
  for await (const fresh of storage.watch!(name, from, ending.signal)) {
    response.write(
      `event: events\nid: ${at + fresh.length}\ndata: ${JSON.stringify({ from: at, events: fresh })}\n\n`,
    );
    at += fresh.length;
  }
}
