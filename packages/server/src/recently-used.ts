/** Values by their keys, the ones that were set last. */
export interface RecentlyUsed<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
}

/** A map that forgets what was not set for the longest: who uses a value sets it again; `forgotten` hears of each value that it has no more. */
export function recentlyUsed<V>(
  most: number,
  forgotten: (value: V) => void = () => undefined,
): RecentlyUsed<V> {
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

/** What the key has, or else what `make` makes, which is kept unless it rejects. */
export function madeOnce<T>(kept: RecentlyUsed<Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  const value = known ?? make();
  kept.set(key, value);
  // By then the key may have a newer one.
  if (!known)
    value.catch(() => {
      if (kept.get(key) === value) kept.delete(key);
    });
  return value;
}
