/** A server at a port of Bun or Deno, and a program that works at a study of it over HTTP. Prints what came out as JSON in its last line. */
import { memoryStorage, optimize } from '../../packages/foothold/src/index.ts';
import { serveStudies } from '../../packages/foothold/src/server.ts';
import { remoteStudy } from '../../packages/foothold/src/server-remote.ts';

type Handler = (request: Request) => Promise<Response>;
declare const Bun:
  | { serve(options: { port: number; fetch: Handler }): { port: number; stop(force: boolean): unknown } }
  | undefined;
declare const Deno:
  | {
      serve(
        options: { port: number },
        handler: Handler,
      ): { addr: { port: number }; shutdown(): Promise<void> };
    }
  | undefined;

/** A free port that answers with the handler. */
function served(fetch: Handler): { readonly port: number; close(): unknown } {
  if (typeof Bun !== 'undefined') {
    const server = Bun.serve({ port: 0, fetch });
    return { port: server.port, close: () => server.stop(true) };
  }
  const server = Deno!.serve({ port: 0 }, fetch);
  return { port: server.addr.port, close: () => server.shutdown() };
}

const token = 'a-token-of-16-characters-or-more';
const server = serveStudies({ storage: memoryStorage(), token, clock: () => Date.now() });
const { port, close } = served((request) => server.fetch(request));
const url = `http://127.0.0.1:${port}`;
const study = await remoteStudy(url, {
  ...{ name: 'parabola', token },
  create: { space: { x: { type: 'real', low: -1, high: 1 } }, direction: 'minimize', seed: 3 },
});
await optimize(study, ({ x }) => (Number(x) - 0.25) ** 2, { trials: 14 });
const trials = await study.trials();
const answer = async (path: string, headers = {}) => (await fetch(`${url}/api/${path}`, { headers })).status;
const isAllowed = { Authorization: `Bearer ${token}` };
console.log(
  JSON.stringify({
    params: trials.map(({ params }) => params['x']),
    sampler: trials.at(-1)?.why?.['sampler'],
    statuses: [
      await answer('studies/parabola/log'),
      await answer('studies/parabola/export?format=csv', isAllowed),
      await answer('studies/nobody', isAllowed),
    ],
  }),
);
server.close();
await close();
