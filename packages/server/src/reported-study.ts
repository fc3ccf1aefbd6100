import type { StudyEvent } from '@foothold/core';

/** A study of a report. */
export interface ReportedStudy {
  readonly name: string;
  /** Its whole log. */
  readonly events: readonly StudyEvent[];
  /** A sentence for readers without scripts, such as the best row of a score matrix. Default: the best trial with its parameters. */
  readonly summary?: string | undefined;
}
