import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Everything from this server, nothing evaluated: with `wasm-unsafe-eval` WebAssembly may be compiled, without it not. */
const policies: Readonly<Record<string, string>> = {
  open: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  strict: "default-src 'self'; script-src 'self'",
};

/** Serves the files under /open/ and /strict/, each with its Content-Security-Policy, on a free port of this machine. */
export async function serve(files: ReadonlyMap<string, string>): Promise<Site> {
  const html =
    '<!doctype html><meta charset="utf-8"><title>Foothold</title><script type="module" src="main.js"></script>';
  const server = createServer((request, response) => {
    const [, policy = '', ...path] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    const name = path.join('/');
    const content = name === '' ? html : files.get(name);
    if (policies[policy] === undefined || content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, {
        'content-type': name === '' ? 'text/html' : 'text/javascript',
        'content-security-policy': policies[policy],
      })
      .end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
