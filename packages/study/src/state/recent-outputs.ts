/** Outputs whose lines are kept: those that are told again are among the newest, and each may have 65,536 characters. */
const most = 32;

/** The lines of the newest outputs of a log. */
export interface RecentOutputs {
  add(number: number, position: number, lines: readonly string[]): void;
  /** The lines of a trial that are at this position of the log; undefined where they are not known any more. */
  at(number: number, position: number | undefined): readonly string[] | undefined;
  /** The function that it returns takes back every change since. */
  kept(): () => void;
}

/** None so far. */
export function recentOutputs(): RecentOutputs {
  const known = new Map<number, { readonly position: number; readonly lines: readonly string[] }>();
  return {
    add(number, position, lines) {
      known.delete(number);
      known.set(number, { position, lines });
      if (known.size > most) known.delete(known.keys().next().value!);
    },
    at(number, position) {
      const of = known.get(number);
      return of?.position === position ? of?.lines : undefined;
    },
    kept() {
      const before = [...known];
      return () => {
        known.clear();
        for (const [number, of] of before) known.set(number, of);
      };
    },
  };
}
