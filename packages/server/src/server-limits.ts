/** What one client can ask of a server. */
export interface ServerLimits {
  /** Bytes of a request's body. Default: 8 MiB, a transfer of some 50,000 trials. */
  readonly body: number;
  /** Characters of a request's address with its query. Default: 4096. */
  readonly url: number;
  /**
   * Requests a second of one worker, or of one address where it has no name or may only read; twice as many at once. Without `addressOf`
   * no address is known: all who read with one token then share this rate. Default: 500.
   */
  readonly rate: number;
  /** Requests a second with a wrong token or none, of one address, or of all without `addressOf`; twice as many at once. Default: 20. */
  readonly refusals: number;
  /** Event streams at the same time. Default: 1000. */
  readonly streams: number;
  /**
   * Those of one client: of one token at one address. Without `addressOf`, or behind a proxy, all who use one token are one client.
   * Default: 100, a tenth of all, so that no guest holds all of them.
   */
  readonly streamsEach: number;
}

export const defaultLimits: ServerLimits = {
  body: 8 * 1024 * 1024,
  url: 4096,
  rate: 500,
  refusals: 20,
  streams: 1000,
  streamsEach: 100,
};
