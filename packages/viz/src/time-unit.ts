const units = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['seconds', 1000],
] as const;

/** The name of the largest unit that so many milliseconds have twice, seconds at least, and its length in milliseconds. */
export function timeUnit(span: number): readonly [name: string, milliseconds: number] {
  return units.find(([, milliseconds]) => span >= 2 * milliseconds) ?? units.at(-1)!;
}
