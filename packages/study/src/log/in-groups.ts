/** Hands what is given to `run` in groups: all that came while the group before it ran. The first group waits for nothing. `run` must not reject. */
export function inGroups<T>(run: (group: readonly T[]) => Promise<void>): (item: T) => void {
  const waiting: T[] = [];
  let isRunning = false;
  const runAll = async () => {
    while (waiting.length > 0) await run(waiting.splice(0));
    isRunning = false;
  };
  return (item) => {
    waiting.push(item);
    if (isRunning) return;
    isRunning = true;
    void Promise.resolve().then(runAll);
  };
}
