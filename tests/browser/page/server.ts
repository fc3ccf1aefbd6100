/** The page of a server in a Web Worker: its requests go to the worker, none to the network. */
import { optimize } from 'foothold';
import { remoteStudy } from 'foothold/server/remote';
import type { PostedAnswer, PostedRequest } from './server-worker.ts';

const token = 'a-token-of-16-characters-or-more';
const base = 'http://localhost/';
const worker = new Worker(new URL('./server-worker.ts', import.meta.url), { type: 'module' });

/** `fetch` that the worker answers. */
async function ask(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const { port1, port2 } = new MessageChannel();
  const body = request.method === 'GET' ? undefined : await request.text();
  const headers = Object.fromEntries(request.headers);
  const posted: PostedRequest = { url: request.url, method: request.method, headers, body, port: port2 };
  return new Promise((resolve) => {
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        port1.onmessage = ({ data }: MessageEvent<PostedAnswer>) => {
          if ('status' in data) {
            const hasBody = data.status !== 204;
            resolve(new Response(hasBody ? stream : null, data));
          } else if (data.part) controller.enqueue(data.part);
          else controller.close();
        };
      },
      cancel: () => port1.postMessage('leave'),
    });
    worker.postMessage(posted, [port2]);
  });
}

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  ask(new URL(path, base), { headers: { Authorization: `Bearer ${token}`, ...headers } });

export interface ServerTab {
  /** Goes on with a study of the server until it has so many trials: its best value, and the names of its samplers. */
  run(trials: number): Promise<{ readonly values: readonly number[]; readonly samplers: readonly string[] }>;
  /** Status and body of an answer. */
  get(path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  text(path: string): Promise<string>;
  withoutToken(): Promise<number>;
  /** The first event that comes after another trial was enqueued. */
  followed(): Promise<string>;
}

const serverTab: ServerTab = {
  async run(trials) {
    const study = await remoteStudy(base, {
      ...{ name: 'parabola', token, fetch: ask },
      create: { space: { x: { type: 'real', low: -1, high: 1 } }, direction: 'minimize', seed: 3 },
    });
    await optimize(study, ({ x }) => (Number(x) - 0.25) ** 2, { trials });
    const all = await study.trials();
    return {
      values: all.flatMap((trial) => (trial.state === 'complete' ? [trial.value] : [])),
      samplers: all.map(({ why }) => String(why?.['sampler'])),
    };
  },
  async get(path) {
    const answer = await get(path);
    return { status: answer.status, body: await answer.json() };
  },
  text: async (path) => (await get(path)).text(),
  withoutToken: async () => (await ask(new URL('api/studies', base))).status,
  async followed() {
    const { body: log } = await serverTab.get('api/studies/parabola/log');
    const { end } = log as { end: number };
    const stream = await get(`api/studies/parabola/events?from=${end}`);
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await ask(new URL('api/studies/parabola/enqueue', base), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ params: { x: 0.5 } }),
    });
    let text = '';
    while (!text.includes('data:')) text += (await reader.read()).value;
    await reader.cancel();
    return text;
  },
};
Object.assign(globalThis, { serverTab });
