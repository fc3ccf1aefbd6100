import type { Answer } from '@foothold/protocol';

/** A trial without the state of its sampler, which only programs read, and `why` only where it is asked for. */
export function toolTrial(trial: unknown, { why: withWhy = false } = {}): Answer | null {
  if (typeof trial !== 'object' || trial === null) return null;
  const { samplerState: _, why, ...shown } = trial as Answer;
  return { ...shown, ...(withWhy && why !== undefined && { why }) };
}

/** An answer with its trials so. */
export function withToolTrials(answer: Answer, options: { readonly why?: boolean } = {}): Answer {
  const list = (member: string) =>
    Array.isArray(answer[member])
      ? { [member]: (answer[member] as readonly unknown[]).map((trial) => toolTrial(trial, options)) }
      : {};
  return {
    ...answer,
    ...list('trials'),
    ...list('front'),
    ...('trial' in answer && { trial: toolTrial(answer['trial'], options) }),
  };
}
