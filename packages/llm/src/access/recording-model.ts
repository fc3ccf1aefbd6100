import type { Awaitable, LanguageModel } from '@foothold/core';
import { requestDigest } from '../request-digest.ts';
import type { RecordedReply } from './recorded-model.ts';

/** The model, whose calls are given to `write` before their completion comes back; a failed call is not. */
export function recordingModel(
  model: LanguageModel,
  write: (reply: RecordedReply) => Awaitable<void>,
): LanguageModel {
  return {
    ...model,
    async complete(request) {
      const completion = await model.complete(request);
      const digest = requestDigest(model.name, request);
      await write({ digest, model: model.name, prompt: request.prompt, completion });
      return completion;
    },
  };
}
