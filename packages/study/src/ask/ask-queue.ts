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
 * serve. While all of those that begin together have their answers, twice as many are next: the number of beginnings is linear in the asks.
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
      while (waiting.length > 0) {
        const group = waiting.slice(0, areTogether() ? size : 1);
        const makings = await Promise.all(group.map(({ begin }, i) => begin(i === 0)));
        const left = group.filter((_, i) => makings[i]);
        waiting = [...left, ...waiting.slice(group.length)];
        const served = makings[0] && (await makings[0]());
        size = served ?? (left.length === 0 ? 2 * group.length : 1);
        if (served === undefined) await paused();
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
  return <T extends object>({ begin }: QueuedAsk<T>) =>
    new Promise<T>((resolve, reject) => {
      let isRefused = false;
      const refuse = (error: unknown) => {
        isRefused = true;
        reject(error);
        return 1;
      };
      const ask: Waiting = {
        async begin(isItsTurn) {
          if (isRefused) return undefined;
          try {
            const got = await begin(isItsTurn);
            if (typeof got === 'function') return () => got().catch(refuse);
            resolve(got);
          } catch (error) {
            reject(error);
          }
          return undefined;
        },
      };
      if (pausing) came.push(ask);
      else void start(ask);
    });
}

/** An ask that hands on its answer, or its error. */
interface Waiting {
  /** What has to be made for it before it has its answer; undefined where it has it, or is refused. */
  begin(isInTurn: boolean): Promise<Making | undefined>;
}

async function pauseOnce(pause: (() => Promise<void>) | undefined): Promise<void> {
  try {
    await pause?.();
  } catch {
    // The asks have their answers, and those that wait are to have theirs.
  }
}
