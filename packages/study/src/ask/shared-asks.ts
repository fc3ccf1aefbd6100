import { type AskQueue, askQueue } from './ask-queue.ts';

/** What the asks of all workers of one object of a study share. */
export interface SharedAsks {
  readonly queue: AskQueue;
  /** Names of the workers: their asks wait for one another, so that none needs a claim for another of them. */
  readonly owners: Set<string>;
  /** Asks that have no answer yet. */
  waiting: number;
  /** Whether the sampler looks at the trials. One that does not gains nothing by claims. */
  looksAtTrials: boolean;
  /** Whether its last proposal was made within the look at the log. Then the asks that wait are planned together. */
  isPrompt: boolean;
}

/**
 * Of a study without workers; `pause` is awaited after asks, before the next ones begin. With `areAhead` suggestions are made elsewhere, and are
 * often there before the asks.
 */
export function sharedAsks(areAhead: boolean, pause?: () => Promise<void>): SharedAsks {
  const queue = askQueue(() => (asks.looksAtTrials ? areAhead : asks.isPrompt), pause);
  const asks: SharedAsks = {
    queue(ask) {
      asks.waiting++;
      return queue(ask).finally(() => {
        asks.waiting--;
      });
    },
    ...{ owners: new Set(), waiting: 0, looksAtTrials: true, isPrompt: false },
  };
  return asks;
}
