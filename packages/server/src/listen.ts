import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError, StorageError } from '@foothold/core';
import { getRequestListener } from '@hono/node-server';
import { refuseToken } from './access.ts';
import { samplerThread } from './node-sampler-thread.ts';
import { staticFilesIn } from './node-static-files.ts';
import { type ServeOptions, serveStudies } from './serve-studies.ts';

export interface ListenOptions extends Omit<ServeOptions, 'staticFiles' | 'addressOf' | 'samplers'> {
  /** Default: 0, any free one. */
  readonly port?: number | undefined;
  /** The name or address to listen at. Default: 127.0.0.1, this machine alone. */
  readonly host?: string | undefined;
  /** A folder of files to serve at `/`. Default: the dashboard, where this package has it. */
  readonly staticFiles?: string | undefined;
  readonly connections?: Partial<ConnectionLimits> | undefined;
  /**
   * Whether the samplers have a thread of their own, which also prepares suggestions ahead of the asks. Default: true. Without it a
   * suggestion is made by the ask, and other requests wait meanwhile.
   */
  readonly samplerThread?: boolean | undefined;
}

/** What a client can hold of the machine. Times are in milliseconds. */
export interface ConnectionLimits {
  /** Connections at the same time. Default: 4000. */
  readonly most: number;
  /** From a connection's first byte to the end of a request's headers. Default: 10 s. */
  readonly headers: number;
  /** To the end of its body. Default: 60 s. */
  readonly request: number;
  /** Between two requests. Default: 30 s. */
  readonly idle: number;
}

const defaultConnections: ConnectionLimits = { most: 4000, headers: 10_000, request: 60_000, idle: 30_000 };
/** Milliseconds between two looks for connections that take too long. */
const checkEvery = 500;
/** Milliseconds that running requests have to end when the server closes. */
const closeWithin = 5000;

export interface ListeningServer {
  readonly port: number;
  /** Where it is: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Answers a request of this process, by the same rules. */
  fetch(request: Request): Promise<Response>;
  /** Takes no more requests; resolves when those that run have been answered. */
  close(): Promise<void>;
}

/**
 * Serves studies from Node, over HTTP without TLS: that is a proxy's part. Throws InvalidArgumentError for a token that is short,
 * StorageError where the port cannot be had.
 */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const {
    port = 0,
    host = '127.0.0.1',
    staticFiles: folder = builtDashboard(),
    hosts = [],
    samplerThread: isThreaded = true,
    ...others
  } = options;
  refuseToken('token', options.token);
  const limits = { ...defaultConnections, ...options.connections };
  const samplers = isThreaded ? samplerThread({ onError: options.onError }) : undefined;
  const studies = serveStudies({
    ...others,
    samplers,
    hosts: isUnspecified(host) ? hosts : [...hosts, host],
    staticFiles: folder === undefined ? undefined : await staticFilesIn(folder),
    addressOf: (env) =>
      (env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket.remoteAddress,
  });
  const listener = getRequestListener((request, env) => studies.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  const server = createServer(
    {
      headersTimeout: limits.headers,
      requestTimeout: limits.request,
      keepAliveTimeout: limits.idle,
      connectionsCheckingInterval: checkEvery,
    },
    listener,
  );
  server.maxConnections = limits.most;
  const address = await started(server, { port, host });
  const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    port: address.port,
    url: `http://${shown}:${address.port}`,
    fetch: (request) => studies.fetch(request),
    close: async () => {
      await closed(server, () => studies.close());
      await samplers?.close();
    },
  };
}

/** The dashboard that is built into this package, or into the bundle that this file is in. */
function builtDashboard(): string | undefined {
  const isSource = import.meta.url.endsWith('.ts');
  const folder = fileURLToPath(new URL(isSource ? '../dist/dashboard' : './dashboard', import.meta.url));
  return existsSync(folder) ? folder : undefined;
}

function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function started(server: Server, at: { readonly port: number; readonly host: string }): Promise<AddressInfo> {
  if (!(Number.isInteger(at.port) && at.port >= 0 && at.port <= 65_535))
    throw new InvalidArgumentError('port', at.port, 'a whole number from 0 to 65535');
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy =
        error.code === 'EADDRINUSE' ? 'another program has this port: choose another' : error.message;
      reject(new StorageError(`${at.host}:${at.port} cannot be listened at: ${busy}`, { cause: error }));
    });
    server.listen(at.port, at.host, () => resolve(server.address() as AddressInfo));
  });
}

async function closed(server: Server, endStreams: () => void): Promise<void> {
  const all = new Promise<void>((done) => server.close(() => done()));
  endStreams();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), closeWithin);
  await all;
  clearTimeout(timer);
}
