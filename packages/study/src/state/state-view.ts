import type { Params, Trial } from '@foothold/core';
import type { LiveState, StudyState } from './study-state.ts';

/** The trials of a study, of which a suggestion may look at the new ones alone. */
export interface KnownTrials<P extends Params> {
  /** The same object in all views of one study whose trials are the same, as long as none is deleted or restored. */
  readonly key: object;
  /** Number of trials. */
  readonly count: number;
  /** Those from this position on. Their parameters stay as they are, whatever becomes of them. */
  from(position: number): readonly Trial<P>[];
}

/** The state at one moment, for a sampler. What it needs of it is copied only when it is looked at, or about to change. */
export interface StateView<P extends Params>
  extends Pick<StudyState<P>, 'created' | 'edits' | 'trials' | 'queue' | 'claims' | 'length'> {
  /** How many numbers of trials were given. */
  readonly count: number;
  readonly known: KnownTrials<P>;
  /** True once the trials were looked at. */
  readonly isLookedAt: boolean;
  /** To be called when nobody looks at it any more. */
  release(): void;
}

/** The views of a state that goes on. */
export interface StateViews<P extends Params> {
  view(): StateView<P>;
  /** To be called before the state changes. */
  beforeChange(): void;
  /** To be called where views had trials that are not in the log: those of later views are others, under another key. */
  forget(): void;
}

/** No views yet. */
export function stateViews<P extends Params>(state: LiveState<P>): StateViews<P> {
  let known = { key: {}, deletions: state.deletions };
  const open = new Set<() => void>();
  return {
    view() {
      const { created, edits, length, count } = state;
      const size = state.trials.length;
      if (known.deletions !== state.deletions) known = { key: {}, deletions: state.deletions };
      let copies: Pick<StudyState<P>, 'trials' | 'queue'> | undefined;
      let isLookedAt = false;
      const copy = () => {
        copies ??= { trials: state.trials.slice(0, size), queue: [...state.queue] };
        open.delete(copy);
        return copies;
      };
      open.add(copy);
      return {
        ...(created && { created }),
        ...(edits && { edits }),
        length,
        count,
        claims: new Map(state.claims),
        get trials() {
          isLookedAt = true;
          return copy().trials;
        },
        get queue() {
          return copies?.queue ?? (state.queue.length === 0 ? [] : copy().queue);
        },
        known: {
          key: known.key,
          count: size,
          from: (position) => (copies?.trials ?? state.trials).slice(position, size),
        },
        get isLookedAt() {
          return isLookedAt;
        },
        release: () => void open.delete(copy),
      };
    },
    beforeChange: () => {
      for (const copy of open) copy();
    },
    forget: () => {
      known = { ...known, key: {} };
    },
  };
}
