import { type LanguageModel, type Rng, seeded } from '@foothold/core';
import { type Clock, LanguageModelError, languageModel } from '@foothold/llm';
import { type FakeModelReply, fakeModelServer } from '@foothold/testing/fake-model-server';
import type { Load, LoadedCall, LoadedFault } from './completions-loads.ts';
import type { Arrival } from './completions-windows.ts';

/** A provider that keeps what it saw. */
export interface Endpoint {
  readonly model: LanguageModel;
  readonly arrivals: readonly Arrival[];
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly load: Load;
  readonly clock: Clock;
  readonly seed: number;
  /** What a prompt was drawn as. */
  callOf(prompt: string): LoadedCall;
}

/** Milliseconds that a request may be on its way to the virtual provider. */
const slowestWay = 300;
/** Milliseconds that a busy provider asks to wait. */
const waits = { least: 1000, most: 10_000 };
const waitOf = (rng: Rng) => Math.ceil(waits.least + (waits.most - waits.least) * rng.next());

/** What the provider keeps of a request. It counts no tokens where it does no work. */
function arrivalOf({ usage }: LoadedCall, wrong: LoadedFault | undefined, at: number): Arrival {
  const isFree = wrong === 'busy' || wrong === 'error';
  return { at, tokens: isFree ? 0 : usage.promptTokens + usage.completionTokens };
}

const textsOf = ({ request: { count = 1 } }: LoadedCall) => Array.from({ length: count }, () => '1');

/** A provider under the clock, with a way to it. */
export function virtualEndpoint({ load, clock, seed, callOf }: EndpointOptions): Endpoint {
  const arrivals: Arrival[] = [];
  let calls = 0;
  return {
    arrivals,
    model: {
      name: 'fake',
      async complete({ prompt, signal }) {
        const rng = seeded(`endpoint ${seed}`).fork(calls++);
        const call = callOf(prompt);
        await clock.sleep(slowestWay * rng.next() ** 3, signal);
        const wrong = load.fault?.(rng, clock.now());
        arrivals.push(arrivalOf(call, wrong, clock.now()));
        if (wrong === 'busy')
          throw failure('rate-limited', { status: 429, retryAfter: waitOf(rng), isPaid: false });
        await clock.sleep(wrong === 'silence' ? 1e9 : call.latency, signal);
        if (wrong) throw failure('server', { isPaid: wrong === 'cut' });
        return { texts: textsOf(call), usage: call.usage };
      },
    },
    close: async () => undefined,
  };
}

const failure = (kind: 'server' | 'rate-limited', facts: object) =>
  new LanguageModelError(kind, 'as the benchmark says', { model: 'fake', ...facts });

/** A server over real HTTP on this machine, whose times are this share of the load's. */
export async function servedEndpoint(
  { load, clock, seed, callOf }: EndpointOptions,
  scale: number,
): Promise<Endpoint> {
  const arrivals: Arrival[] = [];
  const begin = clock.now();
  const server = await fakeModelServer(({ number, prompt }): FakeModelReply => {
    const rng = seeded(`endpoint ${seed}`).fork(number);
    const call = callOf(prompt);
    const at = clock.now();
    const wrong = load.fault?.(rng, (at - begin) / scale);
    arrivals.push(arrivalOf(call, wrong, at));
    if (wrong === 'busy')
      return { status: 429, headers: { 'retry-after-ms': String(Math.ceil(scale * waitOf(rng))) } };
    if (wrong === 'error') return { status: 500 };
    if (wrong === 'silence') return 'silence';
    const texts = textsOf(call);
    if (wrong === 'cut') return { texts, cutAfter: 40 };
    const { promptTokens, completionTokens } = call.usage;
    const usage = { prompt_tokens: promptTokens, completion_tokens: completionTokens };
    return { texts, usage, delay: scale * call.latency };
  });
  const model = languageModel({ baseURL: server.baseURL, model: 'fake', key: 'none' });
  return { model, arrivals, close: () => server.close() };
}
