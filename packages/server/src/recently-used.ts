/** A map that forgets what was not set for the longest: who uses a value sets it again; `forgotten` hears of each value that it has no more. */
export function recentlyUsed<V>(
  most: number,
  forgotten: (value: V) => void = () => undefined,
): { get(key: string): V | undefined; set(key: string, value: V): void; delete(key: string): void } {
  const entries = new Map<string, V>();
  const remove = (key: string) => {
    const value = entries.get(key);
    if (entries.delete(key)) forgotten(value!);
  };
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size > most) remove(entries.keys().next().value!);
    },
    delete: remove,
  };
}
