/** The program of a thread that `samplerThread` starts: it folds the logs of studies and calls their samplers, one call after another. */
import { parentPort } from 'node:worker_threads';
import type { LinearAlgebra } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { type SuggestionsOfLog, suggestionsOfLog } from '@foothold/study';
import { errorAnswer } from './error-answer.ts';
import { lowerThreadPriority } from './lower-thread-priority.ts';
import type { FromSamplerThread, ToSamplerThread } from './sampler-thread-message.ts';
import { optionsOf, type StudySetup, samplerOf } from './study-setup.ts';
import { type ErrorMembers, hasType } from './typed-error.ts';

/**
 * By how much the thread's nice value is above that of the process: beside another busy thread on one core it gets a tenth of it. Of 0, 5 and
 * 10 only 10 shortened the asks of a loaded server (decisions/2026-11-30-prepared-asks.md).
 */
const nicer = 10;

const studies = new Map<number, Promise<SuggestionsOfLog>>();
let linalg: Promise<LinearAlgebra> | undefined;
let last: Promise<void> = Promise.resolve();

lowerThreadPriority(nicer);
parentPort?.on('message', (message: ToSamplerThread) => {
  last = last.then(() => heard(message));
});

async function heard(message: ToSamplerThread): Promise<void> {
  switch (message.type) {
    case 'open': {
      const opened = suggestionsOf(message.setup);
      opened.catch(() => undefined); // thrown by its calls
      studies.set(message.study, opened);
      break;
    }
    case 'close':
      studies.delete(message.study);
      break;
    case 'suggest':
      parentPort!.postMessage(await answered(message));
      break;
  }
}

async function answered({
  study,
  call,
  events,
  request,
}: Extract<ToSamplerThread, { readonly type: 'suggest' }>): Promise<FromSamplerThread> {
  try {
    const of = await studies.get(study)!;
    of.apply(events);
    return { call, answer: await of.suggest(request) };
  } catch (error) {
    const refused = errorAnswer(error).body['error'] as ErrorMembers;
    return { call, ...(hasType(refused) && { refused }) };
  }
}

async function suggestionsOf(setup: StudySetup): Promise<SuggestionsOfLog> {
  const sampler = await samplerOf(setup, () => {
    linalg ??= wasm();
    return linalg;
  });
  return suggestionsOfLog(optionsOf(setup, sampler));
}
