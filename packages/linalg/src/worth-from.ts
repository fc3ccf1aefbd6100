export interface Timing {
  readonly backend: string;
  readonly operation: string;
  readonly n: number;
  /** Milliseconds of a call. */
  readonly ms: number;
}

/** From n on, this backend is the one to take for the operation. */
export interface Worth {
  readonly operation: string;
  readonly backend: string;
  readonly from: number;
}

/** So much faster another backend must be before it is worth a change. */
const margin = 0.1;

/**
 * Which backend is worth it from which size on, per operation in order of appearance. At the smallest size the first
 * backend is taken unless another is at least 10 % faster; from then on another one takes over at the first size where it
 * is at least 10 % faster than the one before, provided that it is nowhere slower at the sizes above. A time that is missing,
 * because it would have taken too long, is reckoned from the last one below it with the third power of n.
 */
export function worthFrom(timings: readonly Timing[]): readonly Worth[] {
  const result: Worth[] = [];
  for (const operation of new Set(timings.map((t) => t.operation))) {
    const own = timings.filter((t) => t.operation === operation);
    const sizes = [...new Set(own.map((t) => t.n))].sort((p, q) => p - q);
    const backends = [...new Set(own.map((t) => t.backend))];
    const time = (backend: string, n: number) => {
      const last = own.filter((t) => t.backend === backend && t.n <= n).sort((p, q) => q.n - p.n)[0];
      return last ? last.ms * (n / last.n) ** 3 : Number.POSITIVE_INFINITY;
    };
    let leader = backends[0]!;
    for (const [i, n] of sizes.entries()) {
      const faster = backends
        .filter((b) => time(b, n) < (1 - margin) * time(leader, n))
        .filter((b) => i === 0 || sizes.slice(i).every((m) => time(b, m) <= time(leader, m)))
        .sort((p, q) => time(p, n) - time(q, n))[0];
      if (faster !== undefined) leader = faster;
      if (i === 0 || faster !== undefined) result.push({ operation, backend: leader, from: n });
    }
  }
  return result;
}
