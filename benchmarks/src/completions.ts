/**
 * What the limits of a language model keep and reach: 100 callers, each with its next request as soon as it has an answer, under 720 requests
 * and 100,000 tokens a window. Windows are counted by an independent check over what the provider saw.
 *
 * `pnpm bench completions [--quick] [--seeds N] [LOAD…]`: 30 windows of 60 s under a virtual clock, with up to 0.3 s on the way to the
 * provider, and 3 windows of 10 s over HTTP on this machine; `--quick` runs 6 and, of the first load, 1. `ofCeiling` is what reached the provider in those
 * windows over what the limit that the load meets allows in them. Over HTTP it falls where `busy`, the share of the time in which this
 * process computed, comes near 1: client and provider are one process.
 */
import { performance } from 'node:perf_hooks';
import { type LanguageModel, type Rng, seeded } from '@foothold/core';
import {
  BudgetExceededError,
  type Clock,
  LanguageModelError,
  limitedModel,
  systemClock,
} from '@foothold/llm';
import { virtualClock } from '@foothold/testing/virtual-clock';
import type { BenchOptions } from './bench-options.ts';
import {
  type Endpoint,
  type EndpointOptions,
  servedEndpoint,
  virtualEndpoint,
} from './completions-endpoint.ts';
import { type Load, type LoadedCall, loads } from './completions-loads.ts';
import { fullestWindow } from './completions-windows.ts';

const limits = { requests: 720, tokens: 100_000 };
const callers = 100;
const minute = 60_000;
/** Milliseconds of a window over HTTP. */
const short = 10_000;

export async function completions({ quick, words, seeds = 1, emit }: BenchOptions): Promise<void> {
  const chosen = words.length > 0 ? loads.filter(({ name }) => words.includes(name)) : loads;
  const rows: Measured[] = [];
  const add = (row: Measured) => {
    rows.push(row);
    emit({ bench: 'completions', ...row });
  };
  for (const load of chosen)
    for (let seed = 0; seed < seeds; seed++) add(await underVirtualClock(load, seed, quick ? 6 : 30));
  for (const load of quick ? chosen.slice(0, 1) : chosen) add(await overHttp(load, quick ? 1 : 3));
  const least = (over: string) =>
    Math.min(...rows.filter((row) => row.over === over).map(({ ofCeiling }) => ofCeiling));
  const above = rows.filter(
    ({ fullest }) => fullest.requests > limits.requests || fullest.tokens > limits.tokens,
  );
  const summary = {
    runs: rows.length,
    above: above.length,
    ofCeiling: { virtual: least('virtual'), http: least('http') },
  };
  emit({ bench: 'completions', summary });
}

interface Measured {
  readonly over: 'virtual' | 'http';
  readonly load: string;
  readonly seed: number;
  readonly windows: number;
  readonly meets: Load['meets'];
  readonly fullest: { readonly requests: number; readonly tokens: number };
  readonly ofCeiling: number;
  readonly busy?: number;
  readonly calls: { readonly answered: number; readonly failed: number; readonly cancelled: number };
}

async function underVirtualClock(load: Load, seed: number, windows: number): Promise<Measured> {
  const clock = virtualClock();
  const measuring = measured(load, {
    clock,
    seed,
    windows,
    window: minute,
    open: async (options) => virtualEndpoint(options),
  });
  return { over: 'virtual', ...(await clock.run(measuring)) };
}

async function overHttp(load: Load, windows: number): Promise<Measured> {
  const scale = short / minute;
  await warmedUp();
  const open = (options: EndpointOptions) => servedEndpoint(options, scale);
  const before = performance.eventLoopUtilization();
  const setting = { clock: systemClock, seed: 0, windows, window: short, open };
  const made = await measured(load, setting);
  return { over: 'http', ...made, busy: performance.eventLoopUtilization(before).utilization };
}

/** The first call of a process loads what it needs. */
async function warmedUp(): Promise<void> {
  const call: LoadedCall = {
    request: { prompt: 'a', maxTokens: 1 },
    usage: { promptTokens: 1, completionTokens: 1 },
    latency: 0,
  };
  const load: Load = { name: 'warm-up', meets: 'requests', call: () => call };
  const endpoint = await servedEndpoint({ load, clock: systemClock, seed: 0, callOf: () => call }, 1);
  await Promise.all(Array.from({ length: callers }, () => endpoint.model.complete(call.request)));
  await endpoint.close();
}

interface Setting {
  readonly clock: Clock;
  readonly seed: number;
  readonly windows: number;
  /** Milliseconds. */
  readonly window: number;
  open(options: EndpointOptions): Promise<Endpoint>;
}

async function measured(
  load: Load,
  { clock, seed, windows, window, open }: Setting,
): Promise<Omit<Measured, 'over'>> {
  const drawn = new Map<string, LoadedCall>();
  const endpoint = await open({ load, clock, seed, callOf: (prompt) => drawn.get(prompt)! });
  const scale = window / minute;
  const model = limitedModel(endpoint.model, {
    ...{ clock, cache: false, timeLimit: scale * minute },
    rateLimit: {
      ...limits,
      window,
      concurrency: callers,
      ...(window < minute && { arrivalDelay: window / 10 }),
    },
    retry: { delay: scale * 1000, maxDelay: scale * minute },
  });
  const begin = clock.now();
  const end = begin + windows * window;
  const calls = { answered: 0, failed: 0, cancelled: 0 };
  const caller = async (_: unknown, number: number): Promise<void> => {
    const rng = seeded(`completions ${seed}`).fork(number);
    for (let i = 0; clock.now() < end; i++) {
      const call = load.call(rng);
      const prompt = `${number} ${i} ${call.request.prompt}`;
      drawn.set(prompt, call);
      const stopping = { stopAfter: stopAfter(load, rng, scale), clock };
      calls[await ended(model, { ...call.request, prompt }, stopping)]++;
      drawn.delete(prompt);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await endpoint.close();
  const inTime = endpoint.arrivals.filter(({ at }) => at < end);
  const reached = {
    requests: inTime.length,
    tokens: inTime.reduce((sum, { tokens }) => sum + tokens, 0),
  };
  const ofCeiling = reached[load.meets] / (windows * limits[load.meets]);
  return {
    load: load.name,
    seed,
    windows,
    meets: load.meets,
    fullest: fullestWindow(endpoint.arrivals, window),
    ofCeiling,
    calls,
  };
}

/** Milliseconds after which a caller stops this call; undefined where it does not. */
function stopAfter({ cancelled = 0 }: Load, rng: Rng, scale: number): number | undefined {
  return rng.next() < cancelled ? scale * 20_000 * rng.next() : undefined;
}

async function ended(
  model: LanguageModel,
  request: LoadedCall['request'],
  { stopAfter, clock }: { readonly stopAfter: number | undefined; readonly clock: Clock },
): Promise<'answered' | 'failed' | 'cancelled'> {
  const stop = new AbortController();
  const timer = new AbortController();
  if (stopAfter !== undefined)
    clock.sleep(stopAfter, timer.signal).then(
      () => stop.abort(),
      () => undefined,
    );
  try {
    await model.complete({ ...request, signal: stop.signal });
    return 'answered';
  } catch (error) {
    if (stop.signal.aborted) return 'cancelled';
    if (error instanceof LanguageModelError || error instanceof BudgetExceededError) return 'failed';
    throw error;
  } finally {
    timer.abort();
  }
}
