import { inGroups } from '../log/in-groups.ts';

/** An ask in two parts: the first may run beside those of others, where the asks are made together; the second runs in turn. */
export interface QueuedAsk<T> {
  /** `isAlone` where no other ask begins with it. Resolves to the answer, or to the second part, which gives it. */
  begin(isAlone: boolean): Promise<T | (() => Promise<T>)>;
}

/** Answers asks in the order in which they came. */
export type AskQueue = <T extends object>(ask: QueuedAsk<T>) => Promise<T>;

/**
 * Asks one after another; where `areTogether` says so, all that wait begin together, and what then has its answer waits for no other.
 * `pause` is awaited before the next ones begin.
 */
export function askQueue(areTogether: () => boolean, pause?: () => Promise<void>): AskQueue {
  const answer = inGroups<Waiting>(async (asks) => {
    await answerAll(asks);
    try {
      await pause?.();
    } catch {
      // The asks have their answers, and those that wait are to have theirs.
    }
  }, areTogether);
  return <T extends object>({ begin }: QueuedAsk<T>) =>
    new Promise<T>((resolve, reject) => {
      answer({
        begin: async (isAlone) => {
          const rest = await begin(isAlone);
          if (typeof rest === 'function') return async () => resolve(await rest());
          resolve(rest);
          return undefined;
        },
        reject,
      });
    });
}

/** An ask that hands on its answer: in its second part, where it has one. */
interface Waiting {
  begin(isAlone: boolean): Promise<(() => Promise<void>) | undefined>;
  readonly reject: (error: unknown) => void;
}

async function answerAll(asks: readonly Waiting[]): Promise<void> {
  const begun = await Promise.allSettled(asks.map(({ begin }) => begin(asks.length === 1)));
  for (const [i, { reject }] of asks.entries()) {
    const of = begun[i]!;
    if (of.status === 'rejected') reject(of.reason);
    else await of.value?.().catch(reject);
  }
}
