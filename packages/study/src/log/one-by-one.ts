/** Calls what it is given in the order of the calls, each after the one before has ended, well or not. */
export function oneByOne(): <T>(call: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
}

/** As `oneByOne`, for the calls of one key. They wait for no call of another key, and the first one for nothing. */
export function oneByOnePerKey<K>(): <T>(key: K, call: () => Promise<T>) => Promise<T> {
  const turns = new Map<K, Promise<void>>();
  return (key, call) => {
    const before = turns.get(key);
    const result = before ? before.then(call) : call();
    const ended = () => {
      if (turns.get(key) === turn) turns.delete(key);
    };
    const turn = result.then(ended, ended);
    turns.set(key, turn);
    return result;
  };
}
