import type { LanguageModel, Params, SearchSpace, TokenUsage } from '@foothold/core';
import { adviserFailure } from '../adviser-failure.ts';
import { parametersOf } from '../card/parameters-of.ts';
import type { TaskCard } from '../card/task-card-schema.ts';
import { type TaskContext, taskText } from '../card/task-text.ts';
import { configurationText } from '../prompts/configuration-text.ts';
import { retryPrompt } from '../prompts/retry-prompt.ts';
import { zeroShotPrompt } from '../prompts/zero-shot-prompt.ts';
import { configurationsIn } from '../replies/configurations-in.ts';
import { type Dropped, droppedInAll } from '../replies/dropped.ts';
import { meteredModel } from '../surrogates/metered-model.ts';

export interface ZeroShotRequest<P extends Params = Params> {
  readonly model: LanguageModel;
  readonly card: TaskCard;
  readonly context: TaskContext;
  readonly space: SearchSpace<P>;
  readonly count: number;
  /** Parameters that are not proposed again. */
  readonly taken: readonly P[];
  readonly maxTokens: number;
  readonly temperature: number;
  /** A whole number below 2³¹. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

export interface ZeroShotProposals<P extends Params = Params> {
  /** At most `count`, valid and new. */
  readonly configurations: readonly P[];
  readonly usage: TokenUsage;
  /** Calls of the model that gave an answer. */
  readonly calls: number;
  readonly dropped: Dropped;
  /** Why the model gave no further answer. */
  readonly failure?: string | undefined;
}

/**
 * Asks for configurations, and once more with the reasons where some were dropped or are missing. Throws the reason of the signal; what
 * else goes wrong is `failure`.
 */
export async function proposeZeroShot<P extends Params>(
  request: ZeroShotRequest<P>,
): Promise<ZeroShotProposals<P>> {
  const { space, count, maxTokens, temperature, seed, signal } = request;
  const names = [...(parametersOf(space)?.keys() ?? [])];
  const task = taskText(request.card, { space, context: request.context });
  const first = zeroShotPrompt({ task, names, count });
  const configurations: P[] = [];
  const dropped: Dropped[] = [];
  const { model, meter } = meteredModel(request.model);
  const result = (failure?: string): ZeroShotProposals<P> => ({
    ...{ configurations, ...meter(), dropped: droppedInAll(dropped) },
    ...(failure !== undefined && { failure }),
  });
  for (let attempt = 0; attempt < 2 && configurations.length < count; attempt++) {
    const missing = count - configurations.length;
    const kept = configurations.map((params) => configurationText(params));
    const reasons = dropped.flatMap(({ examples }) => examples);
    const prompt = attempt === 0 ? first : retryPrompt({ prompt: first, reasons, kept, count: missing });
    try {
      const completion = await model.complete({
        prompt,
        maxTokens,
        temperature,
        seed: (seed + attempt) % 2 ** 31,
        signal,
      });
      const taken = [...request.taken, ...configurations];
      const found = configurationsIn(completion.texts[0] ?? '', { space, taken, limit: missing });
      configurations.push(...found.configurations);
      dropped.push(found.dropped);
    } catch (error) {
      signal?.throwIfAborted();
      const failure = adviserFailure(error);
      if (failure === undefined) throw error;
      return result(failure);
    }
  }
  return result();
}
