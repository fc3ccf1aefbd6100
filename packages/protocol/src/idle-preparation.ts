/** Suggestions that are prepared between requests, without keeping the next request waiting. */
import type { LinearAlgebra } from '@foothold/core';
import type { LocalStudy } from '@foothold/study';
import type { OperationTurns } from './operation-turns.ts';

/** The preparation of one study's next suggestion, which gives way to requests. */
export interface IdlePreparation {
  /** A backend that does one operation in a turn while nobody waits for its results. */
  linalg(): Promise<LinearAlgebra>;
  /** Begins the study's next suggestion, where that is of use. What goes wrong, the next ask says. */
  begin(study: Pick<LocalStudy, 'prepare'>): void;
  /** Somebody waits for suggestions until `asked` resolves: they are made without turns. */
  during<T>(asked: Promise<T>): Promise<T>;
  /** Ends what was begun. */
  end(): void;
}

/** Its operations share the turns with those of other studies. */
export function idlePreparation(
  linalg: () => Promise<LinearAlgebra>,
  turns: OperationTurns,
): IdlePreparation {
  const ending = new AbortController();
  const own = turns.user();
  let waiting = 0;
  return {
    linalg: async () => withTurns(await linalg(), { isWaitedFor: () => waiting > 0, next: own.next }),
    begin: (study) => void study.prepare({ signal: ending.signal }).catch(() => undefined),
    async during(asked) {
      waiting++;
      own.hurry();
      try {
        return await asked;
      } finally {
        waiting--;
      }
    },
    end: () => ending.abort(),
  };
}

/** The backend, whose operations each begin in a turn of their own unless somebody waits. */
function withTurns(linalg: LinearAlgebra, turns: Turns): LinearAlgebra {
  const { stationary } = linalg;
  return {
    ...linalg,
    ...turned(linalg, operations, turns),
    ...(stationary && {
      stationary: { ...stationary, ...turned(stationary, fusedOperations, turns) },
    }),
  };
}

const operations = ['multiply', 'cholesky', 'solveTriangular', 'appendRows'] as const;
const fusedOperations = ['covariance', 'factor', 'evidence', 'predict', 'pullback'] as const;

interface Turns {
  readonly isWaitedFor: () => boolean;
  readonly next: () => Promise<void>;
}

/** These members of a backend, where it has them. */
function turned<T extends object>(
  of: T,
  names: readonly (keyof T)[],
  { isWaitedFor, next }: Turns,
): Partial<T> {
  const members: Partial<T> = {};
  for (const name of names) {
    const operation = of[name];
    if (typeof operation !== 'function') continue;
    members[name] = ((...args: readonly unknown[]) =>
      isWaitedFor()
        ? operation.apply(of, args)
        : next().then(() => operation.apply(of, args))) as typeof operation;
  }
  return members;
}
