/** A server in a Web Worker: answers the requests that the page posts, from studies in IndexedDB. */
import { indexedDbStorage } from 'foothold';
import { serveStudies } from 'foothold/server';

/** A request as it is posted, and its answer; `port` brings the answer's body as it comes. */
export interface PostedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly port: MessagePort;
}
export type PostedAnswer =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly part: Uint8Array<ArrayBuffer> | undefined };

const server = serveStudies({
  storage: indexedDbStorage('served studies'),
  token: 'a-token-of-16-characters-or-more',
  clock: () => Date.now(),
  onError: (error) => console.error(error),
});

addEventListener('message', ({ data }: MessageEvent<PostedRequest>) => void answer(data));

async function answer({ url, method, headers, body, port }: PostedRequest): Promise<void> {
  const post = (given: PostedAnswer) => port.postMessage(given);
  const leaving = new AbortController();
  port.onmessage = () => leaving.abort();
  const request = new Request(url, {
    ...{ method, headers, signal: leaving.signal },
    ...(body !== undefined && { body }),
  });
  const response = await server.fetch(request);
  post({ status: response.status, headers: Object.fromEntries(response.headers) });
  const reader = response.body?.getReader();
  leaving.signal.addEventListener('abort', () => void reader?.cancel());
  for (;;) {
    const { value } = (await reader?.read()) ?? {};
    post({ part: value && new Uint8Array(value) });
    if (value === undefined) return;
  }
}
