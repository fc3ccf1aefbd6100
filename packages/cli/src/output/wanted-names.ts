/** Figures of one object by name, those of nested objects by names joined with dots. */
export type Figures = Readonly<Record<string, number>>;

/** The wanted name where it is there, or else the only one that ends in it: `valid.loss` for `loss`. */
export function nameIn(names: readonly string[], wanted: string): string | undefined {
  if (names.includes(wanted)) return wanted;
  const longer = names.filter((name) => ['.', '/', ' '].some((before) => name.endsWith(before + wanted)));
  return longer.length === 1 ? longer[0] : undefined;
}

/** The figures, the wanted ones under the names that they are wanted by. */
export function underWantedNames(figures: Figures, wanted: readonly string[]): Figures {
  const names = Object.keys(figures);
  const renamed = new Map(
    wanted.flatMap((name) => {
      const found = nameIn(names, name);
      return found === undefined ? [] : [[found, name] as const];
    }),
  );
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [renamed.get(name) ?? name, value]),
  );
}
