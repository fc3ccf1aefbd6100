/** What the adviser said, as a study's log has it, for a suggestion that is made again without the model. */
import { type Params, type SampleRequest, UnsupportedError } from '@foothold/core';
import { turnOf } from './adviser-share.ts';

/**
 * The proposals to this question; undefined where the request is no replay, so that the model has to be asked. None where the log does not have the
 * question: what it was asked for was not used. Throws UnsupportedError for a log of an earlier version, which does not name its questions.
 */
export function recordedAnswer<P extends Params>(
  { replayed }: SampleRequest<P>,
  question: string,
): readonly P[] | undefined {
  if (!replayed) return undefined;
  const turns = replayed.flatMap((samplerState) => turnOf<P>({ samplerState }) ?? []);
  if (turns.some(({ asked, question: own }) => asked && own === undefined))
    throw new UnsupportedError('what the adviser was asked', 'this log, which an earlier version wrote');
  const answers = turns.flatMap(({ question: own, proposed = [], earlier = [] }) => [
    ...earlier,
    ...(own === undefined ? [] : [{ question: own, proposed }]),
  ]);
  return answers.find((answer) => answer.question === question)?.proposed ?? [];
}
