import type { Context, MiddlewareHandler } from 'hono';
import { HttpError } from './http-error.ts';
import { rateLimit } from './rate-limit.ts';
import { refuseHost, refuseOrigin } from './same-site.ts';
import { securityHeaders } from './security-headers.ts';
import type { ServerEnv, ServerParts } from './server-context.ts';

export interface GuardOptions {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
  /** The address that a request comes from, where the platform says it. */
  readonly addressOf: (env: unknown) => string | undefined;
}

/** Headers of every answer, and the refusal of what comes under another name or from another page. */
export function siteGuard(
  { limits }: ServerParts,
  { hosts, origins }: GuardOptions,
): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
    if (c.req.url.length > limits.url)
      throw new HttpError(414, 'UriTooLongError', `an address has at most ${limits.url} characters`);
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    refuseHost(host, hosts);
    const { pathname } = new URL(c.req.url);
    const origin = c.req.header('origin');
    // A link of another page may open this one, which holds nothing of a study.
    const site = pathname.startsWith('/api') ? c.req.header('sec-fetch-site') : undefined;
    refuseOrigin({ origin, site, host }, origins);
    if (origin !== undefined && origins.includes(origin)) {
      allowOrigin(c, origin);
      if (c.req.method === 'OPTIONS') return c.body(null, 204);
    }
    return next();
  };
}

function allowOrigin(c: Context<ServerEnv>, origin: string): void {
  c.header('Access-Control-Allow-Origin', origin);
  c.header('Vary', 'Origin');
  c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  c.header('Access-Control-Allow-Methods', 'GET, POST, DELETE');
  c.header(
    'Access-Control-Allow-Headers',
    'Authorization, Content-Type, Foothold-Worker, Idempotency-Key, Last-Event-ID',
  );
  c.header('Access-Control-Max-Age', '600');
}

/** Refuses requests without a token that is right, and those of a client that sends too many. */
export function tokenGuard(
  { access, limits, clock }: ServerParts,
  { addressOf }: GuardOptions,
): MiddlewareHandler<ServerEnv> {
  const mayFail = rateLimit(limits.refusals, clock);
  const may = rateLimit(limits.rate, clock);
  return async (c, next) => {
    c.header('Cache-Control', 'no-store');
    const address = addressOf(c.env) ?? 'unknown';
    const given = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    const found = given === undefined ? undefined : await access.accessOf(given);
    if (!found) {
      if (!mayFail(address)) throw tooMany();
      c.header('WWW-Authenticate', 'Bearer');
      throw new HttpError(
        401,
        'UnauthorizedError',
        'the request needs Authorization: Bearer with a token of this server',
      );
    }
    // A name is what a client calls itself: who may only read is known by the address, or each request would be another one's.
    const worker = workerOf(c);
    const by = found.role === 'write' && worker !== undefined ? worker : address;
    if (!may(`${found.id} ${by}`)) throw tooMany();
    c.set('access', found);
    c.set('client', `${found.id} ${address}`);
    return next();
  };
}

function tooMany(): HttpError {
  return new HttpError(429, 'TooManyRequestsError', 'too many requests: wait a second');
}

/** Refuses a POST whose body is not declared to be JSON: a form of another page cannot do that. */
export const jsonGuard: MiddlewareHandler<ServerEnv> = async (c, next) => {
  if (c.req.method === 'POST' && !/^application\/json(\s*;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new HttpError(415, 'UnsupportedMediaTypeError', 'a POST has the Content-Type application/json');
  return next();
};

/** The name that a client gives itself. Throws HttpError for one that is no name. */
export function workerOf(c: Context): string | undefined {
  return printableHeader(c, 'Foothold-Worker', 200);
}

/** The key of a request that may be repeated. Throws HttpError for one that no client of ours makes. */
export function keyOf(c: Context): string | undefined {
  return printableHeader(c, 'Idempotency-Key', 100);
}

function printableHeader(c: Context, header: string, longest: number): string | undefined {
  const value = c.req.header(header);
  if (value !== undefined && (value.length > longest || !/^[\x21-\x7e]+$/.test(value)))
    throw new HttpError(
      400,
      'BadRequestError',
      `${header} has 1 to ${longest} printable ASCII characters without spaces`,
    );
  return value;
}
