import type { Direction, Params, SpaceDescription } from '@foothold/core';
import type { StudyData } from '@foothold/study';

/** How a study is read out of a file. */
export interface ReadOptions {
  /** Name of the study in a file that holds several. */
  readonly study?: string | undefined;
  /** The space; needed for tables and lists of trials, which do not say it. Default: as the file says, or as its trials had it. */
  readonly space?: SpaceDescription | undefined;
  /** Of files that do not say it. Default: minimize. */
  readonly direction?: Direction | undefined;
  /** Values of parameters that older trials lack, by name. */
  readonly fill?: Params | undefined;
  /** Hears again and again, while a long journal is read and a long study is written, which part of it is done, from 0 to 1. */
  readonly onProgress?: ((doing: 'read' | 'write', part: number) => void) | undefined;
  /** When it aborts, the call fails with its reason, and nothing is written. */
  readonly signal?: AbortSignal | undefined;
}

/** A study out of a file. */
export interface ReadStudy {
  /** Its name there. */
  readonly name: string;
  readonly study: StudyData;
  /** What was changed or left out: sentences with counts. */
  readonly notes: readonly string[];
}
