import type { StudyEvent } from '@foothold/core';
import { nextTask } from '../next-task.ts';
import { streamMessages } from './event-stream.ts';
import { httpActions } from './http-actions.ts';
import { type HttpClient, RequestError } from './http-client.ts';
import type { ListedStudy, LogFollower, StudySource } from './study-source.ts';

/** Events of one request of a log: a page of a megabyte or so, folded within a frame or two. */
const pageSize = 5000;
/** Pause before the server is asked again, in milliseconds: doubled each time, up to the longest. */
const firstPause = 500;
const longestPause = 15_000;

/** Studies of a server. `mayWrite`: the token's role allows changes. */
export function httpSource(client: HttpClient, mayWrite: boolean): StudySource {
  return {
    isLive: true,
    async studies(signal) {
      return (await client.json<{ readonly studies: readonly ListedStudy[] }>('/studies', { signal }))
        .studies;
    },
    follow(study, from, follower) {
      void followLog(client, { study, from }, follower);
    },
    async output(study, number) {
      const path = `/studies/${encodeURIComponent(study)}/trials/${number}/output`;
      return (await client.json<{ readonly lines: readonly string[] }>(path)).lines;
    },
    ...(mayWrite && { actions: httpActions(client) }),
  };
}

async function followLog(
  client: HttpClient,
  { study, from }: { readonly study: string; readonly from: number },
  follower: LogFollower,
): Promise<void> {
  const path = `/studies/${encodeURIComponent(study)}`;
  const log = { client, path, at: from, follower };
  let pause = firstPause;
  while (!follower.signal.aborted) {
    try {
      await readPages(log);
      follower.connection({ state: 'live' });
      pause = firstPause;
      await readStream(log);
    } catch (error) {
      if (follower.signal.aborted) return;
      if (error instanceof RequestError && !error.retry && error.status < 500 && error.status !== 429) {
        follower.connection({
          state: 'failed',
          message: error.message,
          code: error.code ?? String(error.status),
        });
        return;
      }
      if (!(error instanceof RequestError || error instanceof TypeError)) {
        follower.connection({
          state: 'failed',
          message: error instanceof Error ? error.message : String(error),
        });
        return;
      }
    }
    if (follower.signal.aborted) return;
    follower.connection({ state: 'offline', message: 'The server does not answer.' });
    await quietTime(pause, follower.signal);
    pause = Math.min(2 * pause, longestPause);
  }
}

interface FollowedLog {
  readonly client: HttpClient;
  readonly path: string;
  /** Number of events that the follower has. */
  at: number;
  readonly follower: LogFollower;
}

/** Reads what is there, a page at a time. */
async function readPages(log: FollowedLog): Promise<void> {
  const { client, path, follower } = log;
  for (;;) {
    const { events, end } = await client.json<{ events: readonly StudyEvent[]; end: number }>(
      `${path}/log?from=${log.at}&limit=${pageSize}`,
      { signal: follower.signal },
    );
    log.at += events.length;
    follower.events(events);
    // What the page shows of them is made in a task of its own.
    await nextTask();
    if (log.at >= end || events.length === 0) return;
    follower.connection({ state: 'reading', read: log.at, end });
  }
}

/** Reads what is appended until the stream ends. */
async function readStream(log: FollowedLog): Promise<void> {
  const { client, path, follower } = log;
  const answer = await client.response(`${path}/events?from=${log.at}`, {
    signal: follower.signal,
    headers: { accept: 'text/event-stream' },
  });
  for await (const { event, data } of streamMessages(answer.body!)) {
    if (event !== 'events') continue;
    const { from, events } = JSON.parse(data) as { from: number; events: readonly StudyEvent[] };
    // A stream that was resumed may repeat what is here already.
    const fresh = events.slice(Math.max(log.at - from, 0));
    if (from > log.at) return;
    log.at += fresh.length;
    follower.events(fresh);
  }
}

/** Waits; less where the browser finds the network again. */
function quietTime(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
