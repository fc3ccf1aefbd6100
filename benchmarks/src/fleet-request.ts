export type RequestKind = 'ask' | 'tell' | 'renew' | 'suggestion';

/** A request that arrives now. */
export interface FleetRequest {
  readonly kind: RequestKind;
  /** Has the real server answer it. */
  call(): Promise<unknown>;
  /** The answer arrives at its client. */
  answered(answer: unknown): void;
}
