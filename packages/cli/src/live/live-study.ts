import type { Awaitable } from '@foothold/core';
import type { StudyState } from '@foothold/study';
import pc from 'picocolors';
import { liveRegion } from './live-region.ts';
import { progressRow, studyRows } from './study-rows.ts';
import { type StudyViewOptions, studyView } from './study-view.ts';
import { isLive, type Terminal } from './terminal.ts';

export interface LiveStudyOptions {
  /** The study's state as its log says it now. */
  readonly read: () => Awaitable<StudyState>;
  /** How its state is shown, at any moment. */
  readonly view: () => StudyViewOptions;
  /** A state that is known already. */
  readonly state?: StudyState | undefined;
}

/** A study on a terminal: what runs, and how far it is. Without one only the lines that stay. */
export interface LiveStudy {
  /** Reads what is new, and draws it. On the first call it begins to do so every two seconds by itself. */
  show(): void;
  /** A line that stays. */
  note(text: string): void;
  /** Leaves one row with the state as it is now. */
  end(): Promise<void>;
}

/** Milliseconds between two looks for what other workers do. */
const lookEvery = 2000;

export function liveStudy(terminal: Terminal, { read, view, state: known }: LiveStudyOptions): LiveStudy {
  let state = known;
  let timer: NodeJS.Timeout | undefined;
  const color = pc.isColorSupported;
  const region = liveRegion(terminal, {
    rows: (size) => (state === undefined ? [''] : studyRows(studyView(state, view()), { ...size, color })),
    last: ({ columns }) =>
      state === undefined ? '' : progressRow(studyView(state, view()), { columns, color }),
  });
  let reading: Promise<void> | undefined;
  let isStale = false;
  const look = async (): Promise<void> => {
    do {
      isStale = false;
      try {
        state = await read();
      } catch {
        // Whoever works with the study says what is wrong with its storage; the screen keeps what it has.
      }
    } while (isStale);
    reading = undefined;
    if (timer) region.show();
  };
  const refresh = (): Promise<void> => {
    isStale = true;
    reading ??= look();
    return reading;
  };
  return {
    show: () => {
      if (!isLive(terminal)) return;
      if (!timer) {
        timer = setInterval(refresh, lookEvery).unref();
        region.show();
      }
      void refresh();
    },
    note: region.note,
    end: async () => {
      if (!timer) return;
      await refresh();
      clearInterval(timer);
      timer = undefined;
      region.end();
    },
  };
}
