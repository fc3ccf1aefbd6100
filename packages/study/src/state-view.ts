import type { Params, Trial } from '@foothold/core';
import type { LiveState, StudyState } from './replay.ts';

/** The trials of a study, of which a suggestion may look at the new ones alone. */
export interface KnownTrials<P extends Params> {
  /** The same object in all views of one study. */
  readonly key: object;
  /** Number of trials. */
  readonly count: number;
  /** Those from this number on. Their parameters stay as they are, whatever becomes of them. */
  from(number: number): readonly Trial<P>[];
}

/** The state at one moment, for a sampler. What it needs of it is copied only when it is looked at, or about to change. */
export interface StateView<P extends Params>
  extends Pick<StudyState<P>, 'created' | 'edits' | 'trials' | 'queue' | 'claims' | 'length'> {
  /** Number of trials. */
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
}

/** No views yet. `key` is that of the params of these trials. */
export function stateViews<P extends Params>(state: LiveState<P>, key: object): StateViews<P> {
  const open = new Set<() => void>();
  return {
    view() {
      const { created, edits, length } = state;
      const count = state.trials.length;
      let copies: Pick<StudyState<P>, 'trials' | 'queue'> | undefined;
      let isLookedAt = false;
      const copy = () => {
        copies ??= { trials: state.trials.slice(0, count), queue: [...state.queue] };
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
        known: { key, count, from: (number) => state.trials.slice(number, count) },
        get isLookedAt() {
          return isLookedAt;
        },
        release: () => void open.delete(copy),
      };
    },
    beforeChange: () => {
      for (const copy of open) copy();
    },
  };
}
