import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

export interface StaticSite {
  /** The address of the folder, with `/` at its end. */
  readonly url: string;
  /** How many requests came. */
  requests(): number;
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The files as the plainest of hosts serves them: in a folder below others, without any header but the type. */
export async function staticSite(files: ReadonlyMap<string, string | Uint8Array>): Promise<StaticSite> {
  const folder = '/pages/playground/';
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname.startsWith(folder) ? pathname.slice(folder.length) || 'index.html' : undefined;
    const content = name === undefined ? undefined : files.get(name);
    if (content === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': types[extname(name!)] ?? 'application/octet-stream' })
        .end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
