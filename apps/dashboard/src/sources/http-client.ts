import { signal } from '@preact/signals';

/** An answer of the server that is an error, in the form of the protocol. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly retry: boolean;
  constructor(
    status: number,
    { message, code, retry }: { message: string; code?: string | undefined; retry?: boolean },
  ) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
    this.code = code;
    this.retry = retry ?? false;
  }
}

const key = 'foothold-token';

/** True after the server refused the token, or where there is none. */
export const needsToken = signal(false);

/**
 * Takes the token out of an address like `#token=TOKEN` (with `&to=/studies/NAME` to go on to a page) before anything else
 * reads it, and keeps it for this tab only. True where there was one.
 */
export function takeToken(): boolean {
  const given = new URLSearchParams(location.hash.slice(1));
  const token = location.hash.startsWith('#token=') ? given.get('token') : null;
  if (token === null) return false;
  history.replaceState(null, '', `${location.pathname}${location.search}#${given.get('to') ?? '/'}`);
  setToken(token);
  return true;
}

/** The address of a page of this server with a token in it, as `takeToken` takes it. */
export function linkOf(token: string, to: string): string {
  return `${location.origin}${location.pathname}#token=${token}&to=${encodeURIComponent(to)}`;
}

/** Keeps another token, for this tab only. */
export function setToken(token: string): void {
  sessionStorage.setItem(key, token);
  needsToken.value = false;
}

/** Requests below `/api`, with the token. */
export interface HttpClient {
  /** The answer as JSON. Throws RequestError, TypeError where there is no answer. */
  json<T>(path: string, options?: RequestOptions): Promise<T>;
  /** The answer as it is, with status 200. */
  response(path: string, options?: RequestOptions): Promise<Response>;
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of the server at `base`, such as `./api`. */
export function httpClient(base: string): HttpClient {
  async function response(
    path: string,
    { method = 'GET', body, signal: ends, headers }: RequestOptions = {},
  ) {
    const token = sessionStorage.getItem(key);
    const answer = await fetch(`${base}${path}`, {
      method,
      cache: 'no-store',
      credentials: 'omit',
      ...(ends && { signal: ends }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: {
        ...headers,
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    });
    if (answer.ok) return answer;
    if (answer.status === 401) needsToken.value = true;
    throw await errorOf(answer);
  }
  return {
    response,
    json: async <T>(path: string, options?: RequestOptions) =>
      (await response(path, options)).json() as Promise<T>,
  };
}

async function errorOf(answer: Response): Promise<RequestError> {
  const usual = { message: `The server answered ${answer.status} ${answer.statusText}.` };
  try {
    const { error } = (await answer.json()) as {
      error?: { code?: string; message?: string; retry?: boolean };
    };
    return new RequestError(answer.status, { ...usual, ...error });
  } catch {
    return new RequestError(answer.status, usual);
  }
}
