import { shownText } from './shown-text.ts';

/**
 * Why a configuration of a reply was dropped: a value that is none of the parameter's kind, a parameter missing, a value outside of its
 * range, a constraint broken, parameters that a trial or the reply has already, more than were wanted.
 */
export type DropReason =
  | 'unreadable'
  | 'incomplete'
  | 'out-of-range'
  | 'constraint'
  | 'duplicate'
  | 'surplus';

export interface Dropped {
  readonly total: number;
  readonly counts: Readonly<Partial<Record<DropReason, number>>>;
  /** The first few in words, safe to show: `lr is 3, outside [0.00001, 0.1]`. */
  readonly examples: readonly string[];
}

const maxExamples = 5;

/** Counts what is dropped. */
export function dropLog(): {
  add(reason: DropReason, text: string): void;
  dropped(): Dropped;
} {
  const counts: Partial<Record<DropReason, number>> = {};
  const examples: string[] = [];
  let total = 0;
  return {
    add(reason, text) {
      total++;
      counts[reason] = (counts[reason] ?? 0) + 1;
      if (examples.length < maxExamples) examples.push(`${shownText(text, 120)} (${reason})`);
    },
    dropped: () => ({ total, counts: { ...counts }, examples: [...examples] }),
  };
}

/** Several counts as one. */
export function droppedInAll(parts: readonly Dropped[]): Dropped {
  const counts: Partial<Record<DropReason, number>> = {};
  for (const part of parts)
    for (const [reason, count] of Object.entries(part.counts) as [DropReason, number][])
      counts[reason] = (counts[reason] ?? 0) + count;
  const total = parts.reduce((sum, part) => sum + part.total, 0);
  return { total, counts, examples: parts.flatMap(({ examples }) => examples).slice(0, maxExamples) };
}
