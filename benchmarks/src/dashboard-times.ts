/** Milliseconds from opening the page of a study. */
export interface ViewTimes {
  /** Until the first chart of the study is drawn. */
  readonly firstChartMs: number;
  /** From opening the list of trials until it is filtered. */
  readonly filteredViewMs: number;
  /** From choosing the filter until the list shows what is left. */
  readonly filterMs: number;
}
