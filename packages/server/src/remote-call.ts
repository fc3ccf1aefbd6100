import { type OptimizationError, StorageError } from '@foothold/core';
import { type ErrorMembers, typedError } from './typed-error.ts';

/** Where a server is, and as whom it is asked. */
export interface ServerAddress {
  /** Without a path. */
  readonly base: string;
  readonly token: string;
  readonly worker: string;
  /** Milliseconds for which what is safe to repeat is tried again while the server cannot be reached. */
  readonly patience: number;
  readonly fetch: typeof globalThis.fetch;
}

export interface RemoteCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** False where a second call would do it twice: then it is repeated only when the server says that it did nothing. */
  readonly isRepeatable: boolean;
  /** The answer where there is nothing at the path. Absent: that is an error. */
  readonly missing?: Members | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** Milliseconds before the first repetition; each next one waits twice as long. */
const firstPause = 50;
const longestPause = 2000;

/**
 * The answer to a call. Throws the error of the answer as its class in core, StorageError where the server cannot be reached for so
 * long, and the signal's reason.
 */
export async function remoteCall(at: ServerAddress, call: RemoteCall): Promise<Members> {
  let waited = 0;
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    const result = await attempt(at, call);
    if ('answer' in result) return result.answer;
    if (!result.again || waited >= at.patience) throw result.error;
    // Clients that lost the server together do not come back together.
    const wait = pause * (0.5 + crypto.getRandomValues(new Uint8Array(1))[0]! / 256);
    await sleep(wait, call.signal);
    waited += wait;
  }
}

type Attempt = { readonly answer: Members } | { readonly error: OptimizationError; readonly again: boolean };

async function attempt({ base, token, worker, fetch }: ServerAddress, call: RemoteCall): Promise<Attempt> {
  const { method, path, body, headers, signal, isRepeatable } = call;
  let response: Response;
  let members: Members;
  try {
    response = await fetch(`${base}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'Foothold-Worker': worker,
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
      redirect: 'error',
      credentials: 'omit',
    });
    members = (await response.json()) as Members;
  } catch (cause) {
    signal?.throwIfAborted();
    const sure = isRepeatable ? '' : ', and whether the server has done it is not known';
    const error = new StorageError(`${base} cannot be reached${sure}`, { cause, retry: isRepeatable });
    return { error, again: isRepeatable };
  }
  if (response.ok) return { answer: members };
  if (response.status === 404 && call.missing) return { answer: call.missing };
  const error = typedError((members['error'] ?? {}) as ErrorMembers, response.status);
  return { error, again: error.retry };
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
  });
}
