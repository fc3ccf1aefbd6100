import { type Sampler, UnsupportedError } from '@foothold/core';
import { type AdvisedOptions, advised } from '@foothold/llm';
import type { ConfiguredSampler } from '@foothold/study';

/**
 * The advised sampler that a log names, around the sampler that `inner` makes of what the log says of it. What the model said is in the log, so that
 * none is asked. Throws UnsupportedError for options that are none, and what `inner` throws.
 */
export async function advisedOfLog(
  { options }: ConfiguredSampler,
  inner: (configured: ConfiguredSampler | undefined) => Sampler | Promise<Sampler>,
): Promise<Sampler> {
  const { model, sampler, ...given } = (options ?? {}) as {
    readonly model?: unknown;
    readonly sampler?: ConfiguredSampler;
  };
  const name = String(model);
  return advised(await inner(sampler), {
    ...(given as unknown as Omit<AdvisedOptions, 'model'>),
    model: {
      name,
      complete() {
        throw new UnsupportedError('a call of the model', `a replay of the advice of ${name}`);
      },
    },
  });
}
