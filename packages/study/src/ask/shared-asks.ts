import { type AskQueue, askQueue } from './ask-queue.ts';

/** What the asks of all workers of one object of a study share. */
export interface SharedAsks {
  readonly queue: AskQueue;
  /** Names of the workers: their asks wait for one another, so that none needs a claim for another of them. */
  readonly owners: Set<string>;
  /** Whether the sampler looks at the trials. One that does not gains nothing by claims. */
  looksAtTrials: boolean;
  /** Whether its last proposal was made within the look at the log. Then the asks that wait are planned together. */
  isPrompt: boolean;
}

/** Of a study without workers; `pause` is awaited after each ask. With `areAhead` suggestions are made elsewhere, and are often there before the asks. */
export function sharedAsks(areAhead: boolean, pause?: () => Promise<void>): SharedAsks {
  const asks: SharedAsks = {
    queue: askQueue(() => (asks.looksAtTrials ? areAhead : asks.isPrompt), pause),
    ...{ owners: new Set(), looksAtTrials: true, isPrompt: false },
  };
  return asks;
}
