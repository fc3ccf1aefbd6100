const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const;

/** A duration in its largest unit: `3 d`, `5 h`, `12 min`, `8 s`. */
export function ageText(ms: number): string {
  const { name, ms: size } = units.find((unit) => ms >= unit.ms) ?? units.at(-1)!;
  return `${Math.max(0, Math.floor(ms / size))} ${name}`;
}
