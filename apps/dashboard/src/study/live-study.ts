import type { CompleteTrial, Params, StudyEvent } from '@foothold/core';
import { atTargetFidelity, bestTrial, type LiveState, logFold } from '@foothold/study';
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Connection, StudySource } from '../sources/study-source.ts';
import { historyFold, type StudyHistory } from './history-fold.ts';
import type { TrialFilters } from './trial-filters.ts';

/** A study that the page follows. Its state changes in place: `version` says when. */
export interface LiveStudy {
  readonly name: string;
  /** Grows when events came, at most four times a second. Views read it before the state. */
  readonly version: ReadonlySignal<number>;
  readonly connection: ReadonlySignal<Connection>;
  /** True from the first `created` event on that was read completely. */
  readonly isReady: ReadonlySignal<boolean>;
  readonly state: LiveState<Params>;
  /** The best trial now, of several fidelities at the target; looked for once a version, however many parts of a page show it. */
  readonly best: ReadonlySignal<CompleteTrial | undefined>;
  readonly history: StudyHistory;
  /** What the person chose to see, in all views. */
  readonly filters: Signal<TrialFilters>;
  close(): void;
}

/** Milliseconds between two redraws while events come. */
const redrawPause = 250;

/** Follows a study until `close`. */
export function liveStudy(source: StudySource, name: string): LiveStudy {
  const ending = new AbortController();
  const fold = logFold<Params>();
  const history = historyFold();
  const version = signal(0);
  const connection = signal<Connection>({ state: 'reading', read: 0 });
  const isReady = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const redraw = () => {
    timer = undefined;
    version.value++;
  };
  const events = (fresh: readonly StudyEvent[]) => {
    for (const event of fresh) {
      fold.apply(event);
      history.apply(event);
    }
    if (fresh.length > 0) timer ??= setTimeout(redraw, isReady.value ? redrawPause : 0);
  };
  source.follow(name, 0, {
    signal: ending.signal,
    events,
    connection(state) {
      batch(() => {
        connection.value = state;
        if (state.state !== 'live' && state.state !== 'ended') return;
        isReady.value = true;
        version.value++;
      });
    },
  });
  return {
    ...{ name, version, connection, isReady, history: history.history },
    state: fold.state,
    best: computed(() => {
      version.value;
      const { state } = fold;
      return state.goal && bestTrial(state.trials.filter(atTargetFidelity(state)), state.goal);
    }),
    filters: signal<TrialFilters>(new Map()),
    close() {
      clearTimeout(timer);
      ending.abort();
    },
  };
}
