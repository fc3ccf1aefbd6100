import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Everything from this server. `open`: WebAssembly may be compiled, `strict`: it may not; `evaluating`: any text may be run, as gpu.js needs. */
const policies: Readonly<Record<string, string>> = {
  open: "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
  strict: "default-src 'self'; script-src 'self'",
  evaluating: "default-src 'self'; script-src 'self' 'unsafe-eval'",
};

/** Serves the files under a folder for each Content-Security-Policy, and `NAME.html` that runs NAME.js, on a free port of this machine. */
export async function serve(files: ReadonlyMap<string, string>): Promise<Site> {
  const html = (script: string) =>
    `<!doctype html><meta charset="utf-8"><title>Foothold</title><script type="module" src="${script}"></script>`;
  const server = createServer((request, response) => {
    const [, policy = '', ...path] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/');
    const name = path.join('/');
    const script = name.endsWith('.html') ? name.replace(/html$/, 'js') : name;
    const content = script === name || !files.has(script) ? files.get(name) : html(script);
    if (policies[policy] === undefined || content === undefined) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, {
        'content-type': script === name ? 'text/javascript' : 'text/html',
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
