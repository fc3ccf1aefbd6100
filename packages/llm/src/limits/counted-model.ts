import type { Completion, CompletionRequest, LanguageModel } from '@foothold/core';
import { BudgetExceededError, LanguageModelError } from '../errors.ts';

/**
 * The model, asked again for the completions that a call did not give: some providers give one whatever `count` says. Fewer come back
 * only where a further call fails or does not fit the budget. Further calls have seeds of their own.
 */
export function countedModel(model: LanguageModel): LanguageModel {
  // Completions that one call gave where more were wanted: the next calls ask for no more than that, at the same time.
  let perCall = Infinity;
  return {
    ...model,
    async complete(request) {
      const { count = 1 } = request;
      const parts: Completion[] = [];
      let had = 0;
      for (let round = 0; had < count; round++) {
        const asked = chunks(count - had, perCall);
        const { made, failure } = await settled(
          model,
          asked.map((n, i) => part(request, n, round === 0 ? i : had + i)),
        );
        for (const [i, completion] of made) {
          if (completion.texts.length < asked[i]!) perCall = Math.min(perCall, completion.texts.length);
          parts.push(firstOf(completion, asked[i]!));
          had += Math.min(completion.texts.length, asked[i]!);
        }
        if (failure === undefined) continue;
        if (parts.length === 0 || !mayBePartial(failure.reason)) throw failure.reason;
        break;
      }
      return joined(parts);
    },
  };
}

/** The calls at the same time: those that gave texts, by position, and the first failure. */
async function settled(model: LanguageModel, requests: readonly CompletionRequest[]) {
  const results = await Promise.allSettled(
    requests.map(async (request) => nonEmpty(model, await model.complete(request))),
  );
  const made = results.flatMap((result, i) =>
    result.status === 'fulfilled' ? [[i, result.value] as const] : [],
  );
  return { made, failure: results.find((result) => result.status === 'rejected') };
}

function nonEmpty(model: LanguageModel, completion: Completion): Completion {
  if (completion.texts.length > 0) return completion;
  throw new LanguageModelError('invalid-reply', 'an answer without a text', { model: model.name });
}

/** Sizes of the calls that give `count` completions, `perCall` at most each. */
function chunks(count: number, perCall: number): readonly number[] {
  if (perCall >= count) return [count];
  return Array.from({ length: Math.ceil(count / perCall) }, (_, i) => Math.min(perCall, count - i * perCall));
}

/** A part of the request; every one but the first has a seed of its own, so that no completion is drawn twice. */
function part(request: CompletionRequest, count: number, position: number): CompletionRequest {
  const { seed } = request;
  if (seed === undefined || position === 0) return { ...request, count };
  // The golden ratio spreads the seeds of consecutive requests; 31 bits are what every provider takes.
  return { ...request, count, seed: (seed + Math.imul(position, 0x9e3779b9)) & 0x7fffffff };
}

function mayBePartial(reason: unknown): boolean {
  return reason instanceof LanguageModelError || reason instanceof BudgetExceededError;
}

function firstOf(completion: Completion, count: number): Completion {
  const { texts, logProbabilities } = completion;
  if (texts.length <= count) return completion;
  return { ...completion, texts: texts.slice(0, count), logProbabilities: logProbabilities?.slice(0, count) };
}

function joined(parts: readonly Completion[]): Completion {
  if (parts.length === 1) return parts[0]!;
  const total = (of: (completion: Completion) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    texts: parts.flatMap(({ texts }) => texts),
    usage: {
      promptTokens: total(({ usage }) => usage.promptTokens),
      cachedTokens: total(({ usage }) => usage.cachedTokens ?? 0),
      completionTokens: total(({ usage }) => usage.completionTokens),
    },
    ...(parts.every(({ logProbabilities }) => logProbabilities) && {
      logProbabilities: parts.flatMap(({ logProbabilities }) => logProbabilities!),
    }),
  };
}
