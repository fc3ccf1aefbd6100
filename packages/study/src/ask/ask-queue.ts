/** An ask that has its answer at once, or after something was made for it. */
export interface QueuedAsk<T> {
  /**
   * Resolves to the answer, or to what makes one possible. That is run only where it is this ask's turn (`isInTurn`), right after, and then this is
   * called again. Where it is not, the ask is one that looks whether its answer is there, and is to leave nothing behind.
   */
  begin(isInTurn: boolean): Promise<T | Making>;
}

/** Makes what the answer needs. Resolves to how many asks it can serve, this one and those behind it. */
type Making = () => Promise<number>;

/** Begins asks in the order in which they came. */
export type AskQueue = <T extends object>(ask: QueuedAsk<T>) => Promise<T>;

/**
 * Asks one after another. Where `areTogether` says so, an ask begins when it comes, unless others wait, and what then has its answer waits for no
 * other. Those that have none wait: something is made for the first of them, and then it begins again, together with as many behind it as that can
 * serve. Where the first one then has its answer without anything made for it, such as a suggestion made ahead, all others begin together. So asks
 * for each of which something has to be made do not all begin again and again.
 * After answers `pause` is awaited before others begin; what it throws is of no concern.
 */
export function askQueue(areTogether: () => boolean, pause?: () => Promise<void>): AskQueue {
  let waiting: Waiting[] = [];
  let isInTurn = false;
  /** Asks that came during the pause. */
  let came: Waiting[] = [];
  let pausing: Promise<void> | undefined;
  const paused = () => {
    pausing ??= pauseOnce(pause).then(() => {
      const asks = came;
      came = [];
      pausing = undefined;
      for (const ask of asks) void start(ask);
    });
    return pausing;
  };
  const inTurn = async () => {
    isInTurn = true;
    try {
      let size = 1;
      let isMade = false;
      while (waiting.length > 0) {
        const group = waiting.slice(0, areTogether() ? size : 1);
        const makings = await Promise.all(group.map(({ begin }, i) => begin(i === 0)));
        const left = group.filter((_, i) => makings[i]);
        waiting = [...left, ...waiting.slice(group.length)];
        const making = makings[0];
        if (making) size = await making();
        else {
          size = isMade || left.length > 0 ? 1 : Infinity;
          await paused();
        }
        isMade = making !== undefined;
      }
    } finally {
      isInTurn = false;
    }
  };
  const start = async (ask: Waiting) => {
    if (!isInTurn && areTogether() && !(await ask.begin(false))) return void paused();
    waiting.push(ask);
    if (!isInTurn) await inTurn();
  };
  return ({ begin }) =>
    new Promise((resolve, reject) => {
      const ask = handingOn(begin, { resolve, reject });
      if (pausing) came.push(ask);
      else void start(ask);
    });
}

/** An ask that hands on its answer, or its error. */
interface Waiting {
  /** What has to be made for it before it has its answer; undefined where it has it, or is refused. */
  begin(isInTurn: boolean): Promise<Making | undefined>;
}

function handingOn<T extends object>(
  begin: QueuedAsk<T>['begin'],
  to: { resolve(answer: T): void; reject(error: unknown): void },
): Waiting {
  let isRefused = false;
  const refuse = (error: unknown) => {
    isRefused = true;
    to.reject(error);
    return 1;
  };
  return {
    async begin(isInTurn) {
      if (isRefused) return undefined;
      try {
        const got = await begin(isInTurn);
        if (typeof got === 'function') return () => got().catch(refuse);
        to.resolve(got);
      } catch (error) {
        to.reject(error);
      }
      return undefined;
    },
  };
}

async function pauseOnce(pause: (() => Promise<void>) | undefined): Promise<void> {
  try {
    await pause?.();
  } catch {
    // The asks have their answers, and those that wait are to have theirs.
  }
}
