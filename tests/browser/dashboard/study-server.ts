import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Storage } from '@foothold/core';
import { randomToken } from '@foothold/server';
import { type ListeningServer, listen } from '@foothold/server/node';

/** The real server with the page, that can go away and come back at the same address. */
export interface StudyServer {
  readonly url: string;
  /** The address of a page that has the token in it. */
  address(route: string): string;
  /** A request of another client that may write, to a path below `/api`. */
  post(path: string, body: unknown): Promise<Response>;
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the page and the studies of the storage on a free port of this machine. */
export async function studyServer(
  page: ReadonlyMap<string, string | Uint8Array>,
  storage: Storage,
  { clock = Date.now }: { readonly clock?: () => number } = {},
): Promise<StudyServer> {
  const folder = mkdtempSync(join(tmpdir(), 'foothold-dashboard-'));
  for (const [name, content] of page) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const token = randomToken();
  const open = (port: number) => listen({ storage, token, port, clock, staticFiles: folder });
  let server: ListeningServer = await open(0);
  const { url, port } = server;
  return {
    url,
    address: (route) => `${url}/#token=${token}&to=${encodeURIComponent(route)}`,
    post: (path, body) =>
      fetch(`${url}/api${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    stop: () => server.close(),
    async start() {
      server = await open(port);
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
