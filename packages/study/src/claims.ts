/**
 * Claims of workers that are choosing a trial. A worker whose ask is not the only one claims first, and then calls the
 * sampler: others then know that it is at work before they know what it will propose.
 */

/** Workers that are choosing, and the number of trials when they began. */
export type Claims = ReadonlyMap<string, number>;

/** How many proposals of others this worker has to choose beside: one for each claim of another worker. */
export function claimsBeside(claims: Claims, owner: string): number {
  return claims.size - (claims.has(owner) ? 1 : 0);
}

/**
 * Ends the claim of a worker that has asked, and those that are overtaken: since then as many trials were asked as there
 * are workers at a trial or choosing one, so that each of these had its turn. Their workers have ended, or are slow.
 */
export function endClaims(
  {
    claims,
    running,
    trials,
  }: {
    readonly claims: Map<string, number>;
    readonly running: ReadonlySet<number>;
    readonly trials: readonly unknown[];
  },
  owner: string,
): void {
  claims.delete(owner);
  const turns = running.size + claims.size;
  for (const [other, count] of claims) if (trials.length - count > turns) claims.delete(other);
}
