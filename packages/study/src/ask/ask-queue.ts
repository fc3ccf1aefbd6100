/** An ask that has its answer at once, or after something was made for it. */
export interface QueuedAsk<T> {
  /**
   * Resolves to the answer, or to what makes an answer possible: that runs when it is this ask's turn, and then it begins again. `isAlone` where no
   * other ask begins with it. May be called again without that, too.
   */
  begin(isAlone: boolean): Promise<T | Making>;
}

/** Makes what the answer needs. */
type Making = () => Promise<void>;

/** Begins asks in the order in which they came. */
export type AskQueue = <T extends object>(ask: QueuedAsk<T>) => Promise<T>;

/**
 * Asks one after another. Where `areTogether` says so, an ask begins when it comes, unless others wait, and what then has its answer waits for no
 * other. Those that have none wait: something is made for the first of them, and then all begin together again, as what was made for it is often
 * made for those behind it too. `pause` is awaited before the next ones begin.
 */
export function askQueue(areTogether: () => boolean, pause?: () => Promise<void>): AskQueue {
  let waiting: Waiting[] = [];
  let isInTurn = false;
  /** Asks that begin at once. */
  let beginning = 0;
  const inTurn = async () => {
    isInTurn = true;
    while (waiting.length > 0) {
      const left = await answered(waiting.splice(0, areTogether() ? waiting.length : 1));
      if (left.length > 0) waiting = [...left, ...waiting];
      // The asks have their answers, and those that wait are to have theirs.
      await pause?.().catch(() => undefined);
    }
    isInTurn = false;
  };
  const answer = async (ask: Waiting) => {
    if (!isInTurn && areTogether()) {
      const making = await ask.begin(beginning++ === 0);
      beginning--;
      if (!making) return;
    }
    waiting.push(ask);
    if (!isInTurn) await inTurn();
  };
  return <T extends object>({ begin }: QueuedAsk<T>) =>
    new Promise<T>((resolve, reject) => {
      const begun = async (isAlone: boolean) => {
        try {
          const got = await begin(isAlone);
          if (typeof got === 'function') return got;
          resolve(got);
        } catch (error) {
          reject(error);
        }
        return undefined;
      };
      void answer({ begin: begun, reject });
    });
}

/** An ask that hands on its answer. */
interface Waiting {
  /** What has to be made for it before it has its answer. */
  begin(isAlone: boolean): Promise<Making | undefined>;
  readonly reject: (error: unknown) => void;
}

/** Begins these, and makes what the first needs that has no answer then. Those without an answer, in their order. */
async function answered(asks: readonly Waiting[]): Promise<readonly Waiting[]> {
  const makings = await Promise.all(asks.map(({ begin }) => begin(asks.length === 1)));
  const left = asks.filter((_, i) => makings[i]);
  try {
    await makings.find((making) => making)?.();
  } catch (error) {
    left.shift()!.reject(error);
  }
  return left;
}
