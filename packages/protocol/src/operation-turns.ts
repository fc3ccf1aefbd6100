/** Turns of the event loop for work that others wait for least: one operation in each, whoever it is for. */
export interface OperationTurns {
  /** Those of one user, behind what others wait for already. */
  user(): UserTurns;
}

export interface UserTurns {
  /** Resolves in a turn that no other operation has, or with `hurry`. */
  next(): Promise<void>;
  /** What this user waits for comes at once. */
  hurry(): void;
}

/** `turn` resolves when what has arrived since was answered, such as after `setImmediate`. */
export function operationTurns(turn: () => Promise<void>): OperationTurns {
  const waiting: { readonly user: object; readonly resolve: () => void }[] = [];
  let isTaking = false;
  const take = () => void turn().then(taken, taken);
  const taken = () => {
    waiting.shift()?.resolve();
    isTaking = waiting.length > 0;
    if (isTaking) take();
  };
  const user = (): UserTurns => {
    const own = {};
    return {
      next: () =>
        new Promise((resolve) => {
          waiting.push({ user: own, resolve });
          if (!isTaking) take();
          isTaking = true;
        }),
      hurry() {
        const mine = waiting.filter((entry) => entry.user === own);
        const others = waiting.filter((entry) => entry.user !== own);
        waiting.splice(0, waiting.length, ...others);
        for (const { resolve } of mine) resolve();
      },
    };
  };
  return { user };
}
