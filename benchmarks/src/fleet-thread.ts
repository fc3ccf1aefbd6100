import type { StudyEvent } from '@foothold/core';
import type { SamplerThread } from '@foothold/server';
import type { SuggestionAnswer, SuggestionCall, SuggestionsOfLog } from '@foothold/study';
import type { FleetRequest } from './fleet-request.ts';
import type { VirtualTime } from './fleet-time.ts';

/** The thread of the samplers in virtual time: it makes the real suggestions, one call after another. */
export interface FleetThread extends SamplerThread {
  /** Whether a suggestion was asked for that has not been handed back. */
  isAsked(): boolean;
  /** Makes what was asked for since the last call, from this time on; each is sent back to the server when it is made. */
  work(from: number, send: (request: FleetRequest) => void): Promise<void>;
  /** Milliseconds of the real processor. */
  readonly cpuMs: () => number;
}

interface WaitingCall {
  readonly call: SuggestionCall;
  readonly events: readonly StudyEvent[];
  resolve(answer: SuggestionAnswer): void;
  reject(error: unknown): void;
}

/** `suggestions` makes those of the one study that it is opened for. */
export function fleetThread(
  suggestions: SuggestionsOfLog,
  { time, costOf }: { readonly time: VirtualTime; readonly costOf: (measured: number) => number },
): FleetThread {
  let calls: WaitingCall[] = [];
  let open = 0;
  let freeAt = 0;
  let cpuMs = 0;
  const made = async ({ call, events, resolve, reject }: WaitingCall) => {
    suggestions.apply(events);
    try {
      const answer = await suggestions.suggest(call);
      return () => resolve(answer);
    } catch (error) {
      return () => reject(error);
    }
  };
  return {
    open(_, read) {
      let sent = 0;
      return {
        async suggest(call) {
          open++;
          const events = (await read(sent)).slice(0, call.prefix - sent);
          sent = call.prefix;
          return new Promise((resolve, reject) => void calls.push({ call, events, resolve, reject }));
        },
        close: () => undefined,
      };
    },
    isAsked: () => open > 0,
    async work(from, send) {
      const waiting = calls;
      calls = [];
      for (const one of waiting) {
        const before = process.threadCpuUsage();
        const settle = await made(one);
        const { user, system } = process.threadCpuUsage(before);
        cpuMs += (user + system) / 1000;
        freeAt = Math.max(freeAt, from) + costOf((user + system) / 1000);
        const call = async () => {
          open--;
          settle();
        };
        time.at(freeAt, () => send({ kind: 'suggestion', call, answered: () => undefined }));
      }
    },
    cpuMs: () => cpuMs,
    close: async () => undefined,
  };
}
