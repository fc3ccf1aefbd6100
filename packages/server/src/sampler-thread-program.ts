/** The program of a thread that `samplerThread` starts: it folds the logs of studies and calls their samplers, one call after another. */
import { parentPort } from 'node:worker_threads';
import type { LinearAlgebra } from '@foothold/core';
import { wasm } from '@foothold/linalg';
import { type SuggestionsOfLog, suggestionsOfLog } from '@foothold/study';
import { errorAnswer } from './error-answer.ts';
import type { FromSamplerThread, ToSamplerThread } from './sampler-thread-message.ts';
import { optionsOf, type StudySetup, samplerOf } from './study-setup.ts';
import { type ErrorMembers, hasType } from './typed-error.ts';

const studies = new Map<number, Promise<SuggestionsOfLog>>();
let linalg: Promise<LinearAlgebra> | undefined;
let last: Promise<void> = Promise.resolve();

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
