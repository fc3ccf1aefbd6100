/** Keys whose buckets are remembered before full ones are dropped; twice as many as were left, where that is more. */
const manyKeys = 10_000;

/**
 * Limits how often something happens for each key: `perSecond` times on average, twice as many at once. The function says
 * whether it may happen now, and counts it then.
 */
export function rateLimit(perSecond: number, clock: () => number): (key: string) => boolean {
  const most = 2 * perSecond;
  const buckets = new Map<string, { tokens: number; at: number }>();
  let sweepAt = manyKeys;
  const refilled = ({ tokens, at }: { readonly tokens: number; readonly at: number }, now: number) =>
    Math.min(most, tokens + (Math.max(0, now - at) / 1000) * perSecond);
  return (key) => {
    const now = clock();
    if (buckets.size > sweepAt) {
      for (const [other, bucket] of buckets) if (refilled(bucket, now) >= most) buckets.delete(other);
      sweepAt = Math.max(manyKeys, 2 * buckets.size);
    }
    const bucket = buckets.get(key) ?? { tokens: most, at: now };
    const tokens = refilled(bucket, now);
    const isAllowed = tokens >= 1;
    buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: now });
    return isAllowed;
  };
}
