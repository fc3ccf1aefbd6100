import type { Completion, CompletionRequest, LanguageModel, Params, SearchSpace } from '@foothold/core';
import { configurationsIn } from '../replies/configurations-in.ts';

export interface AskedConfiguration<P extends Params> {
  /** What the last line asks for. */
  readonly params: P;
  /** What the lines above tell: a value as text, by configuration. */
  readonly examples: readonly { readonly params: P; readonly outcome: string }[];
  readonly request: CompletionRequest;
}

/** The lines `name: value, … => outcome` of a prompt, the last one without an outcome. */
export function readPrompt<P extends Params>(
  request: CompletionRequest,
  space: SearchSpace<P>,
): AskedConfiguration<P> {
  const lines = request.prompt.split('\n').filter((line) => line.includes(' =>'));
  const read = lines.map((line) => {
    const [text, outcome] = line.split(' =>') as [string, string];
    return { params: configurationsIn(text, { space }).configurations[0]!, outcome: outcome.trim() };
  });
  return { params: read.at(-1)!.params, examples: read.slice(0, -1), request };
}

/** A model that reads the prompt and answers what the function says: numbers are texts of all completions. */
export function answeringModel<P extends Params>(
  space: SearchSpace<P>,
  answer: (asked: AskedConfiguration<P>) => readonly string[] | Completion,
): LanguageModel & { readonly requests: readonly CompletionRequest[] } {
  const requests: CompletionRequest[] = [];
  return {
    name: 'answering',
    requests,
    complete(request) {
      requests.push(request);
      const made = answer(readPrompt(request, space));
      if ('texts' in made) return made;
      return { texts: made, usage: { promptTokens: 100, completionTokens: 5 * made.length } };
    },
  };
}

/** As many texts as are asked for: the list again and again. */
export const repeated = (texts: readonly string[], count = 1): readonly string[] =>
  Array.from({ length: count }, (_, i) => texts[i % texts.length]!);
