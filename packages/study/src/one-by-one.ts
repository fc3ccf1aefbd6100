/** Calls what it is given in the order of the calls, each after the one before has ended, well or not. */
export type InTurn = <T>(call: () => Promise<T>) => Promise<T>;

export function oneByOne(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (call) => {
    const result = last.then(call);
    last = result.catch(() => undefined);
    return result;
  };
}
