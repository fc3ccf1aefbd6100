import type { OutputRecord } from './figure.ts';
import type { Written } from './number-at.ts';

/** The figure that is the value, or why there is none. */
export type Choice = Chosen | { readonly failure: string };

export interface Chosen {
  /** Absent where the number stands alone. */
  readonly name?: string | undefined;
  readonly written: Written;
  readonly record: OutputRecord;
}

/** Chooses among records that come one by one. */
export interface Chooser {
  add(record: OutputRecord): void;
  end(): Choice;
}

/** Names in a message, the first eight of them. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  return names.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}
