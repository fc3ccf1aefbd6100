import type { Storage } from '@foothold/core';
import { memoryStorage } from '@foothold/study';
import { type ServeOptions, serveStudies } from './serve-studies.ts';

export const token = 'write-token-of-the-tests';
export const readToken = 'read-token-of-the-tests!';
export const space = {
  x: { type: 'real', low: -1, high: 1 },
  n: { type: 'int', low: 0, high: 9 },
  c: { type: 'categorical', choices: ['a', 'b'] },
};

/** A server without a socket, with a clock that stands still until it is moved. */
export function server(options: Partial<ServeOptions> = {}) {
  let now = 1_800_000_000_000;
  const storage: Storage = options.storage ?? memoryStorage();
  const errors: unknown[] = [];
  const served = serveStudies({
    ...{ storage, token, readToken, clock: () => now, onError: (error) => errors.push(error) },
    ...options,
  });
  const send = (path: string, init: RequestInit = {}, env?: unknown) =>
    served.fetch(
      new Request(`http://127.0.0.1:8080${path}`, {
        ...init,
        headers: { host: '127.0.0.1:8080', authorization: `Bearer ${token}`, ...init.headers },
      }),
      env,
    );
  const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
    send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
  return {
    ...{ storage, served, errors, send, post },
    get: async (path: string, headers: Readonly<Record<string, string>> = {}) =>
      (await (await send(path, { headers })).json()) as Readonly<Record<string, unknown>>,
    advance: (ms: number) => {
      now += ms;
    },
  };
}
