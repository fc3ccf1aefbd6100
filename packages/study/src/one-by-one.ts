/** Calls what it is given in the order of the calls, each after the one before has ended, well or not. */
export type InTurn = <T>(call: () => Promise<T>) => Promise<T>;

/** `pause` is awaited after each call, before the next one begins. */
export function oneByOne(pause?: () => Promise<void>): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const result = last.then(call);
    last = result.catch(() => undefined).then(pause);
    return result;
  };
}
