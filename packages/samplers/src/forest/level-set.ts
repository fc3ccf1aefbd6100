/** A set of a category's levels: those listed as true, and where `others` is true all that are not listed. */
export interface LevelSet {
  readonly listed: ReadonlyMap<number, boolean>;
  readonly others: boolean;
}

export const everyLevel: LevelSet = { listed: new Map(), others: true };

export function hasLevel({ listed, others }: LevelSet, level: number): boolean {
  return listed.get(level) ?? others;
}

export function complementOf({ listed, others }: LevelSet): LevelSet {
  return { listed: new Map(Array.from(listed, ([level, is]) => [level, !is])), others: !others };
}

export function intersectionOf(a: LevelSet, b: LevelSet): LevelSet {
  const listed = new Map<number, boolean>();
  for (const level of [...a.listed.keys(), ...b.listed.keys()])
    listed.set(level, hasLevel(a, level) && hasLevel(b, level));
  return { listed, others: a.others && b.others };
}

/** How many of `levels` levels are in both sets. */
export function commonLevels(a: LevelSet, b: LevelSet, levels: number): number {
  let common = 0;
  let listed = a.listed.size;
  for (const [level, is] of a.listed) if (is && hasLevel(b, level)) common++;
  for (const [level, is] of b.listed) {
    if (a.listed.has(level)) continue;
    listed++;
    if (is && a.others) common++;
  }
  return a.others && b.others ? common + levels - listed : common;
}
