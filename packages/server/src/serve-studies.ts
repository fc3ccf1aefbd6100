import type { Storage } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type AccessOptions, accessControl } from './access.ts';
import { changeRoutes } from './change-routes.ts';
import { errorAnswer } from './error-answer.ts';
import { siteGuard, tokenGuard } from './guards.ts';
import { hostedStudies } from './hosted-studies.ts';
import { HttpError } from './http-error.ts';
import { logFollowers } from './log-followers.ts';
import { openApiDocument } from './open-api-document.ts';
import type { SamplerThread } from './sampler-thread.ts';
import { refuseRole, type ServerEnv, type ServerParts } from './server-context.ts';
import { defaultLimits, type ServerLimits } from './server-limits.ts';
import { type StaticFiles, staticRoutes } from './static-files.ts';
import { streamLimits } from './stream-limits.ts';
import { studyRoutes } from './study-routes.ts';

export interface ServeOptions extends AccessOptions {
  readonly storage: Storage;
  /** The program that makes the suggestions, with its version, for the logs of studies. */
  readonly program?: string | undefined;
  /** Of this server, for clients. */
  readonly version?: string | undefined;
  /** Further names of this server, with or without a port; `localhost` and addresses in digits are always its own. */
  readonly hosts?: readonly string[] | undefined;
  /** Origins of other pages that may ask this server, such as `https://lab.example`. Default: none. */
  readonly origins?: readonly string[] | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** The dashboard. Default: none, the server is an API alone. */
  readonly staticFiles?: StaticFiles | undefined;
  /** Further answers behind the same guards. Default: none. */
  readonly mounted?: Mounted | undefined;
  /** Hears of what no client should see: an error that nobody threw on purpose. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Where samplers run: `samplerThread` of `@foothold/server/node`. Default: in the server's own thread. It stays the caller's to close. */
  readonly samplers?: SamplerThread | undefined;
  /**
   * The address that a request comes from, of what is passed to `fetch` beside it. Default: none is known, and the limits by address count
   * the requests of all addresses together.
   */
  readonly addressOf?: ((env: unknown) => string | undefined) | undefined;
}

/** What answers at a path of its own. */
export interface Mounted {
  /** Below `/api/`; the guards of the host, the origin and the token stand before it. */
  readonly path: `/api/${string}`;
  /** Answers requests whose token may write in all studies. */
  fetch(request: Request): Promise<Response>;
}

/** A server without a socket of its own: for Node see `listen`, for Bun, Deno and workers `{ fetch }` is all. */
export interface StudyServer {
  /** Answers a request; `env` is what the platform passes beside it. */
  fetch(request: Request, env?: unknown): Promise<Response>;
  /** Ends the event streams. The storage stays open: it is the caller's. */
  close(): void;
}

/**
 * Serves the studies of a storage over HTTP: the operations of docs/protocol.md, the logs as they grow, and the dashboard. Each study
 * has one writer in this process, so that asks are answered in the order in which they came; several servers may share a storage.
 *
 * Every request below `/api` needs a token. Throws InvalidArgumentError for a token that is shorter than 16 characters.
 */
export function serveStudies(options: ServeOptions): StudyServer {
  const { hosts = [], origins = [], staticFiles = new Map(), onError, addressOf = () => undefined } = options;
  const ending = new AbortController();
  const parts = partsOf(options, ending.signal);
  const guardOptions = { hosts, origins, addressOf };
  const app = new Hono<ServerEnv>();
  app.use(siteGuard(parts, guardOptions));
  app.use('/api/*', tokenGuard(parts, guardOptions));
  app.get('/api/openapi.json', (c) => c.json(openApiDocument(parts.version)));
  app.route('/api', studyRoutes(parts));
  app.route('/api', changeRoutes(parts));
  const { mounted } = options;
  if (mounted)
    app.all(mounted.path, (c) => {
      refuseRole(c.get('access'), 'write');
      return mounted.fetch(c.req.raw);
    });
  app.all('/api/*', () => {
    throw new HttpError(404, 'NotFoundError', 'there is nothing at this path: see /api/openapi.json');
  });
  app.use(compress());
  app.route('/', staticRoutes(staticFiles));
  app.notFound((c) => c.text('There is nothing here.\n', 404));
  app.onError((error, c) => {
    const { status, body } = errorAnswer(error);
    if (status === 500) onError?.(error);
    return c.json(body, status as ContentfulStatusCode);
  });
  return {
    fetch: async (request, env) => app.fetch(request, env as object),
    close: () => ending.abort(),
  };
}

function partsOf(options: ServeOptions, closing: AbortSignal): ServerParts {
  const { storage, clock, program, samplers, version = '0' } = options;
  const limits = { ...defaultLimits, ...options.limits };
  let linalg: ReturnType<typeof wasm> | undefined;
  const hosting = {
    ...{ storage, clock, program, samplers },
    linalg: () => {
      linalg ??= wasm();
      return linalg;
    },
  };
  const studies = hostedStudies(hosting);
  return {
    ...{ storage, clock, program, version, limits, closing, onError: options.onError },
    studies,
    access: accessControl(options),
    follow: logFollowers(storage, async (name) => (await studies.open(name)).record.length()),
    streams: streamLimits(limits),
  };
}
