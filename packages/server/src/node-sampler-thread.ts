import { Worker } from 'node:worker_threads';
import { StorageError } from '@foothold/core';
import type { SuggestionAnswer } from '@foothold/study';
import type { SamplerThread } from './sampler-thread.ts';
import type { FromSamplerThread, ToSamplerThread } from './sampler-thread-message.ts';
import { typedError } from './typed-error.ts';

export interface SamplerThreadOptions {
  /** Hears why a thread ended before it was closed. The next suggestion starts another one. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/**
 * A thread of Node for the samplers of a server. It starts with the first suggestion, folds the log of each study itself, and keeps no
 * process alive. Where it ends by itself, the server calls the samplers itself; one that ends before it has answered
 * anything is not started again.
 */
export function samplerThread({ onError }: SamplerThreadOptions = {}): SamplerThread {
  let thread: Thread | undefined;
  let isClosed = false;
  let isOfUse = true;
  let studies = 0;
  const started = () => {
    if (isClosed) throw closedError();
    if (!thread && isOfUse)
      thread = startThread((error, hasAnswered) => {
        thread = undefined;
        isOfUse = hasAnswered;
        if (!isClosed) onError?.(error);
      });
    return thread;
  };
  return {
    open(setup, read) {
      let at: { readonly thread: Thread; readonly study: number; sent: number } | undefined;
      let isOver = false;
      let last: Promise<unknown> = Promise.resolve();
      return {
        suggest(request) {
          // Events are sent in their order; nobody waits for the answer to send the next ones.
          const sent = last.then(async () => {
            const thread = isOver ? undefined : started();
            if (!thread) return undefined;
            if (at?.thread !== thread) {
              at = { thread, study: studies++, sent: 0 };
              thread.post({ type: 'open', study: at.study, setup });
            }
            const { prefix } = request;
            const events = prefix > at.sent ? (await read(at.sent)).slice(0, prefix - at.sent) : [];
            if (at.sent + events.length !== prefix) return undefined;
            at.sent = prefix;
            return { answer: thread.ask({ study: at.study, events, request }) };
          });
          last = sent.catch(() => undefined);
          return sent.then((of) => of?.answer);
        },
        close() {
          isOver = true;
          at?.thread.post({ type: 'close', study: at.study });
        },
      };
    },
    async close() {
      isClosed = true;
      await thread?.end(closedError());
    },
  };
}

/** A thread that runs. */
interface Thread {
  post(message: ToSamplerThread): void;
  /** Undefined where the thread ended, or cannot say. Throws what the sampler throws. */
  ask(
    call: Omit<Extract<ToSamplerThread, { readonly type: 'suggest' }>, 'type' | 'call'>,
  ): Promise<SuggestionAnswer | undefined>;
  end(reason: Error): Promise<void>;
}

function startThread(ended: (error: unknown, hasAnswered: boolean) => void): Thread {
  const worker = startedWorker();
  const waiting = new Map<
    number,
    { resolve(answer: SuggestionAnswer | undefined): void; reject(error: Error): void }
  >();
  let calls = 0;
  let isRunning = true;
  let hasAnswered = false;
  let failure: unknown;
  worker.unref();
  worker.on('message', ({ call, answer, refused }: FromSamplerThread) => {
    hasAnswered = true;
    const of = waiting.get(call);
    waiting.delete(call);
    if (refused) of?.reject(typedError(refused, 0));
    else of?.resolve(answer);
  });
  worker.on('error', (error) => {
    failure = error;
  });
  worker.on('exit', (code) => {
    isRunning = false;
    ended(failure ?? new StorageError(`the thread of the samplers ended with ${code}`), hasAnswered);
    for (const { resolve } of waiting.values()) resolve(undefined);
  });
  return {
    post: (message) => worker.postMessage(message),
    ask: (of) =>
      new Promise((resolve, reject) => {
        if (!isRunning) return resolve(undefined);
        const call = calls++;
        waiting.set(call, { resolve, reject });
        worker.postMessage({ type: 'suggest', call, ...of } satisfies ToSamplerThread);
      }),
    async end(reason) {
      for (const { reject } of waiting.values()) reject(reason);
      waiting.clear();
      await worker.terminate();
    },
  };
}

/** From the sources where this is a source, with the condition by which packages see each other's. */
function startedWorker(): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const program = new URL(`./sampler-thread-program.${isSource ? 'ts' : 'js'}`, import.meta.url);
  return new Worker(program, isSource ? { execArgv: ['--conditions=@foothold/source'] } : {});
}

function closedError(): StorageError {
  return new StorageError('the server closes: ask again when it runs', { retry: true });
}
