/**
 * Loaded into the server of `pnpm bench server` (`--import`): notes when each request was read and answered, when suggestions were made, when the
 * process waited for the disk, and how late its timers were. All times are milliseconds since 1970. A message has it send what it has noted.
 */
import { subscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import type { ServerTimes } from './served-times.ts';

const requests: ServerTimes['requests'][number][] = [];
const batches: ServerTimes['batches'][number][] = [];
const syncs: ServerTimes['syncs'][number][] = [];
const loop = monitorEventLoopDelay({ resolution: 5 });

const now = () => performance.timeOrigin + performance.now();

const { fdatasync } = fs;
const timed = (file: number, done: (error: NodeJS.ErrnoException | null) => void) => {
  const begun = now();
  fdatasync(file, (error) => {
    syncs.push([begun, now()]);
    done(error);
  });
};
fs.fdatasync = timed as typeof fs.fdatasync;
syncBuiltinESMExports();

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
  };
  const read = now();
  const op = request.url?.split('/').at(-1) ?? '';
  const key = request.headers['idempotency-key'];
  response.on('finish', () => requests.push({ op, read, answered: now(), ...(key && { key: `${key}` }) }));
});

/** What the server's thread of samplers is asked for, and when it answers. */
subscribe('worker_threads', (message) => {
  const { worker } = message as { readonly worker: Worker };
  const prefixes = new Map<number, number>();
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (sent: { readonly call: number; readonly request?: { readonly prefix: number } }) => {
    if (sent.request) prefixes.set(sent.call, sent.request.prefix);
    post(sent);
  };
  worker.on('message', ({ call }: { readonly call: number }) => {
    batches.push({ prefix: prefixes.get(call) ?? -1, made: now() });
    prefixes.delete(call);
  });
});

process.on('message', () => {
  const loopDelayMs = { p50: loop.percentile(50) / 1e6, p99: loop.percentile(99) / 1e6 };
  process.send?.({ requests, batches, syncs, loopDelayMs } satisfies ServerTimes);
});
loop.enable();
