import type { LinearAlgebra } from 'foothold';

/** What a demo may use: where it prints, what it computes with, where its report goes. */
export interface DemoContext {
  readonly linalg: LinearAlgebra;
  readonly seed: number;
  /** Path of the HTML report. */
  readonly report: string;
  readonly screen: Screen;
  /** Folder where a demo keeps what it needs to go on after it was stopped. */
  readonly studies: string;
  /** Folder for its finished studies, in place of what is there; without one they are removed. */
  readonly finished?: string | undefined;
  /** Evaluations of each search, where the user chose the number. */
  readonly trials?: number | undefined;
  /** Images that the network learns from, where the user chose the number. */
  readonly digits?: number | undefined;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The terminal, or what stands for it: a live area that is drawn over, and lines that stay. */
export interface Screen {
  /** Characters a line. */
  readonly width: number;
  readonly color: boolean;
  /** Replaces the live area; where output is not a terminal nothing is shown. */
  live(text: string): void;
  /** Prints a line that stays. */
  line(text: string): void;
}

export interface Demo {
  readonly name: string;
  readonly about: string;
  /** Options of its own that the demo takes. */
  readonly takes?: readonly ('trials' | 'digits')[];
  /** After Ctrl-C the same command goes on. */
  readonly resumes?: true;
  run(context: DemoContext): Promise<void>;
}
