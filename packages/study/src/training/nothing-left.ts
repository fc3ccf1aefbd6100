import type { Params, TrainingFidelity, Trial } from '@foothold/core';

/** Trials that the text names. */
const shown = 3;

/**
 * Why a sampler finds no piece of training for what was enqueued without a fidelity: what its trials have. `own` are those with its values,
 * at least one, none of them running.
 */
export function nothingLeft(own: readonly Trial<Params>[], { name, max }: TrainingFidelity): string {
  const farthest = [...own].sort((a, b) => Number(b.params[name]) - Number(a.params[name]));
  const texts = farthest.slice(0, shown).map((trial) => {
    const what = `${trial.loaded ? 'loaded ' : ''}trial ${trial.number}`;
    const at = `${name} ${trial.params[name]} of ${max}`;
    return trial.state === 'complete' ? `${what} has ${at}` : `${what} is ${trial.state} at ${at}`;
  });
  const more = own.length > shown ? ` and ${own.length - shown} more` : '';
  const isTrained = own.every(({ state, loaded }) => state === 'complete' && !loaded);
  const out = isTrained ? '' : `; enqueued with ${name}, it is trained all the same`;
  return `no training is left for it: ${texts.join(', ')}${more}${out}`;
}
