/**
 * Claims of workers that are choosing a trial. A worker whose ask is not the only one claims first, and then calls the
 * sampler: others then know that it is at work before they know what it will propose.
 */

/** Claims by the position of their events. */
export type Claims = ReadonlyMap<number, Claim>;

export interface Claim {
  readonly owner: string;
  /** How many trials there were. */
  readonly count: number;
}

/** The position of this worker's claim; undefined where it has none. */
export function claimOf(claims: Claims, owner: string): number | undefined {
  for (const [position, claim] of claims) if (claim.owner === owner) return position;
  return undefined;
}

/** Takes in a claim. It replaces one of the same worker. */
export function addClaim(claims: Map<number, Claim>, position: number, claim: Claim): void {
  const earlier = claimOf(claims, claim.owner);
  if (earlier !== undefined) claims.delete(earlier);
  claims.set(position, claim);
}

/** How many proposals of others have to be chosen beside: one for each claim but the own one. */
export function claimsBeside(claims: Claims, own: number | undefined): number {
  return claims.size - (own !== undefined && claims.has(own) ? 1 : 0);
}

/** How many claims workers have whose asks do not wait for those of these. */
export function claimsOfOthers(claims: Claims, owners: ReadonlySet<string>): number {
  let others = 0;
  for (const { owner } of claims.values()) if (!owners.has(owner)) others++;
  return others;
}

/**
 * Ends the claim of which the new trial is, and those that are overtaken: since then as many trials were asked as there
 * are workers at a trial or choosing one, so that each of these had its turn. Their workers have ended, or are slow.
 */
export function endClaims(
  {
    claims,
    running,
    count: now,
  }: {
    readonly claims: Map<number, Claim>;
    readonly running: ReadonlySet<number>;
    readonly count: number;
  },
  claim: number | undefined,
): void {
  if (claim !== undefined) claims.delete(claim);
  const turns = running.size + claims.size;
  for (const [position, { count }] of claims) if (now - count > turns) claims.delete(position);
}
