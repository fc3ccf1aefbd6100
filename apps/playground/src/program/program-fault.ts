/** What is wrong with a person's program, and where in her text. */
export interface ProgramFault {
  readonly message: string;
  /** From 1, in the text as it was written; absent where it is not known. */
  readonly line?: number | undefined;
  /** From 1. */
  readonly column?: number | undefined;
}
